from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "followthrough.incidents"
    label = "incidents"

    def ready(self) -> None:
        from followthrough.activity.operations import subscribe  # noqa: PLC0415 - needs the models
        from followthrough.incidents.catalogue import seed_defaults  # noqa: PLC0415 - needs the models
        from followthrough.incidents.queries import numbers_seen, open_to_members  # noqa: PLC0415
        from followthrough.notifications import visibility  # noqa: PLC0415

        visibility.register("/incidents/INC-", visibility.SubjectKind(numbers_seen, open_to_members))
        subscribe("people.user", "set_up", lambda *_: seed_defaults())
