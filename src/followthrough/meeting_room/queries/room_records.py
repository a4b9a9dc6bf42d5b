"""The room's records as JSON, many at once: a frame costs a few queries for each kind, however much changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet, prefetch_related_objects

from followthrough.actions.models import ActionItem, ActionLink
from followthrough.activity.models import Activity
from followthrough.causes.models import Cause, Finding
from followthrough.core.markdown_html import to_html
from followthrough.incidents.models import Impact, Incident, Milestone
from followthrough.live.protocol import Payload
from followthrough.meeting_room.queries import text_updates
from followthrough.meeting_room.queries.meeting_records import meetings, moment, person, postmortems
from followthrough.meetings.models import Answer, Meeting, Note, Observation, ParkedItem, Vote
from followthrough.postmortems.models import PostMortem, Record
from followthrough.timeline.models import Entry, Evidence

Json = dict[str, Any]
Keys = frozenset[str] | None
"""Which records of a kind; None means all that are not removed."""
R = TypeVar("R", bound=Record)


def everything(number: int) -> Payload:
    """Every record of the room that is not removed, by kind."""
    return _parcel({kind: read(number, None) for kind, read in READERS.items()})


def changed(number: int, rows: Sequence[Activity], fresh: Mapping[str, Model]) -> Payload:
    """The records that `rows` are about, as they are now; an entry among `fresh` is not read again."""
    keys: dict[str, Keys] = {kind: frozenset(found) for kind, found in _keys(rows).items()}
    if any(row.kind == MEETING and _shows_answers(row) for row in rows):
        keys[ANSWER] = None
    new = [] if any(row.kind == EVIDENCE for row in rows) else _new_entries(fresh)
    if new:
        keys[ENTRY] = (keys[ENTRY] or frozenset()) - fresh.keys()
    read = {
        kind: READERS[kind](number, found) if found != frozenset() else [] for kind, found in keys.items()
    }
    return _parcel(read | ({ENTRY: read[ENTRY] + new} if new else {}))


def _new_entries(fresh: Mapping[str, Model]) -> list[Json]:
    """Entries that were just added have no evidence yet."""
    return [_entry(row, []) for row in fresh.values() if isinstance(row, Entry)]


def _shows_answers(row: Activity) -> bool:
    return row.verb == "held" or "answers_hidden" in row.changes


def _parcel(read: dict[str, list[Json]]) -> Payload:
    """Notes that have an owner are that person's alone, and so are answers that wait to be shown."""
    private: dict[int, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for note in read.get(NOTE, []):
        if owner := note.pop("owner"):
            private[owner][NOTE].append(note)
    if NOTE in read:
        read[NOTE] = [note for note in read[NOTE] if not note["private"]]
    for answer in read.get(ANSWER, []):
        if answer["hidden"] and answer["author"]:
            private[answer["author"]["id"]][ANSWER].append(dict(answer))
            answer["text"] = ""
    return Payload(read, private)


def _keys(rows: Iterable[Activity]) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = defaultdict(set)
    pieces = set()
    for row in rows:
        if row.kind == EVIDENCE:
            pieces.add(row.record)
        elif kind := PART_OF.get(row.kind, row.kind if row.kind in READERS else None):
            keys[kind].add(row.record)
    if pieces:
        owners = Evidence.objects.filter(pk__in=pieces).values_list("entry", flat=True)
        keys[ENTRY].update(str(entry) for entry in owners)
    return keys


def _wanted(rows: QuerySet[R], number: int, keys: Keys) -> QuerySet[R]:
    """Of post-mortem `number`: those named by `keys`, or all that are not removed."""
    rows = rows.filter(postmortem=number)
    return rows.filter(removed_at=None) if keys is None else rows.filter(pk__in=keys)


def _basis(row: Record) -> Json:
    return {"id": str(row.pk), "version": row.version, "removed": row.removed_at is not None}


def _said(row: Any) -> Json:
    return _basis(row) | {"text": row.text, "author": person(row.author)}


def _key(value: UUID | None) -> str | None:
    return str(value) if value else None


def _entries(number: int, keys: Keys) -> list[Json]:
    rows = list(_wanted(Entry.objects.all(), number, keys).order_by("happened_at", "created_at", "pk"))
    prefetch_related_objects(rows, "author")
    pieces = _pieces(rows)
    return [_entry(row, pieces[row.pk]) for row in rows]


def _pieces(rows: list[Entry]) -> dict[UUID, list[Json]]:
    """The evidence of each entry, oldest first."""
    found: dict[UUID, list[Json]] = defaultdict(list)
    pieces = Evidence.objects.filter(entry__in=[row.pk for row in rows], removed_at=None)
    for piece in pieces.order_by("added_at", "pk"):
        found[piece.entry_id].append(_piece(piece))
    return found


def _entry(row: Entry, evidence: list[Json]) -> Json:
    return _said(row) | {
        "kind": row.kind,
        "happened_at": moment(row.happened_at),
        "whole_day": row.whole_day,
        "zone": row.zone,
        "milestone": row.milestone,
        "anonymous": row.anonymous,
        "source": row.source,
        "moment": _key(row.moment),
        "evidence": evidence,
    }


def _piece(piece: Evidence) -> Json:
    return {
        "id": str(piece.pk),
        "title": piece.title,
        "url": piece.url,
        "file_url": piece.file_url,
        "media_type": piece.media_type,
    }


def _causes(number: int, keys: Keys) -> list[Json]:
    rows = list(
        _wanted(Cause.objects.select_related("author"), number, keys).order_by("position", "created_at")
    )
    cited: dict[UUID, list[str]] = defaultdict(list)
    links = Cause.evidence.through._default_manager.filter(cause__in=[row.pk for row in rows])
    for cause, entry in links.values_list("cause", "entry"):
        cited[cause].append(str(entry))
    return [
        _said(row)
        | {
            "parent": _key(row.parent_id),
            "position": row.position,
            "category": row.category,
            "evidence": cited[row.pk],
        }
        for row in rows
    ]


def _findings(number: int, keys: Keys) -> list[Json]:
    return [
        _basis(row)
        | {
            "cause": _key(row.cause_id),
            "kind": row.kind,
            "text": row.text,
            "position": row.position,
            "needs_action": row.needs_action,
            "no_action_reason": row.no_action_reason,
        }
        for row in _wanted(Finding.objects.all(), number, keys).order_by("position", "created_at")
    ]


def _actions(number: int, keys: Keys) -> list[Json]:
    rows = _wanted(ActionItem.objects.select_related("owner"), number, keys).order_by("created_at", "number")
    return [_action(row) for row in rows.prefetch_related("links")]


def _action(row: ActionItem) -> Json:
    return _basis(row) | {
        "number": row.number,
        "key": row.key,
        "finding": _key(row.finding_id),
        "text": row.text,
        "kind": row.kind,
        "priority": row.priority,
        "state": row.state,
        "asked": row.is_asked,
        "accepted": row.accepted_at is not None,
        "proposed_due_on": row.proposed_due_on.isoformat()
        if row.awaits_date and row.proposed_due_on
        else None,
        "on_behalf": row.is_on_behalf,
        "owner": person(row.owner),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "wording_accepted": row.wording_accepted_by_id is not None,
        "decline_reason": row.decline_reason,
        "links": [_link(link) for link in row.links.all()],
    }


def _link(link: ActionLink) -> Json:
    return {"id": str(link.pk), "title": link.title, "url": link.url}


def _answers(number: int, keys: Keys) -> list[Json]:
    rows = _wanted(Answer.objects.select_related("author"), number, keys).order_by("created_at")
    meetings = Meeting.objects.filter(postmortem=number, kind=Meeting.Kind.POSTMORTEM, answers_hidden=True)
    hidden = meetings.exclude(state=Meeting.State.HELD).exists()
    return [_said(row) | {"question": row.question_id, "hidden": hidden} for row in rows]


def _votes(number: int, keys: Keys) -> list[Json]:
    rows = _wanted(Vote.objects.select_related("author"), number, keys).order_by("created_at")
    return [_basis(row) | {"about": str(row.about), "author": person(row.author)} for row in rows]


def _parked(number: int, keys: Keys) -> list[Json]:
    rows = _wanted(ParkedItem.objects.select_related("author"), number, keys).order_by("created_at")
    return [_said(row) | {"settled": row.settled_at is not None} for row in rows]


def _notes(number: int, keys: Keys) -> list[Json]:
    return [
        _basis(row)
        | {
            "step": row.step,
            "text": row.text,
            "html": "" if row.owner_id else to_html(row.text),
            "private": row.owner_id is not None,
            "owner": row.owner_id,
        }
        for row in _wanted(Note.objects.all(), number, keys)
    ]


def _observations(number: int, keys: Keys) -> list[Json]:
    rows = _wanted(Observation.objects.select_related("author"), number, keys).order_by("created_at")
    return [_said(row) for row in rows]


_WORDS = ("event", "meeting", "unit", "line_example", "log", "entry_kinds", "milestones")
"""Of the words of its kind of event, those that the room says."""


def _incidents(number: int, _: Keys) -> list[Json]:
    row = Incident.objects.select_related("severity").get(pk=number)
    names = Milestone.OUTAGE if row.is_outage else Milestone.OTHER
    known = {milestone.name: milestone for milestone in row.milestones.all()}
    return [
        {
            "id": row.pk,
            "version": row.version,
            "removed": False,
            "key": row.key,
            "title": row.title,
            "severity": row.severity.name if row.words.has_severity else "",
            "kind": row.kind,
            "status": row.status,
            "began_at": moment(row.began_at),
            "ended_at": moment(row.ended_at),
            "zone": row.zone,
            "is_outage": row.is_outage,
            "words": {name: getattr(row.words, name) for name in _WORDS},
            "milestones": {
                name: {"state": known[name].state, "at": moment(known[name].at)}
                for name in names
                if name in known
            },
            "services": [service.name for service in row.services.all()],
            "roles": _roles(row),
        }
    ]


def _roles(incident: Incident) -> dict[str, list[str]]:
    """What each person did in the incident, in words, by person."""
    roles: dict[str, list[str]] = defaultdict(list)
    for part in incident.involvements.all():
        roles[str(part.person_id)].append(part.get_role_display())
    return roles


def _impacts(number: int, _: Keys) -> list[Json]:
    row = Impact.objects.filter(pk=number).first() or Impact(incident_id=number)
    names = [
        field.name for field in Impact._meta.concrete_fields if field.name not in {"incident", "version"}
    ]
    facts = {name: _number(getattr(row, name)) for name in names}
    return [{"id": number, "version": row.version, "removed": False, **facts}]


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def label(model: type[Model]) -> str:
    return model._meta.label_lower


ENTRY, NOTE, ANSWER, MEETING = label(Entry), label(Note), label(Answer), label(Meeting)
EVIDENCE = label(Evidence)
READERS: dict[str, Callable[[int, Keys], list[Json]]] = {
    ENTRY: _entries,
    label(Cause): _causes,
    label(Finding): _findings,
    label(ActionItem): _actions,
    ANSWER: _answers,
    label(Vote): _votes,
    label(ParkedItem): _parked,
    NOTE: _notes,
    label(Observation): _observations,
    MEETING: meetings,
    label(PostMortem): postmortems,
    label(Incident): _incidents,
    label(Impact): _impacts,
    text_updates.UPDATE: text_updates.updates,
}
PART_OF = {
    "incidents.involvement": label(Incident),
    "incidents.milestone": label(Incident),
    "meetings.agendastep": label(Meeting),
    "meetings.attendance": label(Meeting),
    "postmortems.omission": label(PostMortem),
    "postmortems.participant": label(PostMortem),
    "postmortems.promise": label(PostMortem),
}
"""Changes of these parts are shown in the record they belong to, one of its kind in each room."""
