from django.apps import AppConfig


class WritingConfig(AppConfig):
    name = "followthrough.writing"
    label = "writing"
