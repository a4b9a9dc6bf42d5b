from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "followthrough.cli"
    label = "cli"
