from __future__ import annotations

from django.urls import path

from followthrough.notifications.views import inbox, preferences

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/reading/", inbox.reading_all, name="inbox_reading_all"),
    path("inbox/preferences/", preferences.preferences, name="preferences"),
    path("inbox/<int:pk>/reading/", inbox.reading, name="inbox_reading"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
