from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "followthrough.notifications"
    label = "notifications"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - needs the models
        from followthrough.notifications import panels, reactions  # noqa: PLC0415 - models are loaded by now

        add_panel("settings", panels.reminders_setting, order=20)
        add_panel("settings", panels.work_setting, order=30)
        reactions.follow_passwords()
        reactions.follow_settings()
