"""Header values of HTTP and mail made of what people typed: header injection (CRLF) ends here."""

from __future__ import annotations

import re
import unicodedata

from django.utils.http import content_disposition_header

LONGEST_FILENAME = 120
LONGEST_LINE = 300
_NOT_IN_FILENAMES = re.compile(r'[\\/:*?"<>|]+')


def header_line(text: str, *, limit: int = LONGEST_LINE) -> str:
    """`text` as one line: line breaks, controls and what cannot be seen become one blank; cut to `limit` characters."""
    visible = "".join(" " if _is_control(character) else character for character in text)
    return " ".join(visible.split())[:limit].rstrip()


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """The Content-Disposition of a file, which no system takes for a path; inline, a browser may show it."""
    name = _NOT_IN_FILENAMES.sub("-", header_line(filename)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    name = f"{stem[:LONGEST_FILENAME]}{dot}{ending}" if stem else name[:LONGEST_FILENAME]
    return content_disposition_header(not inline, name or "file") or "attachment"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
