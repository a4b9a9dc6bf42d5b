"""Reading the log."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection
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


def logged_ops(ops: Collection[UUID]) -> dict[UUID, tuple[str, int]]:
    """{op: (topic, sequence)} of the live commands that left a row; read at every tick, so by hand."""
    if not ops:
        return {}
    prepare = Activity._meta.get_field("op").get_db_prep_value
    places = ", ".join(["%s"] * len(ops))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT op, topic, seq FROM activity_activity WHERE op IN ({places})",  # noqa: S608
            [prepare(op, connection) for op in ops],
        )
        return {UUID(str(op)): (topic, seq) for op, topic, seq in cursor.fetchall()}
