"""Addresses of the meetings."""

from __future__ import annotations

from django.urls import include, path

from followthrough.meetings.views import (
    check_in,
    listing,
    outside,
    people,
    preparing,
    questions,
    room,
    schedule,
)

_of_incident = [
    path("room/", room.room, name="room"),
    path("room/course/", room.course, name="room_course"),
    path("room/wording/", room.wording, name="room_wording"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/cancellation/", schedule.cancellation, name="cancel_meeting"),
    path("attendance/", schedule.attendance, name="attendance"),
    path("meeting.ics", schedule.calendar_file, {"kind": "postmortem"}, name="meeting_calendar"),
    path("check-in.ics", schedule.calendar_file, {"kind": "check_in"}, name="check_in_calendar"),
    path("attendees/", people.who_comes, name="attendees"),
    path("attendees/<int:participant_pk>/", people.seat, name="seat"),
    path("facilitator/", people.facilitator, name="facilitator"),
    path("facilitation/", people.facilitation, name="facilitation"),
    path("pre-read/", preparing.preread, name="preread"),
    path("pre-read/<uuid:key>/removal/", preparing.take_back, name="take_back_observation"),
    path("brief/", preparing.brief, name="brief"),
    path("check-in/", check_in.check_in, name="check_in"),
    path("check-in/<action:number>/", check_in.outcome, name="outcome"),
    path("check-in/time/", check_in.new_time, name="move_check_in"),
    path("check-in/holding/", check_in.holding, name="hold_check_in"),
]

urlpatterns = [
    path("feeds/<secret:secret>.ics", outside.feed, name="feed"),
    path("answers/<secret:token>/accepted/", outside.answer, {"response": "accepted"}, name="accept"),
    path("answers/<secret:token>/maybe/", outside.answer, {"response": "maybe"}, name="perhaps"),
    path("answers/<secret:token>/declined/", outside.answer, {"response": "declined"}, name="decline"),
    path("meetings/", listing.meetings, name="meetings"),
    path("settings/questions/", questions.questions, name="questions"),
    path("settings/questions/<int:pk>/", questions.question, name="question"),
    path("settings/questions/<int:pk>/place/", questions.place, name="question_place"),
    path("settings/questions/<int:pk>/use/", questions.use, name="question_use"),
    path("incidents/<incident:pk>/", include(_of_incident)),
]
