from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "followthrough.postmortems"
    label = "postmortems"

    def ready(self) -> None:
        from followthrough.core.panels import add_row_notes  # noqa: PLC0415 - beside the next
        from followthrough.postmortems import promise_reminders, reactions, window_notes  # noqa: PLC0415 - needs the models

        reactions.follow_incidents()
        promise_reminders.register_policy()
        add_row_notes("incident.rows", window_notes.window_notes)
