"""The weekly digest: to each person what is due from them, to each lead what is due from their teams.

Nothing to say, nothing sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar, cast

from django.db import models
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.core.times import roughly
from followthrough.meetings import words
from followthrough.meetings.digest_facts import WEEK, Facts
from followthrough.meetings.models import Meeting
from followthrough.meetings.operations.telling import path_of
from followthrough.notifications import hours, ladder
from followthrough.notifications.ladder import Course, Ladder, Rung, register
from followthrough.notifications.models import Deadline, Rhythm
from followthrough.notifications.operations import Telling
from followthrough.people.models import Team, User
from followthrough.postmortems.models import Promise

Row = TypeVar("Row", ActionItem, Promise, Meeting)
KIND = "digest"
MOST = 15
"""Lines of one sort; the page has the rest."""
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
"""A digest is never over, so that its week alone tells one from another."""


def register_ladder() -> None:
    """Called once, from this room's ready()."""
    register(Ladder(KIND, load, missing))
    for verb in ("set_up", "joined", "changed", "deactivated", "reactivated"):
        subscribe(User._meta.label_lower, verb, _refresh)


def _refresh(_: Activity, person: models.Model) -> None:
    ladder.refresh(KIND, [cast("User", person).pk])


def missing(after: int, at_most: int) -> list[int]:
    """Members without a digest."""
    known = Deadline.objects.filter(kind=KIND).values("subject")
    rows = _members().filter(pk__gt=after).exclude(pk__in=known).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:at_most])


def _members() -> models.QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(role=User.Role.STAKEHOLDER)


def load(keys: Collection[int], rhythm: Rhythm) -> dict[int, Course]:
    """The course of each member's digests: this week's and the next."""
    people = list(_members().filter(pk__in=keys))
    facts = Facts(people)
    return {person.pk: _course(person, rhythm, facts) for person in people}


def _course(person: User, rhythm: Rhythm, facts: Facts) -> Course:
    today = hours.local_day(person, timezone.now())
    monday = today - timedelta(days=today.weekday())
    weeks = (monday, monday + WEEK) if rhythm.digests else ()
    rungs = tuple(_rung(person, week + timedelta(days=rhythm.digest_weekday)) for week in weeks)
    return Course(_ALWAYS, rungs, Digest(person, facts).tell)


def _rung(person: User, day: date) -> Rung:
    year, week, _ = day.isocalendar()
    return Rung(f"{year}-W{week:02}", hours.opening(person, hours.working_day_from(person, day)))


@dataclass(frozen=True)
class Part:
    """One sort of things: what they are called with their number, a line for each, and their pages."""

    title: str
    lines: list[str]
    pages: list[str]

    def text(self) -> str:
        more = f"\nand {len(self.lines) - MOST} more" if len(self.lines) > MOST else ""
        return f"{self.title[0].upper()}{self.title[1:]}:\n" + "\n".join(self.lines[:MOST]) + more


@dataclass(frozen=True)
class Digest:
    """One person's digests of one day."""

    person: User
    facts: Facts

    def tell(self, _: Rung, key: str) -> Iterator[Telling]:
        """The person's own, and one for each team they lead; those with nothing to say are left out."""
        yield from self._telling(key, "Your week", self._own(), "/")
        for team in self.facts.led[self.person.pk]:
            parts = self._of_team(team)
            yield from self._telling(
                f"{key}:{team.pk}", f"{team.name}, this week", parts, "/actions/?who=team"
            )

    def _telling(self, key: str, title: str, parts: Iterable[Part], path: str) -> Iterator[Telling]:
        if said := [part for part in parts if part.lines]:
            subject = f"{title}: {words.listed([part.title for part in said])}"
            body = "\n\n".join(part.text() for part in said)
            pages = [page for part in said for page in part.pages[:MOST]]
            yield Telling(self.person, KIND, key, subject, body, path, waits=True, also=pages)

    @property
    def _today(self) -> date:
        return hours.local_day(self.person, timezone.now())

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
        return f"{action.key}{whose}, {words.counted(days, 'day')} late: {action.text}"

    def _meeting_line(self, meeting: Meeting) -> str:
        when = words.day_and_time(meeting.starts_at, self.person.zone)
        return f"{when}: {meeting.get_kind_display().lower()} of {meeting.postmortem.incident}"

    def _promise_line(self, promise: Promise) -> str:
        left = promise.due_at - timezone.now()
        when = f"{roughly(left)} late" if left < timedelta() else f"in {roughly(left)}"
        return f"{promise.postmortem.key}, {when}: {promise.postmortem.incident.title}"


_PROMISED = {
    Promise.Kind.MEETING: ("meeting to schedule", "meetings to schedule"),
    Promise.Kind.SUMMARY: ("summary to share", "summaries to share"),
    Promise.Kind.CHECK_IN: ("check-in to hold", "check-ins to hold"),
}


def _part(rows: Sequence[Row], one: str, many: str, line: Callable[[Row], str]) -> Part:
    return Part(
        words.counted(len(rows), one, many), [line(row) for row in rows], [_page_of(row) for row in rows]
    )


def _page_of(row: ActionItem | Promise | Meeting) -> str:
    return row.get_absolute_url() if isinstance(row, ActionItem) else path_of(row.postmortem)


def _line(action: ActionItem) -> str:
    return f"{action.key}: {action.text}"


def _due_line(action: ActionItem) -> str:
    return f"{action.key}, {action.due_on:%A}: {action.text}" if action.due_on else _line(action)
