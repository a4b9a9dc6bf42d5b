"""Signed links that answer an invitation: for one person and one meeting, good until the meeting begins."""

from __future__ import annotations

from django.core import signing

from followthrough.meetings.models import Meeting
from followthrough.people.models import User

SALT = "meetings.answers"


def links_for(meeting: Meeting, person: User) -> list[tuple[str, str]]:
    """(label, path) of the answers, for somebody who has a seat."""
    token = signing.dumps([meeting.pk, person.pk], salt=SALT)
    ways = {"accepted": "I will come", "maybe": "Perhaps", "declined": "I cannot come"}
    return [(label, f"/answers/{token}/{way}/") for way, label in ways.items()]
