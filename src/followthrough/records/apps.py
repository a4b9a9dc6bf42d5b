from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "followthrough.records"
    label = "records"
