"""Addresses below an incident's."""

from __future__ import annotations

from django.urls import path

from followthrough.writing import views

app_name = "writing"
urlpatterns = [
    path("texts/<str:name>/", views.versions, name="versions"),
    path("texts/<str:name>/restoration/", views.restoration, name="restoration"),
]
