from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "followthrough.home"
    label = "home"
