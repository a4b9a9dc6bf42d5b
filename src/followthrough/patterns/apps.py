from django.apps import AppConfig


class PatternsConfig(AppConfig):
    name = "followthrough.patterns"
    label = "patterns"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.meetings.room.seen_before import offer  # noqa: PLC0415
        from followthrough.patterns import panels, queries, reactions  # noqa: PLC0415

        add_panel("incident.side", panels.seen_before, order=40)
        add_panel("preread.main", panels.seen_before_reading, order=20)
        offer(queries.similar_for_all)
        reactions.follow_changes()
