from __future__ import annotations

from django.urls import path

from followthrough.postmortems import views

urlpatterns = [path("incidents/<incident:pk>/postmortem/", views.opening, name="postmortem")]
