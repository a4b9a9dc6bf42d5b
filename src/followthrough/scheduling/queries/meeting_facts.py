"""What a mail says of a meeting to one person: when on whose clock, for how long, who leads, why they are asked, what is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from followthrough.core.phrasing import listed
from followthrough.core.times import local
from followthrough.meetings import phrasing
from followthrough.meetings.agenda import Step
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import path_of
from followthrough.meetings.queries import agenda_of, participants_of
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem

Fact = tuple[str, str]
Time = tuple[datetime, int]
"""When a meeting begins, and for how many minutes."""
_MOST_NAMED = 6


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting as all who are told of it read it; `before` is the time that it had until now."""

    meeting: Meeting
    before: Time | None = None
    seats: dict[int, Participant] = field(init=False)
    steps: Sequence[Step] = field(init=False)

    def __post_init__(self) -> None:
        seats = {seat.person_id: seat for seat in participants_of(self.meeting.postmortem)}
        object.__setattr__(self, "seats", seats)
        object.__setattr__(self, "steps", agenda_of(self.meeting))

    def of(self, person: User) -> list[Fact]:
        """Label and words, in the order in which they are read."""
        facts = [*self.times(person.zone), ("Leads", self._leads(person))]
        if not self._is_over:
            facts += [
                ("Why you", self._part(person)),
                *self._others(person),
                *self._agenda(),
                ("Room", self._room),
            ]
        return [(label, words) for label, words in facts if words]

    def times(self, zone: str) -> list[Fact]:
        """When it is, and was until now, on the clock of `zone` and, where that shows another time, on the meeting's."""
        meeting = self.meeting
        at, minutes = meeting.starts_at, meeting.minutes
        facts = [("When", f"{phrasing.span(at, minutes, zone)}, {minutes} minutes")]
        if local(at, zone).utcoffset() != local(at, meeting.zone).utcoffset():
            facts.append(("Also", phrasing.span(at, minutes, meeting.zone)))
        if self.before and self.before != (at, minutes):
            facts.append(("Was", f"{phrasing.span(*self.before, zone)}, {self.before[1]} minutes"))
        return facts

    @property
    def _is_over(self) -> bool:
        return self.meeting.state in {Meeting.State.CANCELLED, Meeting.State.HELD}

    @property
    def _room(self) -> str:
        page = "check-in/" if self.meeting.kind == Meeting.Kind.CHECK_IN else "room/"
        return f"{settings.BASE_URL}{path_of(self.meeting.postmortem, page)}"

    def _leads(self, person: User) -> str:
        postmortem = self.meeting.postmortem
        if postmortem.facilitator is None:
            return "" if self._is_over else "nobody yet"
        asked = postmortem.facilitator_state == PostMortem.FacilitatorState.ASKED
        who = "you" if postmortem.facilitator == person else postmortem.facilitator.name
        return f"{who}, asked and not answered yet" if asked and not self._is_over else who

    def _part(self, person: User) -> str:
        """Whether the meeting waits for them, and why they are asked."""
        seat = self.seats.get(person.pk)
        if person == self.meeting.postmortem.facilitator or seat is None:
            return ""
        weight = "You are needed." if seat.required else "You are welcome, and free to stay away."
        return f"{seat.reason.rstrip('.')}. {weight}" if seat.reason else weight

    def _others(self, person: User) -> list[Fact]:
        named_already = {person.pk, self.meeting.postmortem.facilitator_id}
        seats = [seat for key, seat in self.seats.items() if key not in named_already]
        coming = [seat.person.name for seat in seats if seat.response != Participant.Response.DECLINED]
        more = len(coming) - _MOST_NAMED
        named = [*coming[:_MOST_NAMED], f"{more} more"] if more > 0 else coming
        return [("With", listed(named))]

    def _agenda(self) -> list[Fact]:
        if self.meeting.kind == Meeting.Kind.CHECK_IN:
            return []
        steps = ", ".join(f"{step.name} {step.minutes}" for step in self.steps)
        return [("Agenda", f"{steps} minutes")]
