"""Listens to the activity log and tells the rooms at once of changes made through pages, here and elsewhere."""

from __future__ import annotations

from django.db import transaction
from django.db.models.signals import post_save

from followthrough.activity.models import Activity
from followthrough.live import bus
from followthrough.live.hub import hub


def listen() -> None:
    post_save.connect(_recorded, sender=Activity, dispatch_uid="live.hints")


def _recorded(*, instance: Activity, **_: object) -> None:
    """Once the change is committed, the room that follows its topic looks."""
    topic, seq = instance.topic, instance.seq
    bus.publish(topic, seq)
    transaction.on_commit(lambda: hub.hint(topic, seq))
