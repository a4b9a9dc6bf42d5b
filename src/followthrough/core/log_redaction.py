"""Redaction of secrets in logs: addresses that let their holder in are blanked in every record of every logger.

It happens where records are made, so that no handler, formatter or library sees what follows these beginnings.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

BLANK = "[redacted]"
SECRET_BEGINNINGS = ("hooks", "feeds", "s", "invitation", "answers", "reminders", "unsubscribe", "reset/key")
"""The parts of addresses behind which a secret stands; a test compares them with all URL patterns."""

_SLASH = "(?:/|%2F|%252F)"
_BEGINNINGS = "|".join(SECRET_BEGINNINGS).replace("/", _SLASH)
_SECRET = re.compile(rf"({_SLASH}(?:{_BEGINNINGS}){_SLASH}+)[^\s\"'<>]+", re.IGNORECASE)
_tracebacks = logging.Formatter()


def install() -> None:
    """Has every record of the process made without secrets; called once, from this room's ready()."""
    logging.setLogRecordFactory(_redacted_record)


def redact(text: str) -> str:
    """`text` without what follows the beginning of a secret address."""
    return _SECRET.sub(rf"\1{BLANK}", text)


def holds_secret(path: str) -> bool:
    """Whether an address lets its holder in by itself."""
    return _SECRET.search(path) is not None


def _redacted_record(*given: Any, **named: Any) -> logging.LogRecord:
    record = logging.LogRecord(*given, **named)
    if isinstance(record.args, Mapping):
        record.args = {name: _redacted(value) for name, value in record.args.items()}
    elif record.args:
        record.args = tuple(_redacted(value) for value in record.args)
    _redact_across(record)
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = redact(_tracebacks.formatException(record.exc_info))
    if record.stack_info:
        record.stack_info = redact(record.stack_info)
    return record


def _redacted(value: Any) -> Any:
    """The value itself where it holds no secret, so that "%d" and the like still work."""
    if value is None or isinstance(value, bool | int | float):
        return value
    try:
        shown, known = str(value), repr(value)
    except Exception:  # noqa: BLE001 - logging itself says what is wrong with it
        return value
    return redact(shown) if redact(shown) != shown or redact(known) != known else value


def _redact_across(record: logging.LogRecord) -> None:
    """Blanks what only the message and its arguments together make an address of."""
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001 - logging itself says what is wrong with the arguments
        record.msg = _redacted(record.msg)
        return
    if (clean := redact(message)) != message:
        record.msg, record.args = clean, ()
