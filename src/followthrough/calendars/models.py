"""What is known of calendars elsewhere."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from followthrough.core.fields import DataField, LineField, NameField, ProseField
from followthrough.people.models import Team


class RemoteCalendar(models.Model):
    """A calendar on another server. Address, name and password are encrypted and never shown again."""

    encrypted = ProseField(max_length=20_000)
    host = LineField(max_length=255, help_text="The server, which may be shown.")
    error = LineField(max_length=300, blank=True, help_text="Why the last try failed, in words.")
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def topic(self) -> str:
        return "organisation"


class BusyCalendar(RemoteCalendar):
    """Where a person's busy times are read from. Only `spans` are kept: [start, end] in seconds since 1970."""

    class Kind(models.TextChoices):
        ADDRESS = "address", "A secret address (ICS)"
        ACCOUNT = "account", "A CalDAV account"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendars")
    kind = LineField(max_length=8, choices=Kind)
    name = NameField(max_length=80)
    spans = DataField(default=list)
    zone = LineField(max_length=64, blank=True, help_text="All-day events were reckoned on its clock.")
    remark = LineField(
        max_length=300, blank=True, help_text="What was read, but perhaps not as it was meant."
    )
    known_until = models.DateTimeField(null=True)
    etag = LineField(max_length=300, blank=True)
    last_modified = LineField(max_length=60, blank=True)
    read_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class TeamCalendar(RemoteCalendar):
    """A team's CalDAV calendar that meetings are put into."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="calendar")
    written_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Calendar of {self.team}"


class CalendarCheck(models.Model):
    """What one person wants tried on another server, one at a time: a new calendar, a team's, or `calendar` again.

    The worker does it, so that no page waits for that server; the row stays to tell what came of it.
    """

    GIVEN_UP = timedelta(minutes=5)
    """Unfinished after so long, another check may take its place."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_check"
    )
    calendar = models.ForeignKey(BusyCalendar, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    kind = LineField(max_length=8, blank=True, help_text="Of a new calendar of the person's.")
    name = LineField(max_length=80)
    host = LineField(max_length=255)
    encrypted = ProseField(
        max_length=20_000, help_text="Address, name and password; empty once it was tried."
    )
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True, db_index=True)
    error = LineField(max_length=300, blank=True, help_text="Why it did not work, in words.")
    outcome = LineField(max_length=300, blank=True, help_text="What was found, in words.")

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return self.done_at is None and self.asked_at > timezone.now() - self.GIVEN_UP

    @property
    def waits_long(self) -> bool:
        """Whether no worker has begun it when one should have."""
        return self.claimed_at is None and self.asked_at < timezone.now() - timedelta(seconds=30)


class Holidays(models.Model):
    """Whose public holidays a person or a team keeps; `days` are {ISO date: name} of the years around now."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="holidays"
    )
    team = models.OneToOneField(Team, null=True, on_delete=models.CASCADE, related_name="holidays")
    country = LineField(max_length=2)
    region = LineField(max_length=12, blank=True)
    days = DataField(default=dict)

    class Meta:
        verbose_name_plural = "holidays"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person=None) ^ models.Q(team=None), name="holidays_of_person_or_team"
            )
        ]

    def __str__(self) -> str:
        return f"Public holidays of {self.country}"

    @property
    def topic(self) -> str:
        return "organisation"


class CalendarFeed(models.Model):
    """A person's private calendar feed; only the digest of its secret is kept."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed")
    secret_digest = LineField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Feed of {self.person}"

    @property
    def topic(self) -> str:
        return "organisation"
