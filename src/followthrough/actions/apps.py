from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "followthrough.actions"
    label = "actions"
