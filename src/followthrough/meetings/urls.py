"""Addresses of the meetings."""

from __future__ import annotations

from django.urls import path

from followthrough.meetings.views import room

urlpatterns = [
    path("incidents/<incident:pk>/room/", room.room, name="room"),
]
