"""Addresses of the meetings."""

from __future__ import annotations

from django.urls import include, path

from followthrough.meetings.views import (
    attendees,
    check_in,
    meeting_list,
    preparation,
    public_pages,
    question_bank,
    room_page,
    scheduling,
)

_of_incident = [
    path("room/", room_page.room, name="room"),
    path("room/course/", room_page.replay, name="room_course"),
    path("room/wording/", room_page.wording, name="room_wording"),
    path("schedule/", scheduling.schedule, name="schedule"),
    path("schedule/cancellation/", scheduling.cancellation, name="cancel_meeting"),
    path("attendance/", scheduling.attendance, name="attendance"),
    path("meeting.ics", scheduling.calendar_file, {"kind": "postmortem"}, name="meeting_calendar"),
    path("check-in.ics", scheduling.calendar_file, {"kind": "check_in"}, name="check_in_calendar"),
    path("attendees/", attendees.who_comes, name="attendees"),
    path("attendees/<int:participant_pk>/", attendees.seat, name="seat"),
    path("facilitator/", attendees.facilitator, name="facilitator"),
    path("facilitation/", attendees.facilitation, name="facilitation"),
    path("pre-read/", preparation.preread, name="preread"),
    path("pre-read/<uuid:key>/removal/", preparation.take_back, name="take_back_observation"),
    path("brief/", preparation.brief, name="brief"),
    path("check-in/", check_in.check_in, name="check_in"),
    path("check-in/<action:number>/", check_in.outcome, name="outcome"),
    path("check-in/time/", check_in.new_time, name="move_check_in"),
    path("check-in/holding/", check_in.holding, name="hold_check_in"),
]

urlpatterns = [
    path("feeds/<secret:secret>.ics", public_pages.feed, name="feed"),
    path("answers/<secret:token>/accepted/", public_pages.answer, {"response": "accepted"}, name="accept"),
    path("answers/<secret:token>/maybe/", public_pages.answer, {"response": "maybe"}, name="perhaps"),
    path("answers/<secret:token>/declined/", public_pages.answer, {"response": "declined"}, name="decline"),
    path("meetings/", meeting_list.meetings, name="meetings"),
    path("settings/questions/", question_bank.questions, name="questions"),
    path("settings/questions/<int:pk>/", question_bank.question, name="question"),
    path("settings/questions/<int:pk>/place/", question_bank.place, name="question_place"),
    path("settings/questions/<int:pk>/use/", question_bank.use, name="question_use"),
    path("incidents/<incident:pk>/", include(_of_incident)),
]
