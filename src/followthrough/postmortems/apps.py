from django.apps import AppConfig


class PostmortemsConfig(AppConfig):
    name = "followthrough.postmortems"
    label = "postmortems"
