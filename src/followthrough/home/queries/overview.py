"""The six cells of the overview: what the organisation still has to follow through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.core.times import approximate_span, day_in_words
from followthrough.facts.queries import MIN_ACTIONS, Share, fixes
from followthrough.home.queries.navigation_counts import meetings_ahead
from followthrough.incidents.queries import hidden_from
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise

Kind = Promise.Kind


@dataclass(frozen=True)
class Cell:
    """One figure of the loop with what to know about it; `late` where a date has passed."""

    name: str
    figure: str
    words: str
    url: str
    late: bool = False


def open_promises(person: User) -> QuerySet[Promise]:
    """Promises neither kept nor dropped that `person` may know of; a meeting's only until it has a time."""
    return (
        Promise.objects.filter(kept_at=None, dropped_at=None)
        .filter(~Q(kind=Kind.MEETING) | Q(postmortem__state=PostMortem.State.TO_SCHEDULE))
        .exclude(postmortem__in=hidden_from(person).values("pk"))
    )


def cells_for(person: User) -> list[Cell]:
    """The cells in the order of the loop; a fixed number of queries."""
    now = timezone.localtime()
    grouped = (
        open_promises(person).order_by().values("kind").annotate(in_all=Count("pk"), first=Min("due_at"))
    )
    promised: dict[str, dict[str, Any]] = {row["kind"]: dict(row) for row in grouped}
    return [
        _to_schedule(promised.get(Kind.MEETING), now),
        _meetings(person, now),
        _summaries(promised.get(Kind.SUMMARY), now),
        _actions(person),
        _check_ins(promised.get(Kind.CHECK_IN), now),
        _fixes(fixes(now)),
    ]


def _to_schedule(row: dict[str, Any] | None, now: datetime) -> Cell:
    name, url = "To schedule", "/meetings/?show=to-schedule"
    if row is None:
        return Cell(name, "0", "every window is taken care of", url)
    closes = row["first"]
    words = (
        f"meeting window closed {approximate_span(closes - now)} ago"
        if closes < now
        else f"meeting window closes in {approximate_span(closes - now)}"
    )
    return Cell(name, str(row["in_all"]), words, url, late=closes < now)


def _meetings(person: User, now: datetime) -> Cell:
    row = meetings_ahead(person, now=now).aggregate(in_all=Count("pk"), first=Min("starts_at"))
    if not row["in_all"]:
        return Cell("Meetings ahead", "0", "none has a time yet", "/meetings/")
    first = timezone.localtime(row["first"])
    words = "one is due to be under way" if first < now else f"next: {day_in_words(first, now)} {first:%H:%M}"
    return Cell("Meetings ahead", str(row["in_all"]), words, "/meetings/")


def _summaries(row: dict[str, Any] | None, now: datetime) -> Cell:
    name, url = "Summaries due", "/due/summaries/"
    if row is None:
        return Cell(name, "0", "all shared", url)
    due = row["first"]
    words = (
        f"late by {approximate_span(now - due)}" if due < now else f"next in {approximate_span(due - now)}"
    )
    return Cell(name, str(row["in_all"]), words, url, late=due < now)


def _actions(person: User) -> Cell:
    late = Count("number", filter=Q(due_order__lt=timezone.localdate()))
    rows = actions.visible_to(person).filter(stage=ActionItem.Stage.OPEN)
    row = rows.aggregate(in_all=Count("number"), late=late)
    words = f"{row['late']} past their date" if row["late"] else "none past its date"
    url = "/actions/?who=all&state=late" if row["late"] else "/actions/?who=all"
    return Cell("Open actions", f"{row['in_all']:,}", words, url, late=bool(row["late"]))


def _check_ins(row: dict[str, Any] | None, now: datetime) -> Cell:
    name, url = "Check-ins", "/due/check-ins/"
    if row is None:
        return Cell(name, "0", "none is due", url)
    due = timezone.localtime(row["first"])
    words = f"late since {day_in_words(due, now)}" if due < now else day_in_words(due, now)
    return Cell(name, str(row["in_all"]), words, url, late=due < now)


def _fixes(share: Share) -> Cell:
    name, url = "Fixes that held", "/patterns/"
    if not share.is_enough:
        return Cell(name, "–", f"not enough yet: {share.whole} of {MIN_ACTIONS} judged", url)
    return Cell(name, f"{share.percent} %", f"of {share.whole:,}, last 12 months", url)
