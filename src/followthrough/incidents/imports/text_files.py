"""Text files in the encodings that spreadsheets save: UTF-8, UTF-16 and Western European Windows."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TextIO

from followthrough.incidents.imports.cell_values import Unreadable

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHUNK = 1 << 20
_WESTERN = re.compile("[\xa0\u20ac‚„…‘’“”•–—™¡¿£§©«»®°±²³µ·¹º¼½¾À-ÖØ-öø-ÿŒœŠšŽžŸ]")
_FOREIGN = re.compile("[À-ÖØ-öø-ÿŒœŠšŽžŸ¡-¿]{3}")
"""Three such letters in a row are another alphabet in its own eight bits, read as if they were Western."""
ADVICE = "In the spreadsheet, save it as “CSV UTF-8”; in an editor, as UTF-8."


def open_text(path: Path, *, newline: str | None = None) -> tuple[TextIO, str]:
    """The file opened as text, and what to say of how it was read ("" for UTF-8). Unreadable for other files."""
    encoding = _encoding(path)
    remark = ""
    if encoding == "cp1252":
        remark = f"the file is not UTF-8; it was read as Western European (Windows-1252). If letters look wrong: {ADVICE}"
    return path.open(encoding=encoding, newline=newline), remark


def _encoding(path: Path) -> str:
    with path.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
        if not marked and b"\0" in start[:4] and len(start) == 4:
            marked = (
                "utf-16-le"
                if start[1] == 0 and start[0]
                else "utf-16-be"
                if start[1] and not start[0]
                else ""
            )
        for name in [marked] if marked else ["utf-8", "cp1252"]:
            raw.seek(0)
            if _reads_as(raw, name):
                return name
    raise Unreadable(f"It is not text that can be read here. {ADVICE}")


def _reads_as(raw: object, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        while chunk := raw.read(_CHUNK):  # type: ignore[attr-defined]
            text = decoder.decode(chunk)
            if name == "cp1252" and not _is_western(text):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_western(text: str) -> bool:
    """Whether the letters outside ASCII are ones that Western European texts have."""
    other = re.findall(r"[^\x00-\x7f]", text)
    controls = len(re.findall(r"[\x00-\x08\x0e-\x1f]", text))
    return not controls and not _FOREIGN.search(text) and all(map(_WESTERN.fullmatch, set(other)))
