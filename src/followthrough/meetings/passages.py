"""How answers to questions and the shared notes are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import models
from django.db.models import QuerySet

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.incidents.passages import seen_with_incident
from followthrough.meetings.models import Answer, Meeting, Note, ParkedItem
from followthrough.people.models import User
from followthrough.search.models import Passage, passage
from followthrough.search.operations import mark_stale, register
from followthrough.search.sources import RECORD, Source
from followthrough.writing.models import Update

HEADING = "Said in meetings"


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("answer", HEADING, Answer, _answers, _answer, _seen_once_shown))
    register(Source("parked", HEADING, ParkedItem, ParkedItem.objects.all, _parked, seen_with_incident))
    register(Source("note", HEADING, Note, _notes, _note, seen_with_incident))
    subscribe("writing.update", "wrote", _follow_writing)


def _answers() -> QuerySet[Answer]:
    return Answer.objects.select_related("question")


def _notes() -> QuerySet[Note]:
    return Note.objects.filter(owner=None)


def _answer(answer: Answer) -> Passage | None:
    return _said("answer", answer, str(answer.question), answer.text, step="prevention")


def _parked(item: ParkedItem) -> Passage | None:
    return _said("parked", item, item.text, "", step="close")


def _note(note: Note) -> Passage | None:
    """Private notes are nobody else's."""
    if note.owner_id or not note.text:
        return None
    title = f"Notes on {note.get_step_display().lower()}"
    return _said("note", note, title, note.text, step=note.step)


def _said(
    kind: str, record: Answer | ParkedItem | Note, title: str, body: str, *, step: str
) -> Passage | None:
    if record.removed_at:
        return None
    number = record.postmortem_id
    return passage(
        kind,
        record,
        tier=RECORD,
        title=title,
        body=body,
        address=f"/incidents/INC-{number}/room/#{step}",
        at=record.created_at,
        incident=number,
    )


def _seen_once_shown(user: User, passages: Collection[Passage]) -> Iterable[Passage]:
    """Answers that wait until everybody has written are not found by anybody."""
    hiding = Meeting.objects.filter(
        postmortem__in={one.incident for one in passages}, answers_hidden=True, kind=Meeting.Kind.POSTMORTEM
    )
    hidden = set(hiding.exclude(state=Meeting.State.HELD).values_list("postmortem", flat=True))
    return seen_with_incident(user, [one for one in passages if one.incident not in hidden])


def _follow_writing(_: Activity, update: models.Model) -> None:
    if isinstance(update, Update) and update.document.name.startswith("note:"):
        mark_stale("note", update.document.postmortem_id)
