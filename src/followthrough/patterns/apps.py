from django.apps import AppConfig


class PatternsConfig(AppConfig):
    name = "followthrough.patterns"
    label = "patterns"
