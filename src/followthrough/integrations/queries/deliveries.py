"""Reading what went out and came in."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from followthrough.core.errors import NotFound
from followthrough.integrations.models import Delivery, TrackerConnection

MASK = "•••"


def deliveries_of(connection: TrackerConnection) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(connection=connection).select_related("link__action").defer("digest")
    return rows.order_by("-pk")


def not_understood() -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(state=Delivery.State.NOT_UNDERSTOOD, connection__removed_at=None)
    return rows.select_related("connection").defer("body", "answer").order_by("-pk")


def find_delivery(connection: UUID, pk: int) -> Delivery:
    rows = Delivery.objects.filter(connection=connection, connection__removed_at=None, pk=pk)
    found = rows.select_related("connection", "link__action").first()
    if found is None:
        raise NotFound("There is no such delivery. After 30 days they are thrown away.")
    return found


def masked(text: str, secrets: list[str]) -> str:
    """`text` without the secrets."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text
