from django.apps import AppConfig


class CausesConfig(AppConfig):
    name = "followthrough.causes"
    label = "causes"

    def ready(self) -> None:
        from followthrough.causes import panels, passages  # noqa: PLC0415 - models are loaded by now
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now

        add_panel("incident.main", panels.why, order=10, kept=True)
        passages.register_passages()
