"""Addresses below an incident's."""

from __future__ import annotations

from django.urls import path

from followthrough.timeline import views

app_name = "timeline"
urlpatterns = [
    path("evidence/", views.attach, name="attach"),
    path("evidence/<uuid:key>/", views.evidence, name="evidence"),
    path("timeline/paste/", views.paste, name="paste"),
]
