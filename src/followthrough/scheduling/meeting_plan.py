"""The plan for a meeting's time: who should come, its window, and the slots that follow from both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from followthrough.scheduling import slots
from followthrough.scheduling.attendees import Invitee
from followthrough.scheduling.availability import Attendee
from followthrough.scheduling.drawing import Picture, picture


@dataclass(frozen=True)
class MeetingPlan:
    """What is known when times are proposed.

    `assumed`: nobody was asked yet, so these are suggestions. `unread`: those whose calendars are not known, in words.
    """

    attendees: list[Attendee]
    assumed: list[Invitee]
    unread: str
    opens_at: datetime | None
    closes_at: datetime | None
    now: datetime

    def propose(self, minutes: int) -> slots.Proposal:
        return slots.propose(
            self.attendees, opens_at=self.opens_at, closes_at=self.closes_at, minutes=minutes, now=self.now
        )

    def drawn(self, proposal: slots.Proposal, zone: str) -> Picture | None:
        is_open = self.opens_at and self.closes_at and self.closes_at > self.now
        window = (self.opens_at, self.closes_at) if is_open and self.opens_at and self.closes_at else None
        return picture(self.attendees, proposal.slots, window=window, zone=zone)

    def doubts_about(self, start: datetime, minutes: int) -> str:
        """What speaks against a time that somebody chose, in words; "" for nothing."""
        slot = slots.check_slot(self.attendees, start, minutes=minutes)
        doubts = slots.first_of(slot.missing)
        if self.opens_at and start < self.opens_at:
            doubts.insert(0, "it is before the meeting’s window opens")
        if self.closes_at and slot.ends_at > self.closes_at and self.closes_at > self.now:
            doubts.insert(0, "it is after the meeting’s window closes")
        return f"{doubts[0][0].upper()}{'; '.join(doubts)[1:]}." if doubts else ""
