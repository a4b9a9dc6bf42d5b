from __future__ import annotations

from django.urls import path

from followthrough.insights import views

urlpatterns = [
    path("insights/", views.insights, name="insights"),
    path("insights/<slug:key>.csv", views.download, name="insight_download"),
]
