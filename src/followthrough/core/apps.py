from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "followthrough.core"
    label = "core"

    def ready(self) -> None:
        from followthrough.core import log_redaction, url_converters  # noqa: PLC0415 - needs Django's settings

        url_converters.register()
        log_redaction.install()
