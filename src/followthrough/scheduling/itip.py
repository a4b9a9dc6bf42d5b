"""iTIP messages (RFC 5546) and iCalendar files (RFC 5545) of meetings."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import day_and_time, name_of
from followthrough.meetings.queries import agenda_of, participants_of
from followthrough.people.models import User
from followthrough.postmortems.models import Participant

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event, vCalAddress

_ANSWERS = {
    Participant.Response.INVITED: "NEEDS-ACTION",
    Participant.Response.ACCEPTED: "ACCEPTED",
    Participant.Response.MAYBE: "TENTATIVE",
    Participant.Response.DECLINED: "DECLINED",
}


def to_ics(meeting: Meeting) -> bytes:
    """What everyone who comes is sent: a REQUEST, or a CANCEL once the meeting is called off."""
    cancelled = meeting.state == Meeting.State.CANCELLED
    event = _event(meeting)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    _add_people(event, meeting)
    if cancelled:
        event.add("comment", meeting.cancel_reason)
    return _message("CANCEL" if cancelled else "REQUEST", event)


def withdrawal(meeting: Meeting, person: User, *, unnamed: bool = False) -> str:
    """A CANCEL for one person who need not come any more; the meeting itself goes on.

    `unnamed` says nothing of the incident.
    """
    event = _outline(meeting) if unnamed else _event(meeting)
    if unnamed:
        event.add("summary", name_of(meeting).capitalize())
    event.add("organizer", _organizer(meeting))
    event.add("attendee", _address(person))
    return _message("CANCEL", event).decode()


def entry(meeting: Meeting) -> str:
    """The meeting as it lies in a CalDAV calendar, without the people."""
    event = _event(meeting)
    event.add("status", "CONFIRMED")
    return _message("", event).decode()


def subscribed(meeting: Meeting) -> Event:
    """The meeting as an event of a feed."""
    event = _event(meeting)
    event.add("status", "CONFIRMED")
    return event


def new_calendar(method: str = "") -> Calendar:
    """An empty calendar of ours."""
    from icalendar import Calendar  # noqa: PLC0415 - only calendar files need it

    calendar = Calendar()
    calendar.add("prodid", "-//Followthrough//Meetings//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    return calendar


def _message(method: str, event: Event) -> bytes:
    calendar = new_calendar(method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(meeting: Meeting) -> Event:
    incident = meeting.postmortem.incident
    room = f"{settings.BASE_URL}/incidents/{incident.key}/{_page(meeting)}"
    event = _outline(meeting)
    event.add("summary", summary_of(meeting))
    event.add("class", "PUBLIC" if incident.visibility == Incident.Visibility.OPEN else "PRIVATE")
    event.add_component(_alarm())
    event.add("location", room)
    event.add("url", room)
    event.add("description", _description(meeting, room))
    return event


def summary_of(meeting: Meeting) -> str:
    """What calendars show: of a restricted incident the number only, as others read them too."""
    incident = meeting.postmortem.incident
    sign = " " if incident.outside_name == incident.key else ": "
    return f"{name_of(meeting).capitalize()}{sign}{incident.outside_name}"


def _alarm() -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415 - only calendar files need it

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", "The meeting begins in ten minutes")
    alarm.add("trigger", timedelta(minutes=-10))
    return alarm


def _outline(meeting: Meeting) -> Event:
    """Which event it is, and when."""
    from icalendar import Event  # noqa: PLC0415 - only calendar files need it

    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", timezone.now())
    if meeting.created_at:
        event.add("created", meeting.created_at)
    event.add("last-modified", timezone.now())
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    return event


def _page(meeting: Meeting) -> str:
    return "check-in/" if meeting.kind == Meeting.Kind.CHECK_IN else "room/"


def _description(meeting: Meeting, room: str) -> str:
    incident = meeting.postmortem.incident
    first = [incident.outside_line, ""]
    if meeting.kind == Meeting.Kind.CHECK_IN:
        return "\n".join([*first, f"We look at each action and ask whether it held: {room}"])
    before = f"Read before: {settings.BASE_URL}/incidents/{incident.key}/pre-read/"
    steps = [f"{step.minutes:>3} min  {step.name}" for step in agenda_of(meeting)]
    return "\n".join([*first, *_since(meeting), f"The room: {room}", before, "", "Agenda", *steps])


def _since(meeting: Meeting) -> list[str]:
    """What became of the plan, once it began."""
    until, first = meeting.postmortem.reopened_until, meeting.started_at
    lines = (
        [f"Adjourned on {day_and_time(first, meeting.zone)}"] if first and first < meeting.starts_at else []
    )
    if until:
        lines.append(f"Its room is open again until {day_and_time(until, meeting.zone)}")
    return [*lines, ""] if lines else []


def _add_people(event: Event, meeting: Meeting) -> None:
    event.add("organizer", _organizer(meeting))
    facilitator = meeting.postmortem.facilitator
    for participant in participants_of(meeting.postmortem):
        address = _address(participant.person)
        answer = _ANSWERS[Participant.Response(participant.response)]
        address.params["PARTSTAT"] = answer
        address.params["ROLE"] = "REQ-PARTICIPANT" if participant.required else "OPT-PARTICIPANT"
        address.params["RSVP"] = "TRUE" if answer == "NEEDS-ACTION" else "FALSE"
        if participant.person == facilitator:
            address.params["ROLE"] = "CHAIR"
        event.add("attendee", address)


def _organizer(meeting: Meeting) -> vCalAddress:
    """Where answers go: the mailbox that is read here, else whoever scheduled it, for whom the product sends."""
    from icalendar import vCalAddress  # noqa: PLC0415 - only calendar files need it

    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if settings.REPLIES_ADDRESS or meeting.scheduled_by is None or not meeting.scheduled_by.is_active:
        address = vCalAddress(f"mailto:{settings.REPLIES_ADDRESS or sender}")
        address.params["CN"] = "Followthrough"
        return address
    address = _address(meeting.scheduled_by)
    address.params["SENT-BY"] = f"mailto:{sender}"
    return address


def _address(person: User) -> vCalAddress:
    from icalendar import vCalAddress  # noqa: PLC0415 - only calendar files need it

    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = person.name
    return address
