from django.apps import AppConfig


class CausesConfig(AppConfig):
    name = "followthrough.causes"
    label = "causes"
