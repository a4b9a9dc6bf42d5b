from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "followthrough.timeline"
    label = "timeline"
