"""The backend of the meeting room, as the live transport sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import Model

from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError, NotFound
from followthrough.incidents.models import Incident
from followthrough.live.protocol import Command, Payload, person_json
from followthrough.meeting_room.command_context import COMMANDS, CommandArgs, CommandContext
from followthrough.meeting_room.commands import actions, causes, meeting, texts, timeline
from followthrough.meeting_room.operations import attendance, hidden_answers
from followthrough.meeting_room.operations.lifecycle import CLOSED
from followthrough.meeting_room.queries import derived_parts, room_records
from followthrough.meeting_room.queries.closing_round import has_answered
from followthrough.meeting_room.queries.greeting import questions_for, with_load
from followthrough.people.models import User
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.queries import is_reopened

__all__ = ["MeetingBackend", "actions", "causes", "meeting", "timeline"]

_ABOUT_ACCESS = frozenset({"incidents.incident", "incidents.involvement", "postmortems.participant"})
_AFTERWARDS = frozenset({"meeting.close", "meeting.reopen", "round.answer", "prose.write"})
"""What may be done once the meeting is closed; each text says for itself how long it may be written."""
_CLOSED = "The meeting is closed, so the room only shows what was decided. Correct it on the incident's page of corrections."


class CommandRun:
    """Commands of one transaction on one post-mortem, which is read once for all of them."""

    def __init__(self, number: int, present: frozenset[int]) -> None:
        self._postmortem, self._present = _read(number), present

    def carry_out(self, command: Command, *, by: User) -> None:
        handler = COMMANDS.get(command.name)
        if handler is None:
            raise DomainError("This page is older than the server. Load it again; your text is kept.")
        closed = self._postmortem.state in CLOSED and not is_reopened(self._postmortem)
        if closed and command.name not in _AFTERWARDS:
            raise DomainError(_CLOSED)
        args = CommandArgs(command.args)
        handler(CommandContext(self._postmortem, by, command.base, args, self._present))


def _read(number: int) -> PostMortem:
    """The post-mortem with its incident; read at every tick, so without Django's compiler."""
    (postmortem,) = PostMortem.objects.raw(
        "SELECT * FROM postmortems_postmortem WHERE incident_id = %s", [number]
    )
    (postmortem.incident,) = Incident.objects.raw("SELECT * FROM incidents_incident WHERE id = %s", [number])
    return postmortem


class MeetingBackend:
    """One room for each post-mortem, under the incident's number."""

    triggers = frozenset({room_records.ANSWER, room_records.MEETING})

    def topic(self, number: int) -> str:
        return f"incident:{number}"

    def authorise(self, person: User, number: int) -> None:
        if not person.is_member:
            raise NotFound("There is no such room.")
        postmortems.find(person, number)

    def touches_access(self, row: Activity) -> bool:
        return row.kind in _ABOUT_ACCESS

    def greeting(self, number: int, person: User) -> dict[str, Any]:
        postmortem = PostMortem.objects.select_related("incident").get(pk=number)
        you = person_json(person) | {
            "zone": person.zone,
            "facilitator": postmortem.facilitator_id == person.pk,
            "administrator": person.is_administrator,
            "round_answered": has_answered(postmortem, person),
        }
        return {
            "room": postmortem.key,
            "you": you,
            "people": with_load(postmortem.incident),
            "questions": [
                {"id": question.pk, "phase": question.phase, "text": question.text}
                for question in questions_for(postmortem)
            ],
        }

    def begin(self, number: int, present: frozenset[int] = frozenset()) -> CommandRun:
        return CommandRun(number, present)

    def snapshot(self, number: int) -> Payload:
        return room_records.everything(number)

    def changed(
        self, number: int, rows: Sequence[Activity], fresh: Mapping[str, Model] = MappingProxyType({})
    ) -> Payload:
        return room_records.changed(number, rows, fresh)

    def open(self, number: int, what: Mapping[str, Any]) -> dict[str, Any]:
        return texts.opened(PostMortem.objects.get(pk=number), CommandArgs(what))

    def draw(self, number: int, present: frozenset[int]) -> Payload:
        return derived_parts.derive(number, present)

    def has_pending(self, number: int, present: frozenset[int]) -> bool:
        return hidden_answers.all_have_written(number, present) or attendance.present_unnoted(number, present)

    def run_automations(self, number: int, present: frozenset[int]) -> None:
        hidden_answers.show_once_all_wrote(number, present)
        attendance.note_those_present(number, present)
