"""What this room adds to the settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.notifications.queries import failed_mail


def reminders_setting(request: HttpRequest, _: object) -> str:
    return render_to_string("notifications/reminders_setting.html", {}, request)


def work_setting(request: HttpRequest, _: object) -> str:
    """Says at once where mail has failed."""
    failed = failed_mail().count()
    words = f"{failed} failed mail{'' if failed == 1 else 's'} to look at." if failed else ""
    return render_to_string("notifications/background_work_setting.html", {"words": words}, request)
