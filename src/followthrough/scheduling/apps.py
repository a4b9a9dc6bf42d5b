from __future__ import annotations

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "followthrough.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        from followthrough.scheduling import reactions  # noqa: PLC0415 - models are loaded by now

        reactions.follow_incidents()
        reactions.register_policy()
