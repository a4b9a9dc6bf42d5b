from __future__ import annotations

from django.apps import AppConfig


class CheckInsConfig(AppConfig):
    name = "followthrough.check_ins"
    label = "check_ins"

    def ready(self) -> None:
        from followthrough.check_ins import panels, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now

        add_panel("action.main", panels.outcomes_card, order=10)
        reactions.follow_meetings()
