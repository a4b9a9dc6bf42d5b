from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "followthrough.incidents"
    label = "incidents"

    def ready(self) -> None:
        from followthrough.activity.operations import subscribe  # noqa: PLC0415 - needs the models
        from followthrough.incidents import passages  # noqa: PLC0415 - models are loaded by now
        from followthrough.incidents.operations.catalogue import seed_defaults  # noqa: PLC0415 - needs the models
        from followthrough.incidents.queries import numbers_seen, open_to_members  # noqa: PLC0415 - models are loaded by now
        from followthrough.notifications.queries import visibility  # noqa: PLC0415 - models are loaded by now

        visibility.register("incident", visibility.VisibilityRule(numbers_seen, open_to_members))
        subscribe("people.user", "set_up", lambda *_: seed_defaults())
        passages.register_passages()
