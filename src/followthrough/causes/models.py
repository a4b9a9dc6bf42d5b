"""Why it happened."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import LineField, ProseField
from followthrough.postmortems.models import Record


class Cause(Record):
    """One node of the why tree; a node without a parent answers the first why. `position` orders siblings."""

    class Category(models.TextChoices):
        PROCESS = "process", "Process"
        CONFIGURATION = "configuration", "Configuration"
        CODE = "code", "Code"
        INFRASTRUCTURE = "infrastructure", "Infrastructure"
        MONITORING = "monitoring", "Monitoring"
        COMMUNICATION = "communication", "Communication"
        DEPENDENCIES = "dependencies", "Dependencies"
        PEOPLE = "people", "People as context"

    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    position = models.FloatField(default=0)
    text = ProseField(max_length=4_000, blank=True)
    category = LineField(max_length=16, choices=Category, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    evidence = models.ManyToManyField("timeline.Entry", related_name="causes")

    class Meta:
        indexes = [models.Index(fields=["postmortem", "position"])]

    def __str__(self) -> str:
        return self.text


class Finding(Record):
    """What the meeting holds to be so, promoted from a cause or stated by itself."""

    class Kind(models.TextChoices):
        ROOT_CAUSE = "root_cause", "Root cause"
        CONTRIBUTING_FACTOR = "contributing_factor", "Contributing factor"
        TRIGGER = "trigger", "Trigger"
        DETECTION_GAP = "detection_gap", "Detection gap"
        HANDOFF_GAP = "handoff_gap", "Handoff gap"
        LUCK = "luck", "Luck"
        WENT_WELL = "went_well", "What went well"

    NEEDS_ACTION = (
        Kind.ROOT_CAUSE,
        Kind.CONTRIBUTING_FACTOR,
        Kind.TRIGGER,
        Kind.DETECTION_GAP,
        Kind.HANDOFF_GAP,
    )

    cause = models.ForeignKey(Cause, null=True, on_delete=models.SET_NULL, related_name="findings")
    kind = LineField(max_length=20, choices=Kind)
    text = ProseField(max_length=4_000)
    position = models.FloatField(default=0)
    no_action_reason = LineField(max_length=500, blank=True)
    no_action_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.text

    @property
    def needs_action(self) -> bool:
        """Luck and what went well are kept, not acted on."""
        return self.kind in self.NEEDS_ACTION
