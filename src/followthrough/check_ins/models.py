"""What check-ins said of actions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField


class CheckInOutcome(models.Model):
    """What the check-in said of one action."""

    class Outcome(models.TextChoices):
        ON_TRACK = "on_track", "On track"
        TOO_EARLY = "too_early", "Too early to say"
        DONE = "done", "Done"
        VERIFIED = "verified", "Verified: it held"
        NEW_DATE = "new_date", "New date"
        NEW_OWNER = "new_owner", "New owner"
        DECLINED = "declined", "Declined"
        DID_NOT_HOLD = "did_not_hold", "Did not hold"

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.CASCADE, related_name="outcomes")
    action = models.ForeignKey("actions.ActionItem", on_delete=models.CASCADE, related_name="outcomes")
    outcome = LineField(max_length=16, choices=Outcome)
    note = LineField(max_length=500, blank=True)
    successor = models.ForeignKey(
        "actions.ActionItem",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="What is done instead.",
    )
    before = DataField(default=dict, help_text="How the action was, for taking the answer back.")
    version_after = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "meetings_checkinoutcome"

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def can_be_taken_back(self) -> bool:
        """Whether the action still is as this answer left it; wants `action` loaded."""
        return bool(self.before) and self.version_after == self.action.version

    @property
    def topic(self) -> str:
        return self.meeting.topic
