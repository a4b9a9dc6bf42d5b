from __future__ import annotations

from django.urls import path

from followthrough.notifications.views import inbox, metrics, preferences, rhythm, work

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/reading/", inbox.reading_all, name="inbox_reading_all"),
    path("inbox/preferences/", preferences.preferences, name="preferences"),
    path("inbox/<int:pk>/reading/", inbox.reading, name="inbox_reading"),
    path("settings/reminders/", rhythm.reminders, name="reminders"),
    path("settings/work/", work.work, name="work"),
    path("settings/work/tasks/<uuid:pk>/", work.retry, name="retry_task"),
    path("settings/work/mail/", work.resend_all, name="resend_all"),
    path("settings/work/mail/<int:pk>/", work.resend, name="resend_mail"),
    path("metrics", metrics.metrics, name="metrics"),
    path("unsubscribe/<secret:token>/", preferences.unsubscribe, name="unsubscribe"),
]
