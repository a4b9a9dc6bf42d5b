"""A short-lived cache of figures, until somebody changes something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache

from followthrough.activity.queries import latest
from followthrough.people.models import User

Figures = TypeVar("Figures")
MAX_AGE_SECONDS = 60
"""Seconds: what only the clock changes, such as an action that is late since midnight, is seen after them."""


def cached_figures(name: str, person: User, figure: Callable[[], Figures]) -> Figures:
    """What `figure` gave for this person since the last change in the log, or gives now."""
    key = f"{name}:{person.pk}:{person.role}:{latest()}"
    return cast("Figures", cache.get_or_set(key, figure, MAX_AGE_SECONDS))
