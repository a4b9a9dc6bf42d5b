"""Reading the log."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from followthrough.activity.models import Activity, Topic


def head(topic: str) -> int:
    """The topic's latest sequence number, 0 before its first row."""
    return Topic.objects.filter(name=topic).values_list("seq", flat=True).first() or 0


def latest() -> int:
    """A number that grows with every change anywhere, 0 before the first."""
    return Activity.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def since(topic: str, seq: int) -> QuerySet[Activity]:
    """Rows after `seq`, oldest first."""
    return Activity.objects.filter(topic=topic, seq__gt=seq).order_by("seq")


def history(topic: str) -> QuerySet[Activity]:
    """Everything that happened to a topic, newest first, with who did it."""
    return Activity.objects.filter(topic=topic).select_related("actor").order_by("-seq")


def carried_out(op: UUID) -> Activity | None:
    """The row that a live command left, if it was carried out."""
    return Activity.objects.filter(op=op).first()
