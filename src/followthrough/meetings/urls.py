"""Addresses of the meetings."""

from __future__ import annotations

from django.urls import path

from followthrough.meetings.views import meeting_list

urlpatterns = [path("meetings/", meeting_list.meetings, name="meetings")]
