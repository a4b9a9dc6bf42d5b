"""Texts that several people write at once, as the room's clients see them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection
from typing import Any

from followthrough.core.errors import DomainError
from followthrough.meetings.room.command_context import CommandArgs, CommandContext, command
from followthrough.postmortems.models import PostMortem
from followthrough.writing import operations as writing
from followthrough.writing.document_homes import DocumentPlace
from followthrough.writing.models import Update

UPDATE = Update._meta.label_lower


@command("prose.write")
def write(context: CommandContext) -> None:
    writing.write(
        context.postmortem,
        name=context.args.text("of"),
        data=_bytes(context.args.text("update")),
        by=context.by,
    )


def opened(postmortem: PostMortem, args: CommandArgs) -> dict[str, Any]:
    """What a client that opens a text gets: what it lacks, and why nobody may write there, "" if they may."""
    name = args.text("of")
    update = writing.open_text(postmortem, name=name, vector=_bytes(args.text("vector", "")))
    return {"update": b64encode(update).decode(), "locked": DocumentPlace(postmortem, name).locked()}


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


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise DomainError(
            "This change arrived damaged, so nothing of it was saved. Load the page again.", field="update"
        ) from error
