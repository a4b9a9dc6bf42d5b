from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "followthrough.jobs"
    label = "jobs"
