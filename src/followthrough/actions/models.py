"""What was decided to be done."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from followthrough.core.fields import LineField, ProseField, UrlField
from followthrough.notifications.models import Reference
from followthrough.postmortems.models import Record

ASKED = "Asked"


class ActionItem(Record):
    """One decision: a specific text, one owner, a due date."""

    class Kind(models.TextChoices):
        PREVENT = "prevent", "Prevent"
        DETECT = "detect", "Detect"
        MITIGATE = "mitigate", "Mitigate"
        PROCESS = "process", "Process"
        LEARN = "learn", "Learn"

    class Priority(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        COMMITTED = "committed", "Committed"
        IN_PROGRESS = "in_progress", "In progress"
        DONE = "done", "Done"
        VERIFIED = "verified", "Verified"
        DECLINED = "declined", "Declined"

    class Stage(models.IntegerChoices):
        """The order of lists: what is open first."""

        OPEN = 0, "Open"
        FINISHED = 1, "Finished"
        DECLINED = 2, "Declined"
        REMOVED = 3, "Removed"

    OPEN = (State.PROPOSED, State.COMMITTED, State.IN_PROGRESS)
    FINISHED = (State.DONE, State.VERIFIED)

    number = models.PositiveIntegerField(unique=True, help_text="What people call it by: ACT-31.")
    finding = models.ForeignKey(
        "causes.Finding", null=True, on_delete=models.SET_NULL, related_name="actions"
    )
    text = ProseField(max_length=1_000)
    kind = LineField(max_length=10, choices=Kind, default=Kind.PREVENT)
    priority = LineField(max_length=8, choices=Priority, default=Priority.MEDIUM)
    state = LineField(max_length=12, choices=State, default=State.PROPOSED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="owned_actions"
    )
    due_on = models.DateField(null=True)
    collaborators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shared_actions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    wording_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    replaces = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="successors",
        help_text="What did not hold.",
    )
    no_finding_reason = LineField(
        max_length=300, blank=True, help_text="Why it answers no finding, where it was added later."
    )
    given_at = models.DateTimeField(null=True, help_text="Since when its owner has it.")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, help_text="Since when its owner owes an answer.")
    accepted_at = models.DateTimeField(null=True, help_text="When its owner said that it is theirs.")
    proposed_due_on = models.DateField(null=True, help_text="The date that its owner would rather have.")
    proposed_at = models.DateTimeField(null=True)
    handed_back_at = models.DateTimeField(null=True)
    handed_back_reason = LineField(max_length=500, blank=True)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proof = LineField(max_length=500, blank=True, help_text="The word or link that shows that it held.")
    early_reason = LineField(
        max_length=300, blank=True, help_text="Why it was verified before its kind can usually be judged."
    )
    failed_at = models.DateTimeField(null=True, help_text="When somebody first saw that it did not hold.")
    decline_reason = LineField(max_length=500, blank=True)
    stage = models.GeneratedField(
        expression=Case(
            When(removed_at__isnull=False, then=Value(3)),
            When(state__in=["proposed", "committed", "in_progress"], then=Value(0)),
            When(state="declined", then=Value(2)),
            default=Value(1),
        ),
        output_field=models.PositiveSmallIntegerField(choices=Stage),
        db_persist=True,
    )
    due_order = models.GeneratedField(
        expression=Coalesce("due_on", Value(date.max)), output_field=models.DateField(), db_persist=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["stage", "due_order", "number", "postmortem"], name="action_queue"),
            models.Index(fields=["owner", "stage", "due_order", "number"], name="action_queue_of_owner"),
            models.Index(fields=["state", "due_order", "number"], name="action_queue_of_state"),
            models.Index(fields=["state", "-done_at"]),
        ]
        verbose_name = "action item"

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"/actions/{self.key}/"

    @property
    def key(self) -> str:
        return f"ACT-{self.number}"

    @property
    def reference(self) -> Reference:
        return ("action", self.number)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def has_failed(self) -> bool:
        """It was done and did not hold, and nobody has taken it up again."""
        failed = self.state == self.State.DONE and self.failed_at
        return bool(failed and (self.done_at is None or failed >= self.done_at))

    @property
    def awaits_answer(self) -> bool:
        """Whether its owner was asked and has neither accepted it nor handed it back."""
        return bool(self.is_open and self.owner_id and self.asked_at and not self.accepted_at)

    @property
    def awaits_date(self) -> bool:
        """Whether its owner takes it on by another date, which whoever asked them has not agreed to yet."""
        return bool(self.awaits_answer and self.proposed_due_on)

    @property
    def is_asked(self) -> bool:
        """Whether it becomes a promise as soon as its owner accepts it."""
        return self.state == self.State.PROPOSED and self.awaits_answer

    @property
    def state_words(self) -> str:
        """Where it stands, as people read it: a proposal whose owner was asked is "Asked"."""
        return ASKED if self.is_asked else str(self.State(self.state).label)

    @property
    def is_on_behalf(self) -> bool:
        """Whether somebody else committed to it for its owner, who has not accepted it yet."""
        return bool(self.committed_by_id and self.committed_by_id != self.owner_id and not self.accepted_at)

    @property
    def days_late(self) -> int:
        """Days since its date while it is still open; 0 until then."""
        return max(0, -self.days_left) if self.is_open and self.days_left is not None else 0

    @property
    def days_left(self) -> int | None:
        """Days until its date on the viewer's calendar, below zero after it; None without a date."""
        return (self.due_on - timezone.localdate()).days if self.due_on else None


class JudgementDelay(models.Model):
    """How long actions of one kind have to be done before somebody can say that they held."""

    kind = LineField(max_length=10, choices=ActionItem.Kind, unique=True)
    days = models.PositiveSmallIntegerField()

    USUAL_DAYS = 7
    MOST_DAYS = 90

    def __str__(self) -> str:
        return f"{self.days} days for {self.get_kind_display()}"

    @property
    def topic(self) -> str:
        return "organisation"


class ActionLink(models.Model):
    """Where the work is done: a ticket, a change, a page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    action = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="links")
    title = LineField(max_length=200, blank=True)
    url = UrlField(max_length=1000)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "link"

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def topic(self) -> str:
        return self.action.topic
