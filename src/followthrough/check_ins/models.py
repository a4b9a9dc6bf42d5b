"""What check-ins said of actions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import LineField


class CheckInOutcome(models.Model):
    """What the check-in said of one action."""

    class Outcome(models.TextChoices):
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
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "meetings_checkinoutcome"

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def topic(self) -> str:
        return self.meeting.topic
