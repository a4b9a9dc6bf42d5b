"""Similar incidents of the past, offered by a room above that knows how to find them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.cache import cache

from followthrough.incidents.models import Incident

Finder = Callable[[Incident], Sequence[tuple[Incident, str]]]
"""(incident) -> similar incidents, the most similar first, each with the reason in words."""

MAX_SHOWN = 3
CACHE_SECONDS = 60
"""Seconds that an answer is used: the past does not change while a meeting runs."""

_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Lets `finder` say what was seen before; called from an AppConfig's ready()."""
    _finders.append(finder)


def similar_to(incident: Incident) -> list[dict[str, Any]]:
    """What every member may see of similar incidents: those that are open to the whole organisation."""
    found = cache.get_or_set(f"similar_incidents:{incident.pk}", lambda: _found(incident), CACHE_SECONDS)
    return found or []


def _found(incident: Incident) -> list[dict[str, Any]]:
    similar = [
        _row(past, reason) for finder in _finders for past, reason in finder(incident) if _is_open(past)
    ]
    return similar[:MAX_SHOWN]


def _is_open(incident: Incident) -> bool:
    return incident.visibility == Incident.Visibility.OPEN


def _row(incident: Incident, reason: str) -> dict[str, Any]:
    return {
        "key": incident.key,
        "title": incident.title,
        "url": incident.get_absolute_url(),
        "began_at": incident.began_at.isoformat().replace("+00:00", "Z"),
        "reason": reason,
    }
