"""Reminders of actions: before the date, on it, after it, then to the lead, then to administrators.

A proposal is due some working days after its meeting closed, to be committed to or declined.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from textwrap import shorten

from django.utils import timezone

from followthrough.actions import reminder_links
from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident
from followthrough.notifications.models import Deadline, ReminderSettings
from followthrough.notifications.operations import Notification
from followthrough.notifications.operations.escalation import (
    OWNER,
    EscalationPolicy,
    EscalationStep,
    Schedule,
    about,
    register,
)
from followthrough.people import working_hours
from followthrough.people.models import User
from followthrough.postmortems.queries.audience import Audience

KIND = "action"
MAX_SUBJECT_CHARACTERS = 70
"""Letters of a text that fit into a subject; the body has a longer one whole."""
S = ActionItem.State
_PROMISED = (S.COMMITTED, S.IN_PROGRESS)
_NOBODY = User(zone="UTC")
"""Whose calendar counts where an action has nobody."""


def register_policy() -> None:
    """Called once, from this room's ready()."""
    register(EscalationPolicy(KIND, load, missing))


def missing(after: int, at_most: int) -> list[int]:
    """Actions that wait for somebody and of which nobody would be reminded."""
    known = Deadline.objects.filter(kind=KIND).values("subject")
    waiting = ActionItem.objects.filter(stage=ActionItem.Stage.OPEN, number__gt=after)
    rows = waiting.exclude(due_on=None, state__in=_PROMISED).exclude(number__in=known)
    rows = rows.exclude(state=S.PROPOSED, postmortem__closed_at=None)
    rows = rows.exclude(state=S.PROPOSED, owner__isnull=False, asked_at__isnull=False, accepted_at=None)
    return list(rows.order_by("number").values_list("number", flat=True)[:at_most])


def load(numbers: Collection[int], reminder_settings: ReminderSettings) -> dict[int, Schedule]:
    """The course of each action that is still open; of a proposal once its meeting has closed."""
    rows = ActionItem.objects.filter(number__in=numbers, stage=ActionItem.Stage.OPEN)
    rows = rows.select_related("owner", "author", "postmortem__incident", "postmortem__facilitator")
    found = list(rows.defer("postmortem__incident__what_happened"))
    people = [reminder_links.answerable(action) for action in found]
    audience = Audience(people, [action.postmortem.incident for action in found])
    subjects = [Subject(action, reminder_settings, audience) for action in found]
    return {one.action.number: schedule for one in subjects if (schedule := one.schedule())}


@dataclass(frozen=True)
class Subject:
    """One action with all that its reminders depend on."""

    action: ActionItem
    reminder_settings: ReminderSettings
    audience: Audience

    @property
    def incident(self) -> Incident:
        return self.action.postmortem.incident

    @property
    def person(self) -> User:
        return reminder_links.answerable(self.action) or _NOBODY

    def schedule(self) -> Schedule | None:
        if self.action.state == S.PROPOSED:
            return self._of_proposal()
        return self._of_promise(self.action.due_on) if self.action.due_on else None

    def _of_promise(self, due_on: date) -> Schedule:
        reminder_settings = self.reminder_settings
        steps = (
            EscalationStep(
                "before", self._until(due_on - timedelta(days=reminder_settings.action_before_days)), OWNER
            ),
            EscalationStep("on", self._until(due_on), OWNER),
            EscalationStep(
                "again", self._from(due_on + timedelta(days=reminder_settings.action_again_days)), OWNER
            ),
            EscalationStep(
                "lead", self._from(due_on + timedelta(days=reminder_settings.action_lead_days)), "lead"
            ),
            EscalationStep(
                "administrator",
                self._from(due_on + timedelta(days=reminder_settings.action_administrator_days)),
            ),
        )
        return Schedule(datetime.combine(due_on, time(), UTC), steps, self._notify)

    def _of_proposal(self) -> Schedule | None:
        """None for those whose owner was asked, which have a course of their own."""
        closed = self.action.postmortem.closed_at
        if closed is None or self.action.is_asked:
            return None
        begun = max(closed, self.action.created_at, self.action.handed_back_at or closed)
        last_day = working_hours.working_day_after(
            self.person, begun, self.reminder_settings.proposed_working_days
        )
        due_at = working_hours.closing(self.person, last_day)
        day_after = working_hours.working_day_from(self.person, last_day + timedelta(days=1))
        steps = (
            EscalationStep("before", working_hours.opening(self.person, last_day), OWNER),
            EscalationStep("lead", working_hours.opening(self.person, day_after), "lead"),
        )
        return Schedule(due_at, steps, self._tell_of_proposal)

    def _until(self, day: date) -> datetime:
        """When work begins on `day`; on a free day, on the last working day before."""
        day = (
            working_hours.working_day_until(self.person, day)
            if self.reminder_settings.waits_for_working_hours
            else day
        )
        return working_hours.opening(self.person, day)

    def _from(self, day: date) -> datetime:
        day = (
            working_hours.working_day_from(self.person, day)
            if self.reminder_settings.waits_for_working_hours
            else day
        )
        return working_hours.opening(self.person, day)

    def _notify(self, step: EscalationStep, key: str) -> Iterator[Notification]:
        for person in self._told(step):
            yield self._telling(step, key, person, self._subject_line(person))

    def _tell_of_proposal(self, step: EscalationStep, key: str) -> Iterator[Notification]:
        words = f"Commit to {self.action.key}, or decline it: {self._short}"
        if step.to != OWNER:
            words = f"{self.action.key} was proposed and nobody has committed to it: {self._short}"
        for person in self._told(step):
            yield self._telling(step, key, person, words)

    def _told(self, step: EscalationStep) -> Iterable[User]:
        owner = reminder_links.answerable(self.action)
        if step.to == OWNER:
            return self.audience.owners(owner, self.incident)
        return (
            self.audience.leads(owner, self.incident) if step.to == "lead" else self.audience.administrators
        )

    def _telling(self, step: EscalationStep, key: str, person: User, subject: str) -> Notification:
        action = self.action
        is_theirs = person == reminder_links.answerable(action)
        return Notification(
            person,
            kind="action" if step.to == OWNER else "escalation",
            key=key,
            subject=subject,
            body=self._body(step, is_theirs=is_theirs),
            path=action.get_absolute_url(),
            opens=f"Open {action.key}",
            author=action.postmortem.facilitator if is_theirs else action.owner,
            references=[action.reference],
            about=about(KIND, action.number),
            links=reminder_links.links(action, person, key) if is_theirs else (),
            wait_for_working_hours=self.reminder_settings.waits_for_working_hours,
        )

    def _subject_line(self, person: User) -> str:
        owner = self.action.owner
        whose = "" if person == owner else f", {owner.name}’s" if owner else ", which nobody owns"
        return f"{self.action.key}{whose}, {_when(self.action, person)}: {self._short}"

    @property
    def _short(self) -> str:
        return shorten(self.action.text, MAX_SUBJECT_CHARACTERS, placeholder=" …")

    def _body(self, step: EscalationStep, *, is_theirs: bool) -> str:
        lines = [self.action.text] if len(self.action.text) > MAX_SUBJECT_CHARACTERS else []
        lines.append(f"From {self.incident.outside_line}")
        if step.to != OWNER:
            lines.append(_ASKED_OF_OTHERS)
        elif is_theirs:
            lines.append("If it is done, or something stands in its way, say so right here.")
        return "\n\n".join(lines)


_ASKED_OF_OTHERS = (
    "Ask what stands in its way: more time, another owner, or declining it with a reason all are answers."
)


def _when(action: ActionItem, person: User) -> str:
    """ "due in 3 days", "due today", "2 days late" on the person's calendar."""
    if action.due_on is None:
        return "without a date"
    days = (action.due_on - working_hours.local_day(person, timezone.now())).days
    if days == 0:
        return "due today"
    if days > 0:
        return "due tomorrow" if days == 1 else f"due in {days} days"
    return "one day late" if days == -1 else f"{-days} days late"
