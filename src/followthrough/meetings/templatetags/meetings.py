"""What lists say of a meeting."""

from __future__ import annotations

from django import template

from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import time_met

register = template.Library()


@register.filter
def minutes_met(meeting: Meeting) -> int:
    """How long it really was in minutes, all its sittings together."""
    return round(time_met(meeting).total_seconds() / 60)
