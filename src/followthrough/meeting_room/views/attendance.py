"""Who was there: as the room noted it, corrected by who leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from followthrough.core.parsing import whole_number
from followthrough.incidents.queries import members_who_see
from followthrough.meeting_room.operations.attendance import correct_attendance
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import PostMortem


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
@meeting_frame.refusing_to("who_was_there")
def who_was_there(request: PersonRequest, pk: int) -> HttpResponse:
    """Those who were in the room, and those who were asked and were not."""
    postmortem = meeting_frame.find(request, pk)
    meeting = queries.current(postmortem)
    if request.method == "POST" and meeting:
        people = {key for value in request.POST.getlist("person") if (key := whole_number(value))}
        correct_attendance(meeting, people, by=request.user)
        messages.success(request, "Kept. The summary and its files say the same.")
        return redirect("who_was_there", pk)
    return meeting_frame.draw(
        request,
        "meeting_room/who_was_there.html",
        postmortem,
        page="present/",
        meeting=meeting,
        sittings=list(meeting.sittings.all()) if meeting else [],
        may_correct=bool(meeting and meeting.started_at and queries.leads(postmortem, request.user)),
        **_people(postmortem, meeting),
    )


def _people(postmortem: PostMortem, meeting: Meeting | None) -> dict[str, object]:
    rows = list(meeting.attendances.select_related("person", "noted_by")) if meeting else []
    there = sorted(rows, key=lambda row: row.person.name)
    keys = {row.person_id for row in rows}
    asked = [seat for seat in queries.participants_of(postmortem) if seat.person_id not in keys]
    known = keys | {seat.person_id for seat in asked}
    others = members_who_see(postmortem.incident).exclude(pk__in=known).order_by("name")
    return {"there": there, "absent": asked, "others": others}
