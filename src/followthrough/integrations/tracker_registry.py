"""Registry of trackers: every folder of this room with a `tracker` module is one; a new one is a folder and nothing else."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from followthrough.core.errors import NotFound
from followthrough.integrations.tracker_contract import Tracker

PACKAGE = "followthrough.integrations"


@cache
def trackers() -> dict[str, Tracker]:
    """{service: tracker}, by their names' order."""
    paths = list(import_module(PACKAGE).__path__)
    folders = [f"{PACKAGE}.{module.name}" for module in pkgutil.iter_modules(paths) if module.ispkg]
    found: list[Tracker] = [
        import_module(f"{folder}.tracker").TRACKER for folder in folders if _has_tracker(folder)
    ]
    return {tracker.service: tracker for tracker in sorted(found, key=lambda tracker: tracker.name)}


def tracker_of(service: str) -> Tracker:
    """NotFound for a service that nothing here speaks with."""
    if service not in trackers():
        raise NotFound("There is no such service here.")
    return trackers()[service]


def _has_tracker(folder: str) -> bool:
    return any(module.name == "tracker" for module in pkgutil.iter_modules(import_module(folder).__path__))
