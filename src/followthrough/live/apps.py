from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "followthrough.live"
    label = "live"
