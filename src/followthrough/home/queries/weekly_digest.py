"""Reading whose digest is due."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models

from followthrough.home.queries.digest_data import DigestData
from followthrough.home.weekly_digest import KIND, course
from followthrough.notifications.models import Deadline, ReminderSettings
from followthrough.notifications.operations.escalation import Schedule
from followthrough.people.models import User


def missing(after: int, at_most: int) -> list[int]:
    """Members without a digest."""
    known = Deadline.objects.filter(kind=KIND).values("subject")
    rows = _members().filter(pk__gt=after).exclude(pk__in=known).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:at_most])


def _members() -> models.QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(role=User.Role.STAKEHOLDER)


def load(keys: Collection[int], reminder_settings: ReminderSettings) -> dict[int, Schedule]:
    """The course of each member's digests: this week's and the next."""
    people = list(_members().filter(pk__in=keys))
    facts = DigestData(people)
    return {person.pk: course(person, reminder_settings, facts) for person in people}
