from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "followthrough.postmortems"
    label = "postmortems"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel, add_row_notes  # noqa: PLC0415 - beside the next
        from followthrough.incidents import closings  # noqa: PLC0415 - beside the next
        from followthrough.postmortems import panels, reactions, window_notes  # noqa: PLC0415 - needs the models
        from followthrough.postmortems.operations import promise_reminders  # noqa: PLC0415 - needs the models
        from followthrough.postmortems.queries import omissions, quota  # noqa: PLC0415 - needs the models
        from followthrough.records.operations import limit_growth  # noqa: PLC0415 - models are loaded by now

        limit_growth(quota.check_record)
        closings.offer(omissions.closed_without)
        reactions.follow_incidents()
        promise_reminders.register_policy()
        add_row_notes("incident.rows", window_notes.window_notes)
        add_panel("incident.first", panels.closed_without, order=20, kept=True)
