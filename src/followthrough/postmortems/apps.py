from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "followthrough.postmortems"
    label = "postmortems"

    def ready(self) -> None:
        from followthrough.postmortems import reactions  # noqa: PLC0415 - needs the models

        reactions.follow_incidents()
