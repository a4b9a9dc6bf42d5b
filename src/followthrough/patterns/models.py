"""What recurs, drawn from confirmed findings and finished actions, and what people said of it.

Restricted incidents take no part in any of it, for nobody, so that no count, lane or statistic tells of them.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause
from followthrough.core.fields import DataField, LineField, NameField, ProseField
from followthrough.facts.models import Mechanism
from followthrough.incidents.models import Incident, Service, Tag
from followthrough.similarity import models as _similar  # noqa: F401 - Django looks for models here


class Pattern(models.Model):
    """What struck in two or more incidents of the last twelve months: those of one tag (as soon as they carry it), or, of the incidents without
    tags, those where a cause of one sort struck one service; those with one other mechanism; or those that people
    joined (`by_people`).

    `chart_data` is what its drawing shows: {"incidents": [[key, ISO moment, minutes]], "done": [ISO moment],
    "open": [ISO moment]}. `signature` is equal for patterns of the very same incidents. `months` are its incidents in
    fifteen months, oldest first; `p` is the chance of so many lately, `q` the same adjusted for all patterns.
    What people said stays: its name, that it is dismissed, and what it is merged into.
    """

    class State(models.TextChoices):
        WORSE = "worse", "getting worse"
        DID_NOT_HOLD = "did_not_hold", "fix did not hold"
        NO_ACTION = "no_action", "no action yet"
        UNDER_WAY = "under_way", "fix under way"
        QUIET = "quiet", "quiet since the fix"

    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="patterns")
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="patterns")
    category = LineField(max_length=16, choices=Cause.Category, blank=True)
    mechanism = LineField(max_length=20, choices=Mechanism, default=Mechanism.CAUSE)
    by_people = models.BooleanField(default=False, help_text="Joined by people, not by what findings say.")
    name = NameField(max_length=200)
    is_named = models.BooleanField(default=False, help_text="A person chose the name.")
    dismissed_at = models.DateTimeField(null=True)
    dismissal_reason = LineField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    signature = LineField(max_length=64)
    state = LineField(max_length=12, choices=State)
    base_state = LineField(
        max_length=12,
        choices=State,
        default=State.NO_ACTION,
        help_text="Its state while it is not getting worse.",
    )
    urgency = models.PositiveSmallIntegerField(help_text="0 is what needs people most.")
    incidents = models.PositiveIntegerField()
    actions = models.PositiveIntegerField()
    unfinished = models.PositiveIntegerField()
    last_at = models.DateTimeField(null=True, help_text="When it struck last.")
    fixed_at = models.DateTimeField(null=True, help_text="When its last finished action was done.")
    came_back_days = models.PositiveIntegerField(
        null=True, help_text="Days from an action's “done” to the next incident, the latest such."
    )
    usual_gap_days = models.PositiveIntegerField(help_text="Median of the days between two incidents.")
    services = DataField(help_text="Names of the services that it struck, the most struck first.")
    affected_services: models.ManyToManyField[Service, models.Model] = models.ManyToManyField(
        Service, related_name="+"
    )
    categories = DataField(help_text="Sorts of causes, the most frequent first.")
    chart_data = DataField()
    months = DataField(default=list)
    p = models.FloatField(default=1.0)
    q = models.FloatField(default=1.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "service", "category", "mechanism"],
                condition=models.Q(by_people=False),
                name="pattern_once",
                nulls_distinct=False,
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

    @property
    def topic(self) -> str:
        return f"pattern:{self.pk}"

    @property
    def is_kept(self) -> bool:
        """People said something of it, so it stays even when nothing of it is left in twelve months."""
        return self.by_people or self.is_named or bool(self.dismissed_at or self.merged_into_id)


class PatternMembership(models.Model):
    """Membership: a person's word that an incident belongs to a pattern, or does not."""

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="memberships")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    belongs = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pattern", "incident"], name="pattern_membership_once")
        ]

    def __str__(self) -> str:
        return f"INC-{self.incident_id} {'belongs' if self.belongs else 'does not belong'} to {self.pattern}"


class Remark(models.Model):
    """One contribution to the discussion of a pattern."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="remarks")
    text = ProseField(max_length=4_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text

    @property
    def topic(self) -> str:
        return self.pattern.topic


class Proposal(models.Model):
    """Incidents whose words are alike, for people to make a pattern of or not. `signature` names them exactly."""

    signature = LineField(max_length=64, unique=True)
    words = DataField(help_text="The words that they share, the most telling first.")
    incidents: models.ManyToManyField[Incident, models.Model] = models.ManyToManyField(
        Incident, related_name="+"
    )
    size = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    settled_at = models.DateTimeField(
        null=True, help_text="When somebody made a pattern of it or refused to."
    )

    class Meta:
        indexes = [models.Index(fields=["settled_at", "-size", "-id"])]

    def __str__(self) -> str:
        return ", ".join(self.words)

    @property
    def topic(self) -> str:
        return "organisation"


class Strike(models.Model):
    """An incident that came much alike an earlier one while the fix of that one was open, or done and not verified."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "action"], name="strike_once")]

    def __str__(self) -> str:
        return f"INC-{self.incident_id} struck again"
