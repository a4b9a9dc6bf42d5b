from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "followthrough.core"
    label = "core"

    def ready(self) -> None:
        from followthrough.core import converters, log_redaction  # noqa: PLC0415 - needs Django's settings

        converters.register()
        log_redaction.install()
