"""Meetings as calendar files (RFC 5545 and 5546)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from followthrough.meetings.models import Meeting
from followthrough.meetings.queries import participants_of
from followthrough.people.models import User
from followthrough.postmortems.models import Participant

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

_ANSWERS = {
    Participant.Response.INVITED: "NEEDS-ACTION",
    Participant.Response.ACCEPTED: "ACCEPTED",
    Participant.Response.DECLINED: "DECLINED",
}


def to_ics(meeting: Meeting) -> bytes:
    """The invitation as it stands: a REQUEST whose SEQUENCE is the revision, a CANCEL once it is called off."""
    from icalendar import Calendar  # noqa: PLC0415 - only calendar files need it

    calendar = Calendar()
    calendar.add("prodid", "-//Followthrough//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.state == Meeting.State.CANCELLED else "REQUEST")
    calendar.add_component(_event(meeting))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting) -> Event:
    from icalendar import Event  # noqa: PLC0415

    incident, cancelled = meeting.postmortem.incident, meeting.state == Meeting.State.CANCELLED
    page = "check-in/" if meeting.kind == Meeting.Kind.CHECK_IN else "pre-read/"
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{settings.BASE_URL.split('://')[-1]}")
    event.add("sequence", meeting.revision)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", f"{meeting.get_kind_display()}: {incident.title}")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", f"{settings.BASE_URL}/incidents/{incident.key}/{page}")
    if cancelled:
        event.add("comment", meeting.cancel_reason)
    if meeting.scheduled_by:
        event.add("organizer", _address(meeting.scheduled_by))
    facilitator = meeting.postmortem.facilitator
    if facilitator:
        event.add("attendee", _chair(facilitator))
    for participant in participants_of(meeting.postmortem):
        if participant.person != facilitator:
            event.add("attendee", _attendee(participant))
    return event


def _chair(facilitator: User) -> vCalAddress:
    address = _address(facilitator)
    address.params["ROLE"] = "CHAIR"
    return address


def _attendee(participant: Participant) -> vCalAddress:
    address = _address(participant.person)
    address.params["PARTSTAT"] = _ANSWERS[Participant.Response(participant.response)]
    address.params["ROLE"] = "REQ-PARTICIPANT" if participant.required else "OPT-PARTICIPANT"
    return address


def _address(person: User) -> vCalAddress:
    from icalendar import vCalAddress  # noqa: PLC0415

    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = person.name
    return address
