"""Candidates for recurrence: what an incident may be the return of, before its meeting asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.facts.models import Mechanism, Occurrence
from followthrough.incidents.models import Incident
from followthrough.meeting_room.recurrence_hints import Recurrence
from followthrough.patterns import queries
from followthrough.patterns.models import Pattern, PatternMembership
from followthrough.patterns.pattern_state import note_of, tone_of
from followthrough.patterns.queries import actions_against
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.attendees import Fact

MAX_SHOWN = 3
MAX_ACTIONS = 6
_LAST = 12
_RANK = 3


@dataclass
class RecurrenceCandidate:
    """A pattern that an incident is part of (`is_sure`: people or findings say so) or may be, and why."""

    pattern: Pattern
    reason: str
    is_sure: bool
    chip: str
    tone: str
    words: str
    actions: list[ActionItem] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(action.state in ActionItem.FINISHED for action in self.actions)

    @property
    def questions(self) -> list[str]:
        """What the meeting should ask of the earlier actions."""
        waiting, done = sum(action.is_open for action in self.actions), self.done
        if not self.actions:
            return ["No action came out of it before. What would end it?"]
        asked = []
        if waiting:
            asked.append(
                f"Too slow? {waiting} of {len(self.actions)} earlier actions {'was' if waiting == 1 else 'were'} not done yet."
            )
        if done:
            asked.append(f"The right ones? {done} {'was' if done == 1 else 'were'} done, and it came back.")
        return [*asked, "A band-aid? What would have to change so that it cannot come back in another place?"]


def candidates_of(incident: Incident, user: User, now: datetime | None = None) -> list[RecurrenceCandidate]:
    """The patterns that it may be the return of, the surest first, with the actions of their earlier incidents."""
    return _returns(incident, queries.visible_to(user), now or timezone.now())


def candidates_for_all(incident: Incident) -> list[Recurrence]:
    """Those that are sure, or else the likeliest, for everyone in its meeting, who are all members."""
    found = _returns(incident, queries.listed(), timezone.now())
    return [
        Recurrence(
            one.pattern.name,
            one.pattern.get_absolute_url(),
            f"{one.chip}; {one.words}; {one.reason}",
            one.actions,
        )
        for one in [one for one in found if one.is_sure] or found[:1]
    ]


def _returns(incident: Incident, patterns: QuerySet[Pattern], now: datetime) -> list[RecurrenceCandidate]:
    if incident.visibility != Incident.Visibility.OPEN:
        return []
    found = list(_found(incident, patterns, now))[:MAX_SHOWN]
    _add_actions(found, incident)
    return found


def _found(incident: Incident, patterns: QuerySet[Pattern], now: datetime) -> Iterator[RecurrenceCandidate]:
    said = dict(PatternMembership.objects.filter(incident=incident).values_list("pattern", "belongs"))
    rows = Occurrence.objects.filter(incident=incident).exclude(category="", mechanism=Mechanism.CAUSE)
    struck = set(rows.values_list("service", "category", "mechanism", "tag"))
    tags, services = ({row.pk for row in rows.all()} for rows in (incident.tags, incident.services))
    near = patterns.filter(Q(tag__in=tags) | Q(affected_services__in=services) | Q(pk__in=said))
    ranked = []
    for pattern in near.select_related("tag", "service").distinct().order_by("urgency", "-incidents", "pk"):
        if said.get(pattern.pk) is False:
            continue
        rank, reason = _reason(pattern, struck, tags, said)
        if rank < _RANK or pattern.service_id in services:
            ranked.append((rank, _return(pattern, reason, now, is_sure=rank == 0)))
    yield from (one for _, one in sorted(ranked, key=lambda row: row[0]))


def _reason(
    pattern: Pattern, struck: Collection[tuple[object, ...]], tags: set[int], said: dict[int, bool]
) -> tuple[int, str]:
    """How sure, 0 the surest, and why."""
    if said.get(pattern.pk):
        return 0, "somebody says that it is part of it"
    if (pattern.service_id, pattern.category, pattern.mechanism, None) in struck or (
        pattern.tag_id and any(row[3] == pattern.tag_id for row in struck)
    ):
        return 0, "its findings say so"
    if pattern.tag_id in tags:
        return 1, f"same tag: {pattern.tag}"
    return _RANK, f"same service: {pattern.service}" if pattern.service else "same service"


def _return(pattern: Pattern, reason: str, now: datetime, *, is_sure: bool) -> RecurrenceCandidate:
    chip, words = note_of(pattern, now)
    return RecurrenceCandidate(pattern, reason, is_sure, chip, tone_of(pattern, now), words)


def _add_actions(found: list[RecurrenceCandidate], incident: Incident) -> None:
    """The actions of the last earlier incidents of each, those that are open first."""
    keys = {
        one.pattern.pk: [
            row[0] for row in one.pattern.chart_data.get("incidents", []) if row[0] != incident.pk
        ][-_LAST:]
        for one in found
    }
    rows = actions_against({key for found in keys.values() for key in found})
    rows = rows.filter(postmortem__incident__visibility=Incident.Visibility.OPEN)
    by_incident: dict[int, list[ActionItem]] = defaultdict(list)
    ordered = (
        rows.exclude(state=ActionItem.State.DECLINED)
        .select_related("owner")
        .order_by("stage", "due_order", "number")
    )
    for action in ordered:
        by_incident[action.postmortem_id].append(action)
    for one in found:
        one.actions = sorted(
            (action for key in keys[one.pattern.pk] for action in by_incident[key]),
            key=lambda action: (not action.is_open, action.number),
        )


def owners_of_earlier_actions(postmortem: PostMortem, user: User) -> Iterator[Fact]:
    """Who owns actions against what comes back now: reasons to ask them to the meeting."""
    for one in candidates_of(postmortem.incident, user):
        for action in one.actions[:MAX_ACTIONS]:
            if action.owner and action.owner.is_active:
                state = "done" if action.state in ActionItem.FINISHED else "open"
                yield Fact(
                    action.owner,
                    f"Owns {action.key} ({state}) against “{one.pattern.name}”, which may be back",
                    _RANK,
                )
