"""What incidents refer to: severities, services, tags and the rules of review."""

from __future__ import annotations

from django.db import models

from followthrough.core.fields import LineField, NameField, SlugField
from followthrough.people.models import Team


class Severity(models.Model):
    """How grave an incident is; the smaller the rank the graver. Hours count from resolution."""

    name = NameField(max_length=16, unique=True)
    rank = models.PositiveSmallIntegerField(unique=True)
    meaning = LineField(max_length=200, blank=True)
    window_opens_hours = models.PositiveSmallIntegerField(default=48)
    window_closes_hours = models.PositiveSmallIntegerField(default=72)
    meeting_minutes = models.PositiveSmallIntegerField(default=60)

    class Meta:
        ordering = ["rank"]
        verbose_name_plural = "severities"

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"

    @property
    def window_opens_days(self) -> int:
        """The same for what is no outage, in working days."""
        return max(1, round(self.window_opens_hours / 24))

    @property
    def window_closes_days(self) -> int:
        return max(self.window_opens_days + 1, round(self.window_closes_hours / 24))


class Service(models.Model):
    """One entry of the service catalogue."""

    name = NameField(max_length=80, unique=True)
    slug = SlugField(max_length=80, unique=True)
    what = LineField(max_length=300, blank=True)
    owner = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="services")
    tier = models.PositiveSmallIntegerField(default=2, help_text="1 is what customers cannot do without.")
    objective = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="Availability objective in per cent of a month.",
    )
    revenue_per_hour = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    depends_on: models.ManyToManyField[Service, models.Model] = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="needed_by"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"


class Tag(models.Model):
    name = NameField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"


class ReviewRule(models.Model):
    """One rule of the set that says which incidents need a post-mortem; any that matches is enough."""

    class Fact(models.TextChoices):
        SEVERITY = "severity", "Severity is at least"
        DURATION = "duration", "It lasted at least (minutes)"
        DATA_LOSS = "data_loss", "Data was lost"
        CUSTOMER_IMPACT = "customer_impact", "Customers noticed"
        MONITORING_FAILED = "monitoring_failed", "No alert detected it"
        NOT_AN_OUTAGE = "not_an_outage", "It is another event than an outage"

    fact = LineField(max_length=20, choices=Fact, unique=True)
    threshold = models.PositiveIntegerField(null=True, blank=True, help_text="Severity rank, or minutes.")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.get_fact_display()

    @property
    def topic(self) -> str:
        return "organisation"
