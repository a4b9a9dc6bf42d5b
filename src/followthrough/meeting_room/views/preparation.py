"""The pre-read that everyone gets, and the facilitator's brief."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.errors import DomainError
from followthrough.core.panels import render_panels
from followthrough.incidents.impact_words import impact_lines
from followthrough.meeting_room import facilitator_scripts
from followthrough.meeting_room.forms import ObservationForm
from followthrough.meeting_room.impact_cost import impact_of
from followthrough.meeting_room.operations import preparation
from followthrough.meeting_room.queries import early_facts
from followthrough.meeting_room.queries.observations import find_observation, observations_of
from followthrough.meeting_room.queries.render_input import render_input_of
from followthrough.meeting_room.render_input import RenderInput
from followthrough.meetings import agenda, queries
from followthrough.meetings.models import Meeting
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import PostMortem

STILL_OPEN, COUNTED = 5, 100
"""So many of the earlier actions stand in the pre-read, and so many of the others are counted."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def preread(request: PersonRequest, pk: int) -> HttpResponse:
    """What is known before the meeting; anyone may add to it."""
    postmortem = meeting_frame.find(request, pk)
    form = ObservationForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _observed(request, form, postmortem):
        return redirect("preread", postmortem.pk)
    facts = render_input_of(postmortem.pk)
    unfinished = early_facts.unfinished_before(postmortem, request.user)[:COUNTED]
    participants = list(queries.participants_of(postmortem))
    return meeting_frame.draw(
        request,
        "meeting_room/preread.html",
        postmortem,
        page="pre-read/",
        form=form,
        questions=early_facts.questions_by_phase(postmortem.incident),
        unfinished=unfinished[:STILL_OPEN],
        unfinished_more=max(0, len(unfinished) - STILL_OPEN),
        services=postmortem.incident.services.order_by("tier", "name"),
        observations=observations_of(postmortem),
        participants=participants,
        readers=sum(row.read_at is not None for row in participants),
        mine=next((row for row in participants if row.person_id == request.user.pk), None),
        sees_readers=request.user == postmortem.facilitator or request.user.is_administrator,
        today=timezone.localdate(),
        panels=render_panels("preread.main", request, postmortem),
        **_so_far(facts),
    )


@require_POST
@for_members
def read(request: PersonRequest, pk: int) -> HttpResponse:
    """Somebody who was asked reached the end of the pre-read, or says that they have read it."""
    postmortem = meeting_frame.find(request, pk)
    preparation.mark_read(postmortem, by=request.user)
    return redirect("preread", postmortem.pk)


def _so_far(facts: RenderInput) -> dict[str, Any]:
    """The draft timeline and the impact so far."""
    zone = ZoneInfo(facts.postmortem.incident.zone)
    days = {entry.happened_at.astimezone(zone).date() for entry in facts.entries}
    return {
        "many_days": len(days) > 1,
        "facts": facts,
        "strip": facts.strip,
        "impact_lines": impact_lines(facts.impact),
        "impact": impact_of(facts),
    }


def _observed(request: PersonRequest, form: ObservationForm, postmortem: PostMortem) -> bool:
    text, anonymous = form.cleaned_data["text"], form.cleaned_data["anonymous"]
    try:
        preparation.observe(postmortem, text=text, anonymous=anonymous, by=request.user)
    except DomainError as error:
        form.add_error("text", error.message)
        return False
    messages.success(request, "Added; the meeting will look at it.")
    return True


@require_POST
@for_members
def take_back(request: PersonRequest, pk: int, key: str) -> HttpResponse:
    """An observation's author takes it back."""
    postmortem = meeting_frame.find(request, pk)
    observation = find_observation(postmortem, key)
    preparation.take_back_observation(observation, by=request.user)
    return redirect("preread", postmortem.pk)


@require_safe
@for_members
def brief(request: PersonRequest, pk: int) -> HttpResponse:
    """What a facilitator takes into the meeting, also on paper."""
    postmortem = meeting_frame.find(request, pk)
    meeting = queries.current(postmortem)
    facts = render_input_of(postmortem.pk)
    return meeting_frame.draw(
        request,
        "meeting_room/brief.html",
        postmortem,
        page="brief/",
        meeting=meeting,
        steps=_timetable(postmortem, meeting),
        questions=early_facts.questions_by_phase(postmortem.incident),
        involvements=postmortem.incident.involvements.select_related("person").order_by("role"),
        participants=queries.participants_of(postmortem),
        observations=observations_of(postmortem),
        opening=facilitator_scripts.OPENING,
        turns=facilitator_scripts.TURNS,
        **_so_far(facts),
    )


def _timetable(postmortem: PostMortem, meeting: Meeting | None) -> list[tuple[agenda.Step, datetime | None]]:
    """Each step of the agenda with when it begins, once the meeting has a time."""
    minutes = postmortem.incident.severity.meeting_minutes
    steps = queries.agenda_of(meeting) if meeting else agenda.plan(minutes)
    passed = [sum(step.minutes for step in steps[:place]) for place in range(len(steps))]
    begins = meeting.starts_at if meeting else None
    return [
        (step, begins + timedelta(minutes=minutes) if begins else None)
        for step, minutes in zip(steps, passed, strict=True)
    ]
