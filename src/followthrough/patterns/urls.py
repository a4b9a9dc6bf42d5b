from __future__ import annotations

from django.urls import path

from followthrough.patterns import views

urlpatterns = [
    path("patterns/", views.patterns, name="patterns"),
    path("patterns/<int:pk>/", views.pattern, name="pattern"),
    path("incidents/<incident:pk>/similar/", views.similar, name="similar_incidents"),
]
