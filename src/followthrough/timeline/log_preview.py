"""Preview of a log import: what its entries would be, before anything is stored."""

from __future__ import annotations

from datetime import date
from typing import IO
from zoneinfo import ZoneInfo

from followthrough.core.errors import DomainError
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.chat_log import read_log
from followthrough.timeline.log_messages import MAX_BYTES, LogTooLarge, Reading
from followthrough.timeline.payloads import read_payload
from followthrough.timeline.slack_zip import read_archive


def read_text(
    postmortem: PostMortem, text: str, *, zone: str, day: date | None = None, day_first: bool | None = None
) -> Reading:
    """The messages of a pasted text, as `read_log` reads them. DomainError where it is too large."""
    incident = postmortem.incident
    try:
        if len(text) <= MAX_BYTES and (payload := read_payload(text)):
            return payload
        return read_log(
            text,
            start=incident.began_at,
            zone=ZoneInfo(zone),
            end=incident.ended_at,
            day=day,
            day_first=day_first,
        )
    except LogTooLarge as error:
        raise DomainError(f"{error} Nothing was taken over.", field="text") from error


def read_file(
    postmortem: PostMortem,
    file: IO[bytes],
    *,
    zone: str,
    day: date | None = None,
    day_first: bool | None = None,
) -> Reading:
    """The messages of an uploaded log: a Slack export (.zip) or anything that could be pasted."""
    incident = postmortem.incident
    is_archive = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    if not is_archive:
        text = file.read(MAX_BYTES + 1).decode("utf-8-sig", errors="replace")
        return read_text(postmortem, text, zone=zone, day=day, day_first=day_first)
    try:
        return read_archive(file, start=incident.began_at, end=incident.ended_at)
    except LogTooLarge as error:
        raise DomainError(f"{error} Nothing was taken over.", field="file") from error
