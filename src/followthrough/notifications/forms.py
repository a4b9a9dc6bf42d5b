"""What administrators fill in about reminders."""

from __future__ import annotations

from django import forms

from followthrough.notifications.models import ReminderSettings


class ReminderSettingsForm(forms.ModelForm[ReminderSettings]):
    """When people are reminded, in groups as the page shows them."""

    GROUPS = (
        (
            "Actions",
            "Before an action’s date, on it, and after it; then whoever leads the owner’s team, then administrators.",
            (
                "action_before_days",
                "action_again_days",
                "action_lead_days",
                "action_administrator_days",
                "proposed_working_days",
            ),
        ),
        (
            "The meeting’s window",
            "Whoever opened the post-mortem hears when the meeting’s window opens. While nothing is scheduled it goes on to:",
            ("window_lead_hours", "window_administrator_hours"),
        ),
        (
            "Before a meeting",
            "Everyone asked gets the pre-read, the facilitator the brief; before a check-in everyone is reminded.",
            ("pre_read_hours",),
        ),
        (
            "The summary",
            "It is due 24 hours after the meeting.",
            ("summary_owner_hours", "summary_lead_hours", "summary_administrator_hours"),
        ),
        (
            "The check-in",
            "The facilitator hears of one that was not held; where nobody opened it, it goes on to:",
            ("check_in_lead_hours", "check_in_administrator_hours"),
        ),
        ("Rhythm", "", ("waits_for_working_hours", "digests", "digest_weekday")),
    )

    class Meta:
        model = ReminderSettings
        fields = [field.name for field in ReminderSettings._meta.concrete_fields if field.name != "id"]
        help_texts = {
            "waits_for_working_hours": "On everyone’s own clock. What people do themselves, such as inviting, is mailed at once.",
            "digests": "To each person what is due from them, to each lead what is due from their teams.",
        }

    def groups(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        return [(title, words, [self[name] for name in names]) for title, words, names in self.GROUPS]
