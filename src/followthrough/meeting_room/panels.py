"""What the meeting room adds to the settings."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string


def questions_setting(request: HttpRequest, _: object) -> str:
    """The question bank among the settings."""
    return render_to_string("meeting_room/questions_setting.html", {}, request)
