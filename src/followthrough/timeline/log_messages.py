"""The messages that a chat log is parsed into."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from followthrough.timeline.log_clock import Assumed

MAX_MESSAGES = 2_000
MAX_LINES = 20_000
MAX_BYTES = 500_000
_SHOWN_OF_A_SKIPPED_LINE = 200

_EDITED = "(edited)"
_LABELS_OF_A_NAME = re.compile(r":[\w+-]+:|(?:(?<=[a-z])|\s)(?:APP|BOT)$")


class LogTooLarge(ValueError):
    """The log is larger than can be taken over at once; the message says what to do."""


@dataclass(frozen=True)
class Message:
    """One message of a log. `line` counts from 1; `key` is the same whenever the same message is read again.

    `author` and `kind` are "" where the log does not say them.
    """

    happened_at: datetime
    author: str
    text: str
    line: int
    key: str
    kind: str = ""


@dataclass(frozen=True)
class Reading:
    """The messages of a log in its own order, the lines left out as (line, beginning, reason), the name
    of the shape it was recognised as, and what it left open."""

    messages: tuple[Message, ...]
    skipped: tuple[tuple[int, str, str], ...]
    shape: str
    assumed: Assumed = field(default_factory=Assumed)


class Collection:
    """Gathers the messages and the skipped lines of one log."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self._skipped: list[tuple[int, str, str]] = []

    def add(self, happened_at: datetime | None, *, author: str, text: str, line: int, kind: str = "") -> None:
        """Keeps a message, or skips it if it says nothing, has no time or stands there already."""
        author, words = _plain_name(author), _without_marks(text.replace("\x00", ""))
        if happened_at is None:
            return self.skip(line, text, "no time that can be read")
        if not words:
            return self.skip(line, author, "no words")
        key = _digest(happened_at, author, words)
        if key in self._messages:
            return self.skip(line, text, f"the same as line {self._messages[key].line}")
        if len(self._messages) == MAX_MESSAGES:
            raise LogTooLarge(
                f"This log has more than {MAX_MESSAGES:,} messages. Paste the hours that matter."
            )
        self._messages[key] = Message(happened_at, author, words, line, key, kind.strip().lower())
        return None

    def skip(self, line: int, text: str, reason: str) -> None:
        self._skipped.append((line, text.strip()[:_SHOWN_OF_A_SKIPPED_LINE], reason))

    def reading(self, shape: str) -> Reading:
        return Reading(tuple(self._messages.values()), tuple(self._skipped), shape)


def check_size(text: str) -> None:
    """Raises LogTooLarge over 500 KB or 20,000 lines."""
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise LogTooLarge(f"This log is larger than {MAX_BYTES // 1000} KB. Paste the hours that matter.")
    if text.count("\n") >= MAX_LINES:
        raise LogTooLarge(f"This log has more than {MAX_LINES:,} lines. Paste the hours that matter.")


def _without_marks(text: str) -> str:
    """The words without what chat programs put at the end of a line that was changed later."""
    return "\n".join(_without_mark(line) for line in text.split("\n")).strip()


def _without_mark(line: str) -> str:
    bare = line.rstrip(" \t")
    return bare.removesuffix(_EDITED).rstrip(" \t") if bare.endswith(_EDITED) else line


def _plain_name(author: str) -> str:
    """A name without emoji codes and the label that chat programs put behind a robot's."""
    return " ".join(_LABELS_OF_A_NAME.sub("", author.replace("\x00", "").strip()).split())


def _digest(happened_at: datetime, author: str, words: str) -> str:
    said = "\x00".join((happened_at.isoformat(), author, " ".join(words.split())))
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()[:32]
