from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "followthrough.meetings"
    label = "meetings"
