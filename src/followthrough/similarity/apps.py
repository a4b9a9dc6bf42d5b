from django.apps import AppConfig


class SimilarityConfig(AppConfig):
    name = "followthrough.similarity"
    label = "similarity"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.similarity import panels  # noqa: PLC0415 - models are loaded by now
        from followthrough.similarity.reactions import follow_incidents  # noqa: PLC0415 - models are loaded by now

        add_panel("incident.side", panels.seen_before, order=40)
        add_panel("preread.main", panels.seen_before_reading, order=20)
        add_panel("check_in.side", panels.seen_since, order=20)
        add_panel("incidents.found", panels.sounding_like, order=20)
        follow_incidents()
