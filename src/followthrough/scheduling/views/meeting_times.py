"""A meeting's time: finding its slot, moving it, calling it off, and its calendar file."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.forms import apply_to_form
from followthrough.core.headers import content_disposition
from followthrough.core.parsing import whole_number
from followthrough.core.return_address import back_or
from followthrough.meetings import queries
from followthrough.meetings.countdown import window_countdown
from followthrough.meetings.models import Meeting
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.queries import promise_of
from followthrough.scheduling import slots
from followthrough.scheduling.forms import ReasonForm, ScheduleForm
from followthrough.scheduling.itip import to_ics
from followthrough.scheduling.meeting_plan import MeetingPlan
from followthrough.scheduling.operations import invitations, meeting_times
from followthrough.scheduling.queries.invitees import invitees_of
from followthrough.scheduling.queries.involvement import absent_teams
from followthrough.scheduling.queries.meeting_plan import plan_of

MOST_SHOWN = 40
"""People in the list of who comes; the others are counted."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def schedule(request: PersonRequest, pk: int) -> HttpResponse:
    """Proposed times with their reasons, or an own one; a meeting that has a time is moved."""
    postmortem = meeting_frame.find(request, pk)
    meeting, plan = queries.current(postmortem), plan_of(postmortem, request.user)
    form = _form(request, postmortem, meeting, plan)
    warning = form.warning()
    if form.is_valid() and not warning and _settled(request, form, postmortem, plan):
        verb = _verb(meeting)
        messages.success(request, f"The meeting {verb}; everyone who was asked is told.")
        return redirect("schedule", postmortem.pk)
    return _page(request, postmortem, meeting, plan, form, warning)


def _verb(before: Meeting | None) -> str:
    if before is None:
        return "is scheduled"
    return "is adjourned" if before.state == Meeting.State.LIVE else "moved"


def _form(
    request: PersonRequest, postmortem: PostMortem, meeting: Meeting | None, plan: MeetingPlan
) -> ScheduleForm:
    minutes = meeting.minutes if meeting else postmortem.incident.severity.meeting_minutes
    zones = {request.user.zone, postmortem.incident.zone, *(one.zone for one in plan.attendees)}
    initial = {"zone": request.user.zone, "minutes": minutes, "starts_at": _proposed(request)}
    return ScheduleForm(request.POST or None, plan=plan, zones=zones, initial=initial)


def _proposed(request: PersonRequest) -> datetime | None:
    """The time that somebody proposed, on the viewer's clock."""
    with suppress(ValueError, OverflowError):
        proposed = parse_datetime(request.GET.get("at", ""))
        return proposed.astimezone(ZoneInfo(request.user.zone)) if proposed and proposed.tzinfo else None
    return None


def _settled(
    request: PersonRequest, form: ScheduleForm, postmortem: PostMortem, plan: MeetingPlan
) -> Meeting | None:
    """The meeting with its time; None where it was refused, and the form says why."""
    values = {name: form.cleaned_data[name] for name in ("starts_at", "minutes", "zone")}
    return apply_to_form(
        form,
        lambda: meeting_times.settle_time(postmortem, **values, invitees=plan.assumed, by=request.user),
    )


def _page(
    request: PersonRequest,
    postmortem: PostMortem,
    meeting: Meeting | None,
    plan: MeetingPlan,
    form: ScheduleForm,
    warning: str,
) -> HttpResponse:
    minutes = _length(request, form)
    runs = meeting is not None and meeting.state == Meeting.State.LIVE
    adjourns = runs and queries.leads(postmortem, request.user)
    is_open = meeting is None or meeting.state == Meeting.State.SCHEDULED or adjourns
    proposal = plan.propose(minutes) if is_open else slots.Proposal(())
    window = promise_of(postmortem, Promise.Kind.MEETING)
    return meeting_frame.draw(
        request,
        "scheduling/schedule.html",
        postmortem,
        page="schedule/",
        meeting=meeting,
        is_open=is_open,
        adjourns=adjourns,
        adjourned=list(meeting.sittings.exclude(ended_at=None)) if meeting and is_open else [],
        plan=plan,
        proposal=proposal,
        picture=plan.drawn(proposal, request.user.zone),
        window=window,
        countdown=window_countdown(window, plan.now) if window and not meeting else None,
        minutes=minutes,
        lengths=meeting_times.LENGTHS_MINUTES,
        form=form,
        warning=warning,
        absent=_absent(postmortem, plan) if is_open else [],
        reason_form=ReasonForm(),
        **_people(request, postmortem),
    )


def _absent(postmortem: PostMortem, plan: MeetingPlan) -> list[str]:
    """Teams that own what failed and have nobody among those who would come."""
    coming = (*invitees_of(postmortem), *plan.assumed)
    return absent_teams(postmortem, [one.person.pk for one in coming])


def _people(request: PersonRequest, postmortem: PostMortem) -> dict[str, object]:
    """Who comes, as far as the page lists them, and the viewer's own seat."""
    asked = list(queries.participants_of(postmortem))
    return {
        "participants": asked[:MOST_SHOWN],
        "more_participants": len(asked) - len(asked[:MOST_SHOWN]),
        "mine": next((one for one in asked if one.person_id == request.user.pk), None),
    }


def _length(request: PersonRequest, form: ScheduleForm) -> int:
    """The length that times are proposed for: what was asked, else what the severity says."""
    asked = request.GET.get("minutes", "")
    minutes = whole_number(asked) if asked else form.initial["minutes"]
    return minutes if minutes in meeting_times.LENGTHS_MINUTES else meeting_times.LENGTHS_MINUTES[0]


@require_POST
@for_members
@meeting_frame.refusing_to("schedule")
def cancellation(request: PersonRequest, pk: int) -> HttpResponse:
    """Calls the meeting off, for a reason."""
    postmortem = meeting_frame.find(request, pk)
    meeting = queries.current(postmortem)
    if meeting is None:
        raise DomainError("No meeting is scheduled, so there is nothing to call off.")
    meeting_times.cancel_meeting(meeting, reason=request.POST.get("reason", ""), by=request.user)
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
    return back_or(request, "schedule", postmortem.pk)


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
