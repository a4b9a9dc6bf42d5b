from __future__ import annotations

from django.urls import path

from followthrough.notifications import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/reading/", views.reading_all, name="inbox_reading_all"),
    path("inbox/<int:pk>/reading/", views.reading, name="inbox_reading"),
]
