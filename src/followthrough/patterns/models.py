"""What recurs, drawn from confirmed findings and finished actions. Every row here can be made again from those.

Restricted incidents take no part in it, so that nothing here tells of them.
"""

from __future__ import annotations

from django.db import models

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.incidents.models import Incident, Service, Tag


class Occurrence(models.Model):
    """A sort of cause struck a service in an incident that carries a tag (or none), as its findings say.

    One row for each service, category and tag of the incident; two incidents with such a row in common are of a kind.
    """

    CONFIRMED_BY = (Finding.Kind.ROOT_CAUSE, Finding.Kind.CONTRIBUTING_FACTOR)

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="occurrences")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    category = models.CharField(max_length=16, choices=Cause.Category)
    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    minutes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "service", "category", "tag"],
                name="occurrence_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["tag", "began_at"]),
            models.Index(fields=["service", "category", "began_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} struck {self.service} in INC-{self.incident_id}"


class Pattern(models.Model):
    """What struck in two or more incidents of the last twelve months: those of one tag, or, of the incidents without
    tags, those where a cause of one sort struck one service.

    `lane` is what its drawing shows: {"incidents": [[key, ISO moment, minutes]], "done": [ISO moment],
    "open": [ISO moment]}. `signature` is equal for patterns of the very same incidents.
    """

    class State(models.TextChoices):
        WORSE = "worse", "getting worse"
        DID_NOT_HOLD = "did_not_hold", "fix did not hold"
        NO_ACTION = "no_action", "no action yet"
        UNDER_WAY = "under_way", "fix under way"
        QUIET = "quiet", "quiet since the fix"

    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="patterns")
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="patterns")
    category = models.CharField(max_length=16, choices=Cause.Category, blank=True)
    name = models.CharField(max_length=200)
    signature = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State)
    urgency = models.PositiveSmallIntegerField(help_text="0 is what needs people most.")
    incidents = models.PositiveIntegerField()
    actions = models.PositiveIntegerField()
    unfinished = models.PositiveIntegerField()
    last_at = models.DateTimeField(help_text="When it struck last.")
    fixed_at = models.DateTimeField(null=True, help_text="When its last finished action was done.")
    usual_gap_days = models.PositiveIntegerField(help_text="Median of the days between two incidents.")
    services = models.JSONField(help_text="Names of the services that it struck, the most struck first.")
    categories = models.JSONField(help_text="Sorts of causes, the most frequent first.")
    lane = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "service", "category"], name="pattern_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["urgency", "-incidents", "-id"]),
            models.Index(fields=["signature"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/patterns/{self.pk}/"


class Outcome(models.Model):
    """How one promised action turned out. Each field is empty while it cannot be said yet."""

    action = models.OneToOneField(
        ActionItem, on_delete=models.CASCADE, primary_key=True, related_name="turned_out"
    )
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    due_month = models.DateField(null=True, help_text="First day of the month in which it was due.")
    in_time = models.BooleanField(null=True, help_text="Done by the end of its due date.")
    category = models.CharField(max_length=16, blank=True, help_text="Of the cause that it answers.")
    finished_at = models.DateTimeField(null=True)
    held = models.BooleanField(
        null=True,
        help_text="Since it was done, nothing of a kind struck: service, sort of cause and tag in common.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["due_month", "in_time"]),
            models.Index(fields=["finished_at", "held"]),
        ]

    def __str__(self) -> str:
        return f"how {self.action.key} turned out"


class Stale(models.Model):
    """An incident that changed since what is drawn from it was last written."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"INC-{self.incident_id}"
