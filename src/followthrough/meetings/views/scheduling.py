"""Scheduling a meeting: finding its slot."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.calendars import queries as calendars
from followthrough.core.errors import DomainError, NotFound
from followthrough.core.headers import content_disposition
from followthrough.core.parsing import whole_number
from followthrough.meetings import incident_progress, involvement, phrasing, queries, slots
from followthrough.meetings.attendees import suggest
from followthrough.meetings.availability import Attendee
from followthrough.meetings.drawing import Picture, picture
from followthrough.meetings.forms import MeetingTimeForm, ReasonForm
from followthrough.meetings.itip import to_ics
from followthrough.meetings.models import Meeting
from followthrough.meetings.operations import invitations, scheduling
from followthrough.meetings.queries import Invitee
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem, Promise

MOST_SHOWN = 40
"""People in the list of who comes; the others are counted."""


@dataclass(frozen=True)
class Plan:
    """What the page knows when it proposes times.

    `assumed`: nobody was asked yet, so these are suggestions. `unread`: those whose calendars are not known, in words.
    """

    attendees: list[Attendee]
    assumed: list[Invitee]
    unread: str
    opens_at: datetime | None
    closes_at: datetime | None
    now: datetime

    def propose(self, minutes: int) -> slots.Proposal:
        return slots.propose(
            self.attendees, opens_at=self.opens_at, closes_at=self.closes_at, minutes=minutes, now=self.now
        )

    def drawn(self, proposal: slots.Proposal, zone: str) -> Picture | None:
        is_open = self.opens_at and self.closes_at and self.closes_at > self.now
        window = (self.opens_at, self.closes_at) if is_open and self.opens_at and self.closes_at else None
        return picture(self.attendees, proposal.slots, window=window, zone=zone)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def schedule(request: PersonRequest, pk: int) -> HttpResponse:
    """Proposed times with their reasons, or an own one; a meeting that has a time is moved."""
    postmortem = meeting_frame.find(request, pk)
    meeting = queries.current(postmortem)
    plan = _plan(postmortem, request)
    form = _form(request, postmortem, meeting, plan)
    warning = ""
    if form.is_bound and form.is_valid():
        warning = "" if form.cleaned_data["anyway"] else _warning(plan, form)
        if not warning and _settled(request, form, postmortem, meeting, plan):
            return redirect("schedule", postmortem.pk)
    return _page(request, postmortem, meeting, plan, form, warning)


def _form(
    request: PersonRequest, postmortem: PostMortem, meeting: Meeting | None, plan: Plan
) -> MeetingTimeForm:
    minutes = meeting.minutes if meeting else postmortem.incident.severity.meeting_minutes
    zones = {request.user.zone, postmortem.incident.zone, *(one.zone for one in plan.attendees)}
    initial = {"zone": request.user.zone, "minutes": minutes, "starts_at": _proposed(request)}
    return MeetingTimeForm(request.POST or None, zones=zones, initial=initial)


def _proposed(request: PersonRequest) -> datetime | None:
    """The time that somebody proposed, on the viewer's clock."""
    with suppress(ValueError, OverflowError):
        proposed = parse_datetime(request.GET.get("at", ""))
        return proposed.astimezone(ZoneInfo(request.user.zone)) if proposed and proposed.tzinfo else None
    return None


def _settled(
    request: PersonRequest,
    form: MeetingTimeForm,
    postmortem: PostMortem,
    meeting: Meeting | None,
    plan: Plan,
) -> bool:
    """Schedules or moves; whether that worked, else the form says why not."""
    starts_at, minutes = form.cleaned_data["starts_at"], form.cleaned_data["minutes"]
    try:
        if meeting:
            scheduling.move_meeting(meeting, starts_at=starts_at, minutes=minutes, by=request.user)
            messages.success(request, "The meeting moved; everyone who was asked is told.")
        else:
            invitations.invite_all(postmortem, plan.assumed, by=request.user)
            zone = form.cleaned_data["zone"]
            scheduling.schedule_meeting(
                postmortem, starts_at=starts_at, minutes=minutes, zone=zone, by=request.user
            )
            messages.success(request, "The meeting is scheduled; everyone who was asked is told.")
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _warning(plan: Plan, form: MeetingTimeForm) -> str:
    """What speaks against the time that somebody chose, in words; "" for nothing."""
    start, minutes = form.cleaned_data["starts_at"], form.cleaned_data["minutes"]
    slot = slots.check_slot(plan.attendees, start, minutes=minutes)
    doubts = slots.first_of(slot.missing)
    if plan.opens_at and start < plan.opens_at:
        doubts.insert(0, "it is before the window opens")
    if plan.closes_at and slot.ends_at > plan.closes_at and plan.closes_at > plan.now:
        doubts.insert(0, "it is after the window closes")
    return f"{doubts[0][0].upper()}{'; '.join(doubts)[1:]}." if doubts else ""


def _plan(postmortem: PostMortem, request: PersonRequest) -> Plan:
    now = timezone.now()
    window = postmortems.promise_of(postmortem, Promise.Kind.MEETING)
    opens_at, closes_at = (window.opens_at, window.due_at) if window else (None, None)
    invitees = queries.invitees_of(postmortem)
    assumed: list[Invitee] = []
    if not queries.participants_of(postmortem).exclude(person=postmortem.facilitator_id).exists():
        facts = involvement.facts_for(postmortem, request.user)
        known = [one.person.pk for one in invitees]
        assumed = [
            Invitee(row.person, reason=row.reason) for row in suggest(facts, apart_from=known) if row.required
        ]
    since = min(now, opens_at or now)
    until = max(now, closes_at or now) + slots.HORIZON
    attendees = queries.attendees_of(postmortem, [*invitees, *assumed], since=since, until=until)
    unread = _unread([one.person for one in (*invitees, *assumed)], now)
    return Plan(attendees, assumed, unread, opens_at, closes_at, now)


def _unread(people: list[User], now: datetime) -> str:
    """Whose calendars were not read in the last day: "anybody", or the names of up to four and a number."""
    known = calendars.read_lately(people, since=now - timedelta(days=1))
    names = [person.name for person in people if person.pk not in known]
    if names and len(names) == len(people):
        return "anybody"
    rest = [phrasing.counted(len(names) - 4, "other")] if len(names) > 5 else []
    return phrasing.listed([*names[: 4 if rest else 5], *rest])


def _page(
    request: PersonRequest,
    postmortem: PostMortem,
    meeting: Meeting | None,
    plan: Plan,
    form: MeetingTimeForm,
    warning: str,
) -> HttpResponse:
    minutes = _length(request, form)
    is_open = meeting is None or meeting.state == Meeting.State.SCHEDULED
    asked = list(queries.participants_of(postmortem))
    proposal = plan.propose(minutes) if is_open else slots.Proposal(())
    window = postmortems.promise_of(postmortem, Promise.Kind.MEETING)
    return meeting_frame.draw(
        request,
        "meetings/schedule.html",
        postmortem,
        page="schedule/",
        meeting=meeting,
        is_open=is_open,
        plan=plan,
        proposal=proposal,
        picture=plan.drawn(proposal, request.user.zone),
        window=window,
        countdown=incident_progress.window_countdown(window, plan.now) if window and not meeting else None,
        minutes=minutes,
        lengths=scheduling.LENGTHS_MINUTES,
        form=form,
        warning=warning,
        reason_form=ReasonForm(),
        participants=asked[:MOST_SHOWN],
        more_participants=len(asked) - len(asked[:MOST_SHOWN]),
        mine=next((one for one in asked if one.person_id == request.user.pk), None),
    )


def _length(request: PersonRequest, form: MeetingTimeForm) -> int:
    """The length that times are proposed for: what was asked, else what the severity says."""
    asked = request.GET.get("minutes", "")
    minutes = whole_number(asked) if asked else form.initial["minutes"]
    return minutes if minutes in scheduling.LENGTHS_MINUTES else scheduling.LENGTHS_MINUTES[0]


@require_POST
@for_members
@meeting_frame.refusing_to("schedule")
def cancellation(request: PersonRequest, pk: int) -> HttpResponse:
    """Calls the meeting off, for a reason."""
    postmortem = meeting_frame.find(request, pk)
    meeting = queries.current(postmortem)
    if meeting is None:
        raise DomainError("No meeting is scheduled, so there is nothing to call off.")
    scheduling.cancel_meeting(meeting, reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, "The meeting is called off; everyone who was asked is told why.")
    return redirect("schedule", postmortem.pk)


@require_POST
@for_members
@meeting_frame.refusing_to("schedule")
def attendance(request: PersonRequest, pk: int) -> HttpResponse:
    """The person's own answer to the invitation."""
    postmortem = meeting_frame.find(request, pk)
    invitations.answer_invitation(postmortem, response=request.POST.get("response", ""), by=request.user)
    messages.success(request, "Your answer is noted.")
    return redirect("schedule", postmortem.pk)


@require_safe
@for_members
def calendar_file(request: PersonRequest, pk: int, *, kind: str) -> HttpResponse:
    """The meeting, or the check-in, for a calendar; one that was called off takes itself out of it."""
    postmortem = meeting_frame.find(request, pk)
    meeting = queries.latest(postmortem, kind)
    if meeting is None:
        raise NotFound("It has no time yet, so there is nothing for a calendar.")
    method = "CANCEL" if meeting.state == Meeting.State.CANCELLED else "REQUEST"
    return HttpResponse(
        to_ics(meeting),
        content_type=f"text/calendar; charset=utf-8; method={method}",
        headers={"Content-Disposition": content_disposition(f"{postmortem.key}-{kind}.ics")},
    )
