from __future__ import annotations

from django.urls import path

from followthrough.home import views
from followthrough.postmortems.models import Promise

urlpatterns = [
    path("", views.home, name="home"),
    path("yours/", views.my_tasks, name="yours"),
    path(
        "due/summaries/",
        views.due,
        {"kind": Promise.Kind.SUMMARY, "name": "Summaries due"},
        name="due_summaries",
    ),
    path(
        "due/check-ins/",
        views.due,
        {"kind": Promise.Kind.CHECK_IN, "name": "Check-ins due"},
        name="due_check_ins",
    ),
]
