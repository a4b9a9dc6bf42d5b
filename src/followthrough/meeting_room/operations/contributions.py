"""Contributions beside the record: answers, parking lot, notes."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError, NotAllowed
from followthrough.meeting_room.operations.shared_notes import MAX_NOTE_CHARACTERS
from followthrough.meetings.models import AgendaStep, Answer, Note, ParkedItem, Question
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.records import operations as records
from followthrough.writing.operations import rewrite

_ANSWER_NEEDS_WORDS = "Write your answer first; an empty one tells nobody anything."
_PARKED_NEEDS_WORDS = "Say in a few words what should wait for later."


@transaction.atomic
def give_answer(
    postmortem: PostMortem,
    *,
    question: Question,
    text: str,
    by: User,
    id: UUID | None = None,  # noqa: A002
) -> Answer:
    """Adds somebody's answer to a question of the bank."""
    answer = Answer(
        id=id or uuid4(),
        postmortem=postmortem,
        question=question,
        text=records.words(text, needed=_ANSWER_NEEDS_WORDS),
        author=by,
    )
    return records.add(answer, by=by)


@transaction.atomic
def change_answer(answer: Answer, *, text: str, by: User, base: int | None = None) -> Answer:
    """Gives an answer other words; only whose answer it is may. Conflict if `base` is stale."""
    _only_author(answer, by)
    records.still_there(answer)
    records.revise(answer, {"text": records.words(text, needed=_ANSWER_NEEDS_WORDS)}, by=by, base=base)
    return answer


@transaction.atomic
def remove_answer(answer: Answer, *, by: User) -> None:
    _only_author(answer, by)
    records.remove(answer, by=by)


def _only_author(answer: Answer, person: User) -> None:
    if answer.author_id != person.pk:
        raise NotAllowed("Only the person who gave an answer can change it. Add your own beside it.")


@transaction.atomic
def park(postmortem: PostMortem, *, text: str, by: User, id: UUID | None = None) -> ParkedItem:  # noqa: A002
    """Keeps something for later, so that the meeting can go on."""
    item = ParkedItem(
        id=id or uuid4(),
        postmortem=postmortem,
        text=records.words(text, needed=_PARKED_NEEDS_WORDS, limit=1000),
        author=by,
    )
    return records.add(item, by=by)


@transaction.atomic
def settle_parked(item: ParkedItem, *, by: User) -> None:
    """Ticks off what was parked; doing it twice changes nothing."""
    records.still_there(item)
    if item.settled_at is None:
        records.revise(item, {"settled_at": timezone.now()}, by=by, verb="settled")


@transaction.atomic
def remove_parked(item: ParkedItem, *, by: User) -> None:
    records.remove(item, by=by)


@transaction.atomic
def write_note(
    postmortem: PostMortem, *, step: str, text: str, by: User, private: bool = False, base: int | None = None
) -> Note:
    """Replaces the notes of one step: everyone's, or with `private` the writer's own, which nobody else sees.

    Conflict if `base` is not the version that stands. What private notes say is not logged.
    """
    if step not in AgendaStep.Key.values:
        raise DomainError("There is no such step in the agenda.", field="step")
    text = records.words(text, limit=MAX_NOTE_CHARACTERS)
    owner = by if private else None
    note = Note.objects.select_for_update().filter(postmortem=postmortem, step=step, owner=owner).first()
    if note is None:
        return records.add(Note(postmortem=postmortem, step=step, owner=owner, text=text), by=by)
    if note.text != text:
        _rewrite(note, text, by=by, base=base)
    return note


def _rewrite(note: Note, text: str, *, by: User, base: int | None) -> None:
    if base is not None and base != note.version:
        raise Conflict(
            "Somebody else wrote in these notes first. Your words were kept beside theirs: read both, then save.",
            current={"id": str(note.pk), "version": note.version, "text": note.text},
            field="text",
        )
    before, note.text = note.text, text
    note.version += 1
    note.save(update_fields=["text", "version"])
    if note.owner_id is None:
        rewrite(note.postmortem, name=f"note:{note.step}", text=text, by=by)
    activity.record(note, "changed", by=by, changes={} if note.owner_id else {"text": [before, text]})
