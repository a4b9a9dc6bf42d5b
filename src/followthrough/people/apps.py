from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "followthrough.people"
    label = "people"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.people.panels import organisation_setting  # noqa: PLC0415 - models are loaded by now

        add_panel("settings", organisation_setting, order=1)
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - models are loaded by now

        from followthrough.people import security_log, sessions  # noqa: PLC0415 - models are loaded by now

        user_logged_in.connect(
            lambda *, request, **_: sessions.begin(request.session),
            weak=False,
            dispatch_uid="people.sessions",
        )
        security_log.install()
