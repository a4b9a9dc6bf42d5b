"""What a written timeline says once for many of its entries: `All times in CET, on 8 February 2019`."""

from __future__ import annotations

import re
from datetime import tzinfo

from followthrough.core.timestamps import CalendarDay, NumericDay
from followthrough.core.typed_dates import Day, read_day
from followthrough.core.typed_zones import read_zone

_LONGEST = 400
_ZONE = re.compile(
    r"(?i:\btimes?(?:\s?stamps?)?(?:\s+(?:here|below|given|shown|listed))?(?:\s+(?:are|is|were))?(?:\s+(?:all|given|shown|listed))?"
    r"(?:\s+(?:in|as))?(?:\s+the)?|\btime\s?zone|\bzone)(?::|\s+is)?\s*[(\[]?\s*(?=\S)"
)
_IN_BRACKETS = re.compile(r"[(\[](?:(?i:all )?(?i:times?|in)\s+)*(?i:in )?(?=[A-Z+])")
_DAY_BEGINS = re.compile(
    r"(?<![\w/.:-])(?=\d|(?i:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|aug|sep|o[ck]t|nov|de[cz]))"
)
_MOST_PLACES = 30


def stated_zone(text: str) -> tzinfo | None:
    """The zone that a sentence or a heading says times are in: `Time (UTC)`, `all times are in PST`."""
    text = " ".join(text[:_LONGEST].split())
    for pattern in (_ZONE, _IN_BRACKETS):
        for found in list(pattern.finditer(text))[:_MOST_PLACES]:
            read = read_zone(f" {text[found.end() :]}", 0, dated=True)
            if read and read[0]:
                return read[0].rule
    return None


def stated_day(text: str) -> Day | None:
    """The first whole date, or one with its month in words, that a sentence or a heading names."""
    text = " ".join(text[:_LONGEST].split())
    for found in list(_DAY_BEGINS.finditer(text))[:_MOST_PLACES]:
        day, _ = read_day(text, found.start())
        if isinstance(day, CalendarDay) or (isinstance(day, NumericDay) and day.year):
            return day
    return None
