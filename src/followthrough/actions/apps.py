from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "followthrough.actions"
    label = "actions"

    def ready(self) -> None:
        from followthrough.actions import panels, passages, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.actions.operations import acceptance_reminders, reminders  # noqa: PLC0415 - models are loaded by now
        from followthrough.actions.queries import numbers_seen, open_to_members  # noqa: PLC0415 - models are loaded by now
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.notifications.queries import visibility  # noqa: PLC0415 - models are loaded by now

        visibility.register("action", visibility.VisibilityRule(numbers_seen, open_to_members))
        add_panel("asked", panels.asked_of_you, order=30)
        add_panel("person.left", panels.open_actions, order=10)
        add_panel("incident.first", panels.decided, order=10, kept=True)
        add_panel("settings", panels.judgement_delays_setting, order=15)
        reminders.register_policy()
        acceptance_reminders.register_policy()
        reactions.keep_reminders()
        passages.register_passages()
