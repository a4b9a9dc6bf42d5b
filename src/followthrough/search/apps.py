from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "followthrough.search"
    label = "search"

    def ready(self) -> None:
        from followthrough.search import passages  # noqa: PLC0415 - models are loaded by now

        passages.register_passages()
