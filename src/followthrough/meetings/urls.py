"""Addresses of the meetings."""

from __future__ import annotations

from django.urls import path

from followthrough.meetings.views import room, schedule

urlpatterns = [
    path("incidents/<incident:pk>/room/", room.room, name="room"),
    path("incidents/<incident:pk>/schedule/", schedule.schedule, name="schedule"),
    path("incidents/<incident:pk>/schedule/cancellation/", schedule.cancellation, name="cancel_meeting"),
    path("incidents/<incident:pk>/attendance/", schedule.attendance, name="attendance"),
]
