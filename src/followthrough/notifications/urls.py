from __future__ import annotations

from django.urls import path

from followthrough.notifications.views import background_work, inbox, metrics, preferences, reminder_settings

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/reading/", inbox.reading_all, name="inbox_reading_all"),
    path("inbox/preferences/", preferences.preferences, name="preferences"),
    path("inbox/<int:pk>/reading/", inbox.reading, name="inbox_reading"),
    path("settings/reminders/", reminder_settings.reminders, name="reminders"),
    path("settings/work/", background_work.work, name="work"),
    path("settings/work/tasks/<uuid:pk>/", background_work.retry, name="retry_task"),
    path("settings/work/mail/", background_work.resend_all, name="resend_all"),
    path("settings/work/mail/<int:pk>/", background_work.resend, name="resend_mail"),
    path("metrics", metrics.metrics, name="metrics"),
    path("unsubscribe/<secret:token>/", preferences.unsubscribe, name="unsubscribe"),
]
