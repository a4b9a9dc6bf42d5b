"""The shared notes of each agenda step as a home of documents."""

from __future__ import annotations

from followthrough.core.errors import DomainError, NotFound
from followthrough.meeting_room.operations.lifecycle import CLOSED
from followthrough.meetings.models import AgendaStep, Note
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.queries import is_reopened

MAX_NOTE_CHARACTERS = 20_000


class SharedNotes:
    """`part` is a step's key, such as "causes"."""

    limit = MAX_NOTE_CHARACTERS
    keep_lines = True

    def title(self, part: str) -> str:
        if part not in AgendaStep.Key.values:
            raise NotFound("There is no such step in the agenda.")
        return f"Notes on {AgendaStep.Key(part).label.lower()}"

    def address(self, postmortem: PostMortem, part: str) -> str:
        return f"/incidents/{postmortem.key}/room/#{part}"

    def standing(self, postmortem: PostMortem, part: str) -> str:
        note = self._note(postmortem, part)
        return note.text if note else ""

    def check(self, postmortem: PostMortem, part: str) -> None:  # noqa: ARG002 - all steps close together
        if postmortem.state in CLOSED and not is_reopened(postmortem):
            raise DomainError("The meeting is closed, so its notes are only for reading now.")

    def keep(self, postmortem: PostMortem, part: str, text: str) -> None:
        note = self._note(postmortem, part)
        if note is None:
            Note.objects.create(postmortem=postmortem, step=part, text=text)
        elif note.text != text:
            note.text = text
            note.version += 1
            note.save(update_fields=["text", "version"])

    @staticmethod
    def _note(postmortem: PostMortem, part: str) -> Note | None:
        return Note.objects.filter(postmortem=postmortem, step=part, owner=None).first()
