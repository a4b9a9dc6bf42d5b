from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "followthrough.postmortems"
    label = "postmortems"

    def ready(self) -> None:
        from followthrough.core.panels import add_notes  # noqa: PLC0415 - beside the next
        from followthrough.postmortems import deadlines, notes, reactions  # noqa: PLC0415 - needs the models

        reactions.follow_incidents()
        deadlines.register_ladder()
        add_notes("incident.rows", notes.window_notes)
