"""The counts (badges) of the navigation, which every page draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.utils import timezone

from followthrough.actions import queries as actions
from followthrough.home.queries.cached_figures import cached_figures
from followthrough.incidents.queries import hidden_from
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User

STILL_UNDER_WAY = timedelta(hours=12)
"""So long after its start a meeting that nobody opened is no longer ahead."""


@dataclass(frozen=True)
class Counts:
    """What one person may see of what waits: meetings ahead, late actions; and unread messages."""

    meetings: int
    late: int
    unread: int


def counts_for(person: User) -> Counts:
    """All counts of the frame. For stakeholders only their unread messages are looked at."""
    unread = Message.objects.filter(person=person, read_at=None).count()
    if not person.is_member:
        return Counts(meetings=0, late=0, unread=unread)
    return Counts(unread=unread, **cached_figures("frame", person, lambda: _seen_by(person)))


def _seen_by(person: User) -> dict[str, int]:
    """One query on indexes."""
    wanted: dict[str, QuerySet[Any]] = {
        "meetings": meetings_ahead(person, now=timezone.now()),
        "late": actions.late(actions.visible_to(person)),
    }
    values = {name: Subquery(_counted(rows)) for name, rows in wanted.items()}
    row: dict[str, Any] = dict(User.objects.filter(pk=person.pk).values(**values).get())
    return {name: row[name] or 0 for name in wanted}


def meetings_ahead(person: User, *, now: datetime) -> QuerySet[Meeting]:
    """Post-mortem meetings that are under way or still to come."""
    return Meeting.objects.filter(
        kind=Meeting.Kind.POSTMORTEM,
        state__in=(Meeting.State.SCHEDULED, Meeting.State.LIVE),
        starts_at__gte=now - STILL_UNDER_WAY,
    ).exclude(postmortem__in=hidden_from(person).values("pk"))


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    counted = Func(template="COUNT(*)", output_field=IntegerField())
    return rows.order_by().values(counted=counted)
