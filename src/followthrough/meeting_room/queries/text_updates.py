"""Reading the updates of texts that several people write at once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection
from typing import Any

from followthrough.writing.models import Update

UPDATE = Update._meta.label_lower


def updates(number: int, keys: Collection[str] | None) -> list[dict[str, Any]]:
    """The named updates of a room; a welcome holds none, as whoever opens a text gets what they lack."""
    rows = Update.objects.filter(document__postmortem=number, pk__in=keys or ()).order_by("pk")
    return [
        {
            "id": str(row.pk),
            "version": 1,
            "removed": False,
            "of": row.document.name,
            "update": b64encode(row.data).decode(),
        }
        for row in rows.select_related("document")
    ]
