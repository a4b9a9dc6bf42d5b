"""Slack's export as the .zip it comes in, read within bounds against zip bombs."""

from __future__ import annotations

import re
import zipfile
import zlib
from datetime import datetime, timedelta
from typing import IO

from followthrough.core.errors import DomainError
from followthrough.core.parsing import iso_date
from followthrough.timeline.log_messages import MAX_MESSAGES, LogTooLarge, Message, Reading
from followthrough.timeline.slack_export import read_export, read_users

_MAX_FILES = 50_000
_MAX_FILE_BYTES = 8_000_000
_MAX_TOTAL_BYTES = 40_000_000
_HIGHEST_RATIO = 200
"""Of what is unpacked to what is packed; chats come to about 10."""
_DAY_OF_A_CHANNEL = re.compile(r"(?:.+/)?[^/]+/(\d{4}-\d\d-\d\d)\.json")
_DAY = timedelta(days=1)
_TOO_MUCH = "This export unpacks to more than can be taken over. Export the one channel alone."


def read_archive(file: IO[bytes], *, start: datetime, end: datetime | None) -> Reading:
    """The messages of every channel from a day before `start` to a day after `end` (or `start`).

    DomainError for what is no such export; LogTooLarge beyond 2,000 messages or 40 MB unpacked.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive, start - _DAY, (end or start) + _DAY)
    except LogTooLarge:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise DomainError(
            "This file cannot be unpacked. Nothing was taken over; export the channel again.", field="file"
        ) from error


def _read(archive: zipfile.ZipFile, since: datetime, until: datetime) -> Reading:
    days = _days(archive, since, until)
    names = [*_named(archive, "users.json"), *sorted(days)]
    _check_stated_sizes([archive.getinfo(name) for name in names])
    left = _MAX_TOTAL_BYTES
    users: dict[str, str] = {}
    found: dict[str, Message] = {}
    skipped: list[tuple[int, str, str]] = []
    for name in names:
        content = _unpack(archive, name, min(left, _MAX_FILE_BYTES))
        left -= len(content)
        text = content.decode("utf-8", errors="replace")
        if name not in days:
            users = read_users(text)
        elif reading := read_export(text, users):
            inside = [one for one in reading.messages if since <= one.happened_at <= until]
            found.update((one.key, one) for one in inside)
            skipped += reading.skipped
        if len(found) > MAX_MESSAGES:
            raise LogTooLarge(
                f"These days hold more than {MAX_MESSAGES:,} messages. Export the one channel alone."
            )
    messages = sorted(found.values(), key=lambda one: one.happened_at)
    return Reading(tuple(messages), tuple(skipped[:MAX_MESSAGES]), "Slack export")


def _days(archive: zipfile.ZipFile, since: datetime, until: datetime) -> set[str]:
    """The files of the days in question, which are UTC's or the workspace's: one more at either end."""
    first, last = since.date() - _DAY, until.date() + _DAY
    names = archive.namelist()
    if len(names) > _MAX_FILES:
        raise LogTooLarge("This export holds too many files. Export the one channel alone.")
    dated = [
        (name, day)
        for name in names
        if (found := _DAY_OF_A_CHANNEL.fullmatch(name)) and (day := iso_date(found[1]))
    ]
    if not dated:
        raise DomainError(
            "This is no Slack export: it holds no channel with days. Nothing was taken over.", field="file"
        )
    return {name for name, day in dated if first <= day <= last}


def _named(archive: zipfile.ZipFile, ending: str) -> list[str]:
    return [name for name in archive.namelist() if name.split("/")[-1] == ending][:1]


def _check_stated_sizes(members: list[zipfile.ZipInfo]) -> None:
    """What the archive itself says is refused before anything is unpacked; `_unpack` believes none of it."""
    largest = max((one.file_size for one in members), default=0)
    packed, unpacked = (sum(getattr(one, size) for one in members) for size in ("compress_size", "file_size"))
    is_bomb = unpacked > _MAX_FILE_BYTES and unpacked > packed * _HIGHEST_RATIO
    if largest > _MAX_FILE_BYTES or unpacked > _MAX_TOTAL_BYTES or is_bomb:
        raise LogTooLarge(_TOO_MUCH)


def _unpack(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """At most `limit` bytes are ever unpacked, whatever size the archive states."""
    with archive.open(name) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise LogTooLarge(_TOO_MUCH)
    return content
