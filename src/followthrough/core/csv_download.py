"""CSV downloads; the one writer, which neutralises spreadsheet formulas (CSV injection)."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from followthrough.core.headers import content_disposition

_FORMULA = frozenset("=+-@\u2212")
_LEADING_CONTROLS = frozenset("\t\r\n\x00")


def csv_download(filename: str, *, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows as a file for a spreadsheet: UTF-8, texts in quotes, numbers as they are."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition(filename)
    writer = csv.writer(response, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([neutral_cell(cell) for cell in head])
    writer.writerows([neutral_cell(cell) for cell in row] for row in rows)
    return response


def neutral_cell(cell: object) -> object:
    """A number as it is, all else as text. What a spreadsheet would run gets an apostrophe, which makes it text again."""
    if isinstance(cell, int | float):
        return cell
    text = "" if cell is None else str(cell)
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    if text[:1] in _LEADING_CONTROLS and text:
        return True
    first = next((character for character in text if not _is_skipped(character)), "")
    return unicodedata.normalize("NFKC", first)[:1] in _FORMULA if first else False


def _is_skipped(character: str) -> bool:
    """Blanks, controls and what cannot be seen, which some spreadsheets drop before they look."""
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}
