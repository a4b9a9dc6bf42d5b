"""Media type of an upload by content sniffing, never by what it claims."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

import filetype

from followthrough.core.errors import DomainError
from followthrough.core.text import line, repaired

PICTURES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
ENDINGS: Final = {**PICTURES, PDF: "pdf", TEXT: "txt"}

_TEXT_ENDINGS = frozenset(
    {"", ".txt", ".log", ".csv", ".tsv", ".md", ".json", ".yaml", ".yml", ".diff", ".patch", ".conf"}
)
_MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|html|head|body|svg|script|iframe|object|embed|math)\b", re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_REFUSED = (
    "“{name}” was not taken: only pictures (PNG, JPEG, GIF, WebP), PDF and plain text are, judged by their content. "
    "Save it as one of these and attach it again."
)


def media_type_of(name: str, content: bytes) -> str:
    """One of the types of ENDINGS. DomainError for everything else, pages and drawings with scripts among it."""
    guessed = filetype.guess(content)
    if guessed is not None and guessed.mime in ENDINGS:
        return str(guessed.mime)
    if guessed is None and PurePath(name).suffix.lower() in _TEXT_ENDINGS and _is_plain_text(content):
        return TEXT
    raise DomainError(_REFUSED.format(name=title_of(name)), field="file")


def title_of(name: str) -> str:
    """What a file was called, without folders or what cannot be shown; at most 200 characters."""
    last = re.split(r"[/\\]", name)[-1]
    return line(repaired(last))[:200].strip() or "file"


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not _CONTROL.search(text) and not _MARKUP.search(text)
