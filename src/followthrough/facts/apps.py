from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "followthrough.facts"
    label = "facts"

    def ready(self) -> None:
        from followthrough.facts import reactions  # noqa: PLC0415 - models are loaded by now

        reactions.follow_changes()
