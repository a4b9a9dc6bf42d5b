from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "followthrough.live"
    label = "live"

    def ready(self) -> None:
        from followthrough.live import hints  # noqa: PLC0415 - models are loaded by now

        hints.listen()
