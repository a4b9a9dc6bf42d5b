from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "followthrough.meetings"
    label = "meetings"

    def ready(self) -> None:
        from followthrough.live.driver import register  # noqa: PLC0415 - models are loaded by now
        from followthrough.meetings.room.driver import MeetingRoom  # noqa: PLC0415

        register("incidents", MeetingRoom())
