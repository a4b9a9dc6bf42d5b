from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "followthrough.incidents"
    label = "incidents"
