"""The weekly digest: to each person what is due from them, to each lead what is due from their teams.

Nothing to say, nothing sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.core.phrasing import listed
from followthrough.core.times import approximate_span
from followthrough.home.queries.digest_data import WEEK, DigestData
from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Reference, ReminderSettings
from followthrough.notifications.operations import Notification
from followthrough.notifications.operations.escalation import (
    EscalationStep,
    Schedule,
)
from followthrough.people import working_hours
from followthrough.people.models import Team, User
from followthrough.postmortems.models import Promise

Row = TypeVar("Row", ActionItem, Promise, Meeting)
KIND = "digest"
MAX_LINES = 15
"""Lines of one sort; the page has the rest."""
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""A digest is never over, so that its week alone tells one from another."""


def course(person: User, reminder_settings: ReminderSettings, facts: DigestData) -> Schedule:
    today = working_hours.local_day(person, timezone.now())
    monday = today - timedelta(days=today.weekday())
    weeks = (monday, monday + WEEK) if reminder_settings.digests else ()
    steps = tuple(_rung(person, week + timedelta(days=reminder_settings.digest_weekday)) for week in weeks)
    return Schedule(_ALWAYS, steps, Digest(person, facts).notify)


def _rung(person: User, day: date) -> EscalationStep:
    year, week, _ = day.isocalendar()
    return EscalationStep(
        f"{year}-W{week:02}", working_hours.opening(person, working_hours.working_day_from(person, day))
    )


@dataclass(frozen=True)
class Part:
    """One sort of things: what they are called with their number, a line for each, and what they tell of."""

    title: str
    lines: list[str]
    references: list[Reference]

    def text(self) -> str:
        more = f"\nand {len(self.lines) - MAX_LINES} more" if len(self.lines) > MAX_LINES else ""
        return f"{self.title[0].upper()}{self.title[1:]}:\n" + "\n".join(self.lines[:MAX_LINES]) + more


@dataclass(frozen=True)
class Digest:
    """One person's digests of one day."""

    person: User
    facts: DigestData

    def notify(self, _: EscalationStep, key: str) -> Iterator[Notification]:
        """The person's own, and one for each team they lead; those with nothing to say are left out."""
        yield from self._telling(key, "Your week", self._own(), "/")
        for team in self.facts.led[self.person.pk]:
            parts = self._of_team(team)
            yield from self._telling(
                f"{key}:{team.pk}", f"{team.name}, this week", parts, "/actions/?who=team"
            )

    def _telling(self, key: str, title: str, parts: Iterable[Part], path: str) -> Iterator[Notification]:
        if said := [part for part in parts if part.lines]:
            subject = f"{title}: {listed([part.title for part in said])}"
            body = "\n\n".join(part.text() for part in said)
            told = [one for part in said for one in part.references[:MAX_LINES]]
            yield Notification(
                self.person,
                KIND,
                key,
                subject,
                body,
                path,
                wait_for_working_hours=True,
                references=told,
                opens="Open your first page" if path == "/" else "Open your team's actions",
            )

    @property
    def _today(self) -> date:
        return working_hours.local_day(self.person, timezone.now())

    def _own(self) -> list[Part]:
        actions = [row for row in self.facts.actions[self.person.pk] if self._sees(row)]
        soon = [row for row in actions if row.due_on and self._today <= row.due_on < self._today + WEEK]
        proposals = [row for row in actions if row.state == ActionItem.State.PROPOSED]
        return [
            _part(self._late(actions), "action late", "actions late", self._late_line),
            _part(soon, "action due", "actions due", _due_line),
            _part(proposals, "proposal to commit to", "proposals to commit to", _line),
            _part(self.facts.meetings[self.person.pk], "meeting", "meetings", self._meeting_line),
        ]

    def _of_team(self, team: Team) -> list[Part]:
        others = [key for key in self.facts.members[team.pk] if key != self.person.pk]
        actions = [row for key in others for row in self.facts.actions[key] if self._sees(row)]
        promised = [row for row in self.facts.promises[team.pk] if self._sees(row)]
        kinds = {kind: [row for row in promised if row.kind == kind] for kind in Promise.Kind}
        return [
            _part(self._late(actions), "action late", "actions late", self._late_line),
            *(_part(rows, *_PROMISED[kind], self._promise_line) for kind, rows in kinds.items()),
        ]

    def _sees(self, row: ActionItem | Promise) -> bool:
        return self.facts.sees(self.person, row)

    def _late(self, actions: Iterable[ActionItem]) -> list[ActionItem]:
        return [row for row in actions if row.due_on and row.due_on < self._today]

    def _late_line(self, action: ActionItem) -> str:
        days = (self._today - action.due_on).days if action.due_on else 0
        whose = "" if action.owner == self.person or action.owner is None else f", {action.owner.name}"
        return f"{action.key}{whose}, {phrasing.counted(days, 'day')} late: {action.text}"

    def _meeting_line(self, meeting: Meeting) -> str:
        when = phrasing.day_and_time(meeting.starts_at, self.person.zone)
        return f"{when}: {meeting.get_kind_display().lower()} of {meeting.postmortem.incident.outside_line}"

    def _promise_line(self, promise: Promise) -> str:
        left = promise.due_at - timezone.now()
        when = f"{approximate_span(left)} late" if left < timedelta() else f"in {approximate_span(left)}"
        lacks = f" ({lacking})" if (lacking := promise.postmortem.closed_without) else ""
        return f"{promise.postmortem.key}, {when}: {promise.postmortem.incident.outside_name}{lacks}"


_PROMISED = {
    Promise.Kind.MEETING: ("meeting to schedule", "meetings to schedule"),
    Promise.Kind.SUMMARY: ("summary to share", "summaries to share"),
    Promise.Kind.CHECK_IN: ("check-in to hold", "check-ins to hold"),
}


def _part(rows: Sequence[Row], one: str, many: str, line: Callable[[Row], str]) -> Part:
    return Part(
        phrasing.counted(len(rows), one, many), [line(row) for row in rows], [_reference(row) for row in rows]
    )


def _reference(row: ActionItem | Promise | Meeting) -> Reference:
    return row.reference if isinstance(row, ActionItem) else row.postmortem.reference


def _line(action: ActionItem) -> str:
    return f"{action.key}: {action.text}"


def _due_line(action: ActionItem) -> str:
    return f"{action.key}, {action.due_on:%A}: {action.text}" if action.due_on else _line(action)
