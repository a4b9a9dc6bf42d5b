from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "followthrough.incidents"
    label = "incidents"

    def ready(self) -> None:
        from followthrough.activity.operations import subscribe  # noqa: PLC0415 - needs the models
        from followthrough.incidents.catalogue import seed_defaults  # noqa: PLC0415 - needs the models
        from followthrough.incidents.queries import visible_to  # noqa: PLC0415
        from followthrough.notifications import sight  # noqa: PLC0415

        sight.register(
            "/incidents/INC-",
            lambda user, keys: visible_to(user).filter(pk__in=keys).values_list("pk", flat=True),
        )
        subscribe("people.user", "set_up", lambda *_: seed_defaults())
