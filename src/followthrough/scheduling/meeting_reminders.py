"""Reminders of meetings, and that one was not held.

Ahead: the pre-read, the facilitator's brief, that the check-in is near. After: whoever leads a post-mortem that nobody
began or closed, then the team's lead. (A check-in is a promise with reminders of its own.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import body_of, day_and_time, name_of, path_of
from followthrough.notifications.models import ReminderSettings
from followthrough.notifications.operations import Notification
from followthrough.notifications.operations.escalation import (
    OWNER,
    EscalationStep,
    Schedule,
    about,
)
from followthrough.people import working_hours
from followthrough.people.models import User
from followthrough.postmortems.queries.audience import Audience
from followthrough.scheduling.queries.meeting_facts import MeetingFacts

KIND = "ahead"
_GRACE = timedelta(days=5)
"""A meeting that is called at short notice still gets its pre-read, after a long weekend too."""
_MISSED, _MISSED_LONG = timedelta(hours=2), timedelta(hours=24)
"""After its end: when whoever leads it hears that it was not held, and when the team's lead does."""
_LAST_CALL = timedelta(hours=2)
"""Nearer to the meeting than this mail no longer waits for working hours."""


def leading(meeting: Meeting) -> User | None:
    """Whoever hears that the meeting was not held."""
    return meeting.postmortem.facilitator or meeting.scheduled_by


_CLOSE_IT = (
    "Close it in the room: the summary and the check-in begin with its end. The room says what is left."
)
_HOLD_IT = "Give it another time, or open the room and hold it; what was prepared is kept."


_BRIEF = (
    "You lead it. Before the meeting:"
    "\n1. Read your brief (ten minutes): the agenda with its minutes, words to open with, the questions, what is known."
    "\n2. Look at the draft of the timeline and note where it has gaps."
    "\n3. See who comes. If nobody of those closest to the work does, find another time."
    "\n4. Open the room five minutes early; whoever comes is shown the agenda."
)


@dataclass(frozen=True)
class Subject:
    """One meeting with the settings that its reminders depend on."""

    meeting: Meeting
    reminder_settings: ReminderSettings
    audience: Audience

    def schedule(self) -> Schedule:
        steps = [] if self._has_begun else [EscalationStep("before", self._moment())]
        if not self._is_check_in:
            steps.append(EscalationStep("missed", self.meeting.ends_at + _MISSED, OWNER))
            steps.append(EscalationStep("lead", self.meeting.ends_at + _MISSED_LONG, "lead"))
        return Schedule(self.meeting.starts_at, tuple(steps), self._notify, _GRACE)

    @property
    def _has_begun(self) -> bool:
        return self.meeting.starts_at <= timezone.now()

    def _moment(self) -> datetime:
        """So many hours before, or on the last working day before that."""
        moment = self.meeting.starts_at - timedelta(hours=self.reminder_settings.pre_read_hours)
        if not self.reminder_settings.waits_for_working_hours:
            return moment
        return working_hours.last_at_work(User(zone=self.meeting.zone), moment)

    def _notify(self, step: EscalationStep, key: str) -> Iterator[Notification]:
        return self._tell_ahead(key) if step.name == "before" else self._tell_after(step, key)

    def _tell_after(self, step: EscalationStep, key: str) -> Iterator[Notification]:
        """That it was not held, or not closed; the meeting's promises wait for that."""
        postmortem, owner = self.meeting.postmortem, leading(self.meeting)
        told = self.audience.owners if step.to == OWNER else self.audience.leads
        live = self.meeting.state == Meeting.State.LIVE
        for person in told(owner, postmortem.incident):
            when = day_and_time(self.meeting.starts_at, person.zone)
            what = "was begun and is not closed" if live else "was not held"
            yield Notification(
                person,
                kind="meeting" if step.to == OWNER else "escalation",
                key=key,
                subject=f"{postmortem.key}: the {name_of(self.meeting)} of {when} {what}",
                body=body_of(postmortem, _CLOSE_IT if live else _HOLD_IT),
                path=path_of(postmortem, "room/" if live else "schedule/"),
                opens="Open the room" if live else "Give it another time",
                references=[postmortem.reference],
                about=about(KIND, self.meeting.pk),
                wait_for_working_hours=self.reminder_settings.waits_for_working_hours,
            )

    def _tell_ahead(self, key: str) -> Iterator[Notification]:
        facilitator, facts = self.meeting.postmortem.facilitator, MeetingFacts(self.meeting)
        for person in self._invitees():
            subject, body, page, opens = self._words(person, leads=person == facilitator)
            yield Notification(
                person,
                kind="check_in" if self._is_check_in else "pre_read",
                key=key,
                subject=f"{self.meeting.postmortem.key}: {subject}",
                body=body_of(self.meeting.postmortem, body),
                path=path_of(self.meeting.postmortem, page),
                opens=opens,
                facts=facts.of(person),
                references=[self.meeting.postmortem.reference],
                author=facilitator or self.meeting.scheduled_by,
                about=about(KIND, self.meeting.pk),
                wait_for_working_hours=self._may_wait(person),
            )

    @property
    def _is_check_in(self) -> bool:
        return self.meeting.kind == Meeting.Kind.CHECK_IN

    def _invitees(self) -> list[User]:
        """Those who said nothing or yes, and the facilitator; whoever may no longer sign in is left out."""
        postmortem = self.meeting.postmortem
        people = {row.person for row in postmortem.participants.all()} | {postmortem.facilitator}
        here = (person for person in people if person and person.is_active)
        return sorted(here, key=lambda person: person.pk)

    def _may_wait(self, person: User) -> bool:
        at_work = working_hours.next_at_work(person, timezone.now())
        return (
            self.reminder_settings.waits_for_working_hours and at_work < self.meeting.starts_at - _LAST_CALL
        )

    def _words(self, person: User, *, leads: bool) -> tuple[str, str, str, str]:
        """Subject, body, the page it leads to and what people do there."""
        when, name = day_and_time(self.meeting.starts_at, person.zone), name_of(self.meeting)
        if self._is_check_in:
            words = "Say of your actions what became of them; the page is open already."
            return f"check-in on {when}", words, "check-in/", "Open the check-in"
        if leads:
            return f"your brief for the {name} on {when}", _BRIEF, "brief/", "Open your brief"
        words = "The draft timeline, the impact so far and the questions, in ten minutes. Add what you saw."
        subject = f"read this before the {name} on {when}"
        return subject, words, "pre-read/", "Read before the meeting"
