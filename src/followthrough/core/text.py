"""Sanitising text: the one gate for what people and programs send, at every door.

A lone surrogate (half of a UTF-16 pair, as JSON's "\\ud800" makes it) is no text: it cannot be encoded, so it is
refused. NUL and other controls mean nothing here and PostgreSQL refuses NUL, so they are left out.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from followthrough.core.errors import DomainError

NOT_TEXT = "This holds half a character (a lone surrogate), which is no text. Write or copy it once more."
REPLACEMENT = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufff9-\ufffb\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates: in a name they would turn round what stands beside it."""
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
"""Fillers and variation selectors, which Unicode counts among letters, symbols and marks."""


def is_text(value: str) -> bool:
    """Whether `value` can be encoded, so stored and sent: it holds no lone surrogate."""
    return value.isascii() or not _SURROGATE.search(value)


def refuse_no_text(value: str, *, field: str | None = None) -> None:
    """DomainError for lone surrogates."""
    if not is_text(value):
        raise DomainError(NOT_TEXT, field=field)


def refuse_too_long(value: str, *, limit: int, field: str | None = None) -> None:
    """DomainError over `limit` characters."""
    if len(value) > limit:
        raise DomainError(
            f"This has {len(value):,} characters; {limit:,} fit here. Shorten it and save again.", field=field
        )


def is_blank(value: str) -> bool:
    """Whether nothing of `value` can be seen: blanks, controls, zero-width characters, fillers, marks of direction."""
    return not any(_is_visible(character) for character in value)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and character not in _INVISIBLE


def prose(value: str) -> str:
    """`value` without controls but tabs and line ends; "" if nothing of it can be seen."""
    if not value.isprintable():
        value = _CONTROLS.sub("", value)
    return "" if is_blank(value) else value


def line(value: str) -> str:
    """`value` as one line: breaks and tabs become blanks, controls and marks that turn text round are left out."""
    if not value.isprintable():
        value = _BREAKS.sub(" ", value).replace("\t", " ")
        value = _DIRECTIONS.sub("", _CONTROLS.sub("", value))
    return "" if is_blank(value) else value.strip()


def repaired(value: str) -> str:
    """`value` with U+FFFD for half characters and without NUL: for what programs send, of which all else is kept."""
    value = value.replace("\0", "")
    return value if is_text(value) else _SURROGATE.sub(REPLACEMENT, value)


def repaired_deep(value: Any) -> Any:
    """The same of every text in a JSON value; numbers that JSON does not have become null."""
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, dict):
        return {repaired_deep(name): repaired_deep(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [repaired_deep(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
