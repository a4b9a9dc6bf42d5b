from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "followthrough.timeline"
    label = "timeline"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.timeline import (  # noqa: PLC0415 - models are loaded by now
            panels,
            passages,
            reactions,
        )

        add_panel("incident.happened", panels.told, order=10, kept=True)
        passages.register_passages()
        reactions.follow_milestones()
