"""Metrics, outcomes and occurrences: what pages count and compare, kept as rows so that they need not look at everything.

Restricted incidents take no part in any of it, for nobody. The tables keep the names that they had in `patterns`.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.core.fields import DataField, LineField
from followthrough.incidents.models import Incident, Service, Tag


class Mechanism(models.TextChoices):
    """How a cause made itself felt, as a finding or a stage of the response says."""

    CAUSE = "cause", "Cause"
    TRIGGER = Finding.Kind.TRIGGER.value, "Trigger"
    DETECTION_GAP = Finding.Kind.DETECTION_GAP.value, "Detection gap"
    HANDOFF_GAP = Finding.Kind.HANDOFF_GAP.value, "Handoff gap"
    SLOW_TO_DETECT = "slow_to_detect", "Slow to detect"
    SLOW_TO_ACKNOWLEDGE = "slow_to_acknowledge", "Slow to acknowledge"
    SLOW_TO_MITIGATE = "slow_to_mitigate", "Slow to mitigate"
    SLOW_TO_RESOLVE = "slow_to_resolve", "Slow to resolve"


class Occurrence(models.Model):
    """A sort of cause struck a service in an incident that carries a tag (or none), as its findings say.

    One row for each service, category, mechanism and tag of the incident. Two incidents that share one of
    Mechanism.CAUSE are of a kind; until findings confirm a cause, an incident has its tags alone, with no category, which
    makes patterns but says nothing of fixes. Gaps at handoffs lie between teams, so they name no service; slow stages no category.
    """

    CONFIRMED_BY = (Finding.Kind.ROOT_CAUSE, Finding.Kind.CONTRIBUTING_FACTOR)

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="occurrences")
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="+")
    category = LineField(max_length=16, choices=Cause.Category, blank=True)
    mechanism = LineField(max_length=20, choices=Mechanism, default=Mechanism.CAUSE)
    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "patterns_occurrence"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "service", "category", "mechanism", "tag"],
                name="occurrence_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["tag", "began_at"]),
            models.Index(fields=["service", "category", "began_at"]),
            models.Index(
                fields=["mechanism", "service", "category", "began_at"], name="occurrence_mechanism"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} struck {self.service} in INC-{self.incident_id}"


class IncidentMetrics(models.Model):
    """What one open incident and its review took: what insights count. Each is empty while it is not known.

    Minutes are from the start to the milestone, for outages; shares are whether a promise was kept in time.
    """

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="metrics"
    )
    began_at = models.DateTimeField()
    detect = models.FloatField(null=True)
    acknowledge = models.FloatField(null=True)
    mitigate = models.FloatField(null=True)
    resolve = models.FloatField(null=True)
    reviewed_in_time = models.BooleanField(null=True)
    summary_in_time = models.BooleanField(null=True)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cost = models.FloatField(
        null=True, help_text="Lost revenue and people's hours, in the organisation's currency."
    )
    has_cause = models.BooleanField(default=False, help_text="Findings confirm a sort of cause.")
    recurred_at = models.DateTimeField(null=True, help_text="When the next incident of a kind began.")

    class Meta:
        db_table = "patterns_incidentmetrics"
        indexes = [models.Index(fields=["began_at"])]

    def __str__(self) -> str:
        return f"figures of INC-{self.incident_id}"


class MonthlyColumns(models.Model):
    """All figures and outcomes of the open incidents that began in one month, packed row by row (see monthly_rollup), so that
    a page reads a hundred thousand of them at once. `token` changes with each writing; `last_day` is the latest on which
    something of it counts, also a project that ended later."""

    month = LineField(primary_key=True, max_length=7)
    token = models.UUIDField(default=uuid.uuid4)
    last_day = models.DateField(default=date.min, help_text="The latest on which an action was due or done.")
    incidents = models.BinaryField(default=bytes)
    actions = models.BinaryField(default=bytes)
    services = models.BinaryField(default=bytes)
    teams = models.BinaryField(default=bytes)

    class Meta:
        db_table = "patterns_monthlycolumns"

    def __str__(self) -> str:
        return self.month


class Aggregate(models.Model):
    """Something counted over all open incidents, kept so that pages need not count. `key` says what (see aggregates)."""

    key = LineField(primary_key=True, max_length=20)
    value = DataField()
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "patterns_aggregate"

    def __str__(self) -> str:
        return self.key


class Outcome(models.Model):
    """How one promised action turned out. Each field is empty while it cannot be said yet."""

    action = models.OneToOneField(
        ActionItem, on_delete=models.CASCADE, primary_key=True, related_name="outcome"
    )
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    due_month = models.DateField(null=True, help_text="First day of the month in which it was due.")
    in_time = models.BooleanField(null=True, help_text="Done by the end of its due date.")
    category = LineField(max_length=16, blank=True, help_text="Of the cause that it answers.")
    finished_at = models.DateTimeField(null=True)
    recurred_at = models.DateTimeField(null=True, help_text="When the next incident of a kind began.")
    held = models.BooleanField(
        null=True,
        help_text="Nobody saw it fail, and since it was done nothing of a kind struck.",
    )

    class Meta:
        db_table = "patterns_outcome"
        indexes = [
            models.Index(fields=["due_month", "in_time"]),
            models.Index(fields=["finished_at", "held"]),
        ]

    def __str__(self) -> str:
        return f"how {self.action.key} turned out"


class RefreshQueue(models.Model):
    """An incident that changed since what is drawn from it was last written."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="+")

    class Meta:
        db_table = "patterns_refreshqueue"

    def __str__(self) -> str:
        return f"INC-{self.incident_id}"
