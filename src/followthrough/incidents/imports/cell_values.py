"""Parses texts of files as severities and words; raises Unreadable with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from followthrough.core.text import line, repaired
from followthrough.incidents.models import Incident

GRAVITY = {
    "critical": 1, "blocker": 1, "emergency": 1, "highest": 1, "urgent": 1, "majoroutage": 1,
    "major": 2, "high": 2, "severe": 2, "partialoutage": 2, "majorperformance": 2,
    "moderate": 3, "medium": 3, "normal": 3, "degradedperformance": 3,
    "minor": 4, "low": 4, "warning": 4,
    "none": 5, "info": 5, "informational": 5, "maintenance": 5, "trivial": 5, "lowest": 5, "cosmetic": 5,
}  # fmt: skip
KINDS = {
    "outage": "outage incident downtime degradation disruption issue problem alert bug service_outage down",
    "failed_deployment": "deployment failed_release failed_deploy failed_change bad_deploy rollback deploy",
    "missed_deadline": "late delay delayed deadline missed_date slipped overdue",
    "project_end": "project project_closure project_completion retrospective end_of_project project_retrospective",
    "launch": "go_live product_launch rollout",
}
"""{kind: what other programs call it}; the kinds' own names and labels count as well."""
LONGEST = 64
"""Characters of a date, a length of time or a severity."""
NOTHING = {"?", "-", "–", "n/a", "na", "none", "null", "unknown", "not known", "tbd"}


class Unreadable(Exception):
    """Why a value cannot be taken, for the person who repairs the file; `column` names the one it stands in."""

    def __init__(self, message: str, *, column: str = "") -> None:
        super().__init__(f"{column}: {message}" if column else message)
        self.column = column


@contextmanager
def unreadable_row() -> Iterator[None]:
    """Whatever a file holds, reading a row of it fails as Unreadable and in no other way."""
    try:
        yield
    except (ValueError, TypeError, ArithmeticError, LookupError, RecursionError, AttributeError) as error:
        raise Unreadable("A value in it is of a kind that cannot be read.") from error


def rank(value: Any, names: dict[str, int]) -> int:
    """The rank that a severity's text means: by the organisation's names {lower name: rank}, P1 or words."""
    text = " ".join(short_text(value, "severity").lower().split())
    head = re.split(r"[(:,/|–—]| -", text, maxsplit=1)[0].strip()
    for said in dict.fromkeys((text, head)):
        squeezed = re.sub(r"[\s_\-.#]+", "", said)
        if squeezed in names:
            return names[squeezed]
        if (known := GRAVITY.get(squeezed)) is not None:
            return known
        if number := re.fullmatch(r"(?:sev|severity|p|prio|priority|s|level)?([0-9])", squeezed, re.ASCII):
            return int(number[1])
    raise Unreadable(
        f"“{str(value).strip()[:40]}” is not a severity here. Use one of {', '.join(names).upper()}."
    )


def kind_of(value: Any) -> str:
    """The kind of event that a word means; Unreadable for one that is none."""
    said = re.sub(r"[\s_\-]+", "_", short_text(value, "kind").lower()).replace("’", "'")
    for kind, label in Incident.Kind.choices:
        own = {kind, label.lower().replace(" ", "_"), *KINDS.get(kind, "").split()}
        if said in own or said.removesuffix("s") in own:
            return kind
    labels = ", ".join(Incident.Kind.labels)
    raise Unreadable(f"“{str(value).strip()[:40]}” is not a kind of event here. Use one of {labels}.")


def short_text(value: Any, kind: str) -> str:
    """The value as text without blanks around it; Unreadable for one so long that no pattern should look at it."""
    text = str(value).strip()
    if len(text) > LONGEST:
        raise Unreadable(f"“{text[:40]}…” is not a {kind} that can be right.")
    return text


def words(values: list[Any]) -> list[str]:
    """Every word or name of several lists and comma-separated texts, once."""
    found: dict[str, None] = {}
    for value in values:
        parts = value if isinstance(value, list) else re.split(r"[,;]", str(value))
        found |= dict.fromkeys(" ".join(line(repaired(str(part))).split()) for part in parts)
    return [word for word in found if word and word.lower() not in NOTHING]
