"""Facts that a report tells as lines at its head: `**Severity:** SEV1`, `- First detected: 2023-09-18 13:42`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from followthrough.incidents.imports.cell_values import Unreadable, kind_of, rank
from followthrough.incidents.imports.column_names import guess
from followthrough.incidents.imports.lengths import span
from followthrough.incidents.imports.moments import moments

_LINES = 60
_FACT = re.compile(
    r"\s{0,8}(?:[-*+|] {0,4})?(?:\*\*|__)?(?P<name>[A-Za-z][A-Za-z /()-]{2,40}?)(?:\*\*|__)?"
    r"(?:\s{0,8}:\s{0,8}(?:\*\*|__)?\s{0,8}|\s{0,8}\|\s{0,8}|\s{1,8}(?=\d{4}-\d\d-\d\d))"
    r"(?P<value>[^\s|](?:.{0,120}[^\s|])?)\s{0,8}\|?\s{0,8}"
)


def _moment(value: str) -> None:
    moments(value, zone="UTC", days_first=False)


def _known_rank(value: str) -> None:
    rank(value, {})


_CHECKS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("started", "detected", "acknowledged", "mitigated", "resolved"), _moment),
    "minutes": span,
    "severity": _known_rank,
    "kind": kind_of,
}


def told_facts(body: str, *, known: Collection[str]) -> dict[str, str]:
    """{name: value} of facts at the head of a report that can be read, but for the fields that are `known` already."""
    found: dict[str, str] = {}
    taken = set(known)
    for line in body.split("\n")[:_LINES]:
        fact = _FACT.fullmatch(line) if len(line) < 200 else None
        if fact is None:
            continue
        name, value = fact["name"].strip(), fact["value"].strip("*_ ")
        field = guess({name: value}).get(name, "")
        if field in _CHECKS and field not in taken and _can_be_read(field, value):
            taken.add(field)
            found[name] = value
    return found


def _can_be_read(field: str, value: str) -> bool:
    try:
        _CHECKS[field](value)
    except (Unreadable, ValueError):
        return False
    return True
