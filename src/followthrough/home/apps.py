from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "followthrough.home"
    label = "home"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel, add_row_notes  # noqa: PLC0415 - models are loaded by now
        from followthrough.home import panels, places, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.search.sources import add_places  # noqa: PLC0415 - models are loaded by now

        add_panel("incident.head", panels.progress_panel, order=10)
        add_row_notes("incident.rows", panels.countdowns)
        reactions.register_policy()
        add_places(places.PLACES)
