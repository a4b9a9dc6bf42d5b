from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "followthrough.reports"
    label = "reports"

    def ready(self) -> None:
        from followthrough.reports.shared_prose import SharedProse  # noqa: PLC0415 - models are loaded by now
        from followthrough.writing import homes  # noqa: PLC0415

        homes.register("summary", SharedProse())
