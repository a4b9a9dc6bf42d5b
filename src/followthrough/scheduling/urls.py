"""Addresses around a meeting's time, its people, and what calendars and mail open."""

from __future__ import annotations

from django.urls import include, path

from followthrough.scheduling.views import attendees, meeting_times, public_pages

_of_incident = [
    path("schedule/", meeting_times.schedule, name="schedule"),
    path("schedule/cancellation/", meeting_times.cancellation, name="cancel_meeting"),
    path("attendance/", meeting_times.attendance, name="attendance"),
    path("meeting.ics", meeting_times.calendar_file, {"kind": "postmortem"}, name="meeting_calendar"),
    path("check-in.ics", meeting_times.calendar_file, {"kind": "check_in"}, name="check_in_calendar"),
    path("attendees/", attendees.who_comes, name="attendees"),
    path("attendees/<int:participant_pk>/", attendees.seat, name="seat"),
    path("facilitator/", attendees.facilitator, name="facilitator"),
    path("facilitation/", attendees.facilitation, name="facilitation"),
]

urlpatterns = [
    path("feeds/<secret:secret>.ics", public_pages.feed, name="feed"),
    path("answers/<secret:token>/accepted/", public_pages.answer, {"response": "accepted"}, name="accept"),
    path("answers/<secret:token>/maybe/", public_pages.answer, {"response": "maybe"}, name="perhaps"),
    path("answers/<secret:token>/declined/", public_pages.answer, {"response": "declined"}, name="decline"),
    path("incidents/<incident:pk>/", include(_of_incident)),
]
