from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "followthrough.meetings"
    label = "meetings"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.meetings import panels, passages  # noqa: PLC0415 - models are loaded by now

        add_panel("incident.meeting", panels.meeting_begun, order=10, kept=True)
        passages.register_passages()
