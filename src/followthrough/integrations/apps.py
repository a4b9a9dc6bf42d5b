from __future__ import annotations

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "followthrough.integrations"
    label = "integrations"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel, add_row_notes  # noqa: PLC0415 - models are loaded by now
        from followthrough.integrations import panels, reactions  # noqa: PLC0415 - models are loaded by now

        add_panel("settings", panels.connections_setting, order=5)
        add_panel("action.side", panels.issues_card, order=10)
        add_row_notes("incident.actions", panels.issue_keys)
        add_row_notes("actions.rows", panels.issue_keys)
        reactions.follow_changes()
