"""Addresses of the check-in."""

from __future__ import annotations

from django.urls import include, path

from followthrough.check_ins import views

_of_incident = [
    path("check-in/", views.check_in, name="check_in"),
    path("check-in/<action:number>/", views.outcome, name="outcome"),
    path("check-in/<action:number>/undo/<int:said>/", views.taking_back, name="take_back_outcome"),
    path("check-in/next/", views.planning, name="plan_check_in"),
    path("check-in/time/", views.new_time, name="move_check_in"),
    path("check-in/holding/", views.finishing, name="hold_check_in"),
]

urlpatterns = [path("incidents/<incident:pk>/", include(_of_incident))]
