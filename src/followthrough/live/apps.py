from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "followthrough.live"
    label = "live"

    def ready(self) -> None:
        from followthrough.live import log_listener  # noqa: PLC0415 - models are loaded by now

        log_listener.listen()
