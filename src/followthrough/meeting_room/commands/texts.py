"""Texts that several people write at once, as the room's clients see them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from followthrough.core.errors import DomainError
from followthrough.meeting_room.command_context import CommandArgs, CommandContext, command
from followthrough.postmortems.models import PostMortem
from followthrough.writing import operations as writing
from followthrough.writing.document_homes import DocumentPlace


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


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise DomainError(
            "This change arrived damaged, so nothing of it was saved. Load the page again.", field="update"
        ) from error
