from __future__ import annotations

from django.urls import path

from followthrough.calendars import views

urlpatterns = [
    path("profile/calendars/", views.calendars, name="calendars"),
    path("profile/calendars/check/", views.check, name="calendar_check"),
    path("profile/calendars/<int:pk>/reading/", views.reading, name="calendar_reading"),
    path("profile/calendars/<int:pk>/removal/", views.removal, name="calendar_removal"),
    path("profile/holidays/", views.holidays, name="holidays"),
    path("profile/feed/", views.feed, name="feed_address"),
    path("settings/teams/<slug:slug>/calendars/", views.team_calendars, name="team_calendars"),
    path("settings/teams/<slug:slug>/calendar/", views.team_calendar, name="team_calendar"),
    path("settings/teams/<slug:slug>/holidays/", views.team_holidays, name="team_holidays"),
]
