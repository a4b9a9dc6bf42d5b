"""When people are reminded: a page for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from followthrough.notifications.forms import ReminderSettingsForm
from followthrough.notifications.operations import escalation
from followthrough.notifications.operations.reminder_settings import change_reminder_settings
from followthrough.people.access import PersonRequest, for_administrators


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def reminders(request: PersonRequest) -> HttpResponse:
    """All settings of reminders on one page."""
    form = ReminderSettingsForm(
        request.POST if request.method == "POST" else None, instance=escalation.reminder_settings()
    )
    if form.is_valid():
        change_reminder_settings(by=request.user, **form.cleaned_data)
        messages.success(request, "Saved. What is due already follows the new settings.")
        return redirect("reminders")
    return render(request, "notifications/reminders.html", {"form": form}, status=422 if form.errors else 200)
