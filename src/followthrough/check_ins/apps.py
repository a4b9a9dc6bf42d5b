from __future__ import annotations

from django.apps import AppConfig


class CheckInsConfig(AppConfig):
    name = "followthrough.check_ins"
    label = "check_ins"

    def ready(self) -> None:
        from followthrough.check_ins import panels, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.core.panels import add_panel, add_row_notes  # noqa: PLC0415 - models are loaded by now

        add_panel("action.main", panels.outcomes_card, order=10)
        add_panel("incident.side", panels.check_ins_card, order=20, kept=True)
        add_row_notes("incident.actions", panels.did_not_hold)
        reactions.follow_meetings()
