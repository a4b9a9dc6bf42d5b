"""Who listens to what: writes docs/listeners.md from the registries that rooms fill as the product starts."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "listeners.md"
HEAD = """# Who listens to what

Rooms below know nothing of rooms above. What happens between them is registered as the product starts, from each room's
`apps.py`. This page is written by `python scripts/listeners.py` from those registries, and a test compares; so do not edit
it. Names are those of modules in `src/followthrough/`, without the room's folder being repeated.
"""


def page() -> str:
    """The whole page. Needs Django to be set up."""
    sections = [*_of_the_log(), *_of_pages(), *_of_messages(), *_of_records(), *_of_places(), _of_time()]
    return HEAD + "".join(_section(*section) for section in sections)


Section = tuple[str, str, list[str], Iterable[tuple[str, ...]]]
"""(heading, what it is, column names, rows)"""


def _section(heading: str, what: str, columns: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    table = [columns, ["---"] * len(columns), *rows]
    return f"\n## {heading}\n\n{what}\n\n" + "".join(f"| {' | '.join(row)} |\n" for row in table)


def _name(function: Any) -> str:
    """`room.module.function` as code; of a function without a name, where it is written."""
    named = function if hasattr(function, "__qualname__") else type(function)
    whole = f"{named.__module__}.{named.__qualname__}".removeprefix("followthrough.")
    return f"`{whole.replace('.<locals>.<lambda>', '')}`"


def _names(functions: Iterable[Callable[..., Any]]) -> str:
    return ", ".join(_name(one) for one in functions)


def _of_the_log() -> Iterable[Section]:
    from followthrough.activity import operations as activity

    changes = sorted(
        (kind, verb, sorted(map(_name, told))) for (kind, verb), told in activity._subscribers.items() if told
    )
    yield (
        "Changes",
        "Told in the transaction of the change itself, through `activity.operations.subscribe(kind, verb, …)`.",
        ["record", "what happened", "who is told"],
        [(f"`{kind}`", verb, ", ".join(told)) for kind, verb, told in changes],
    )
    yield (
        "All changes of a record",
        "Told of every change, whatever it is, through `activity.operations.follow(kind, …)`.",
        ["record", "who is told"],
        sorted((f"`{kind}`", _names(told)) for kind, told in activity._followers.items() if told),
    )


def _of_pages() -> Iterable[Section]:
    from followthrough.core import panels
    from followthrough.live import room_backend

    yield (
        "Places on pages",
        "Filled through `core.panels.add_panel(place, …)`, in this order; “kept” ones are drawn once for all who look.",
        ["place", "who fills it"],
        sorted(
            (f"`{place}`", ", ".join(_name(panel) + (" (kept)" if kept else "") for _, kept, panel in rows))
            for place, rows in panels._panels.items()
            if rows
        ),
    )
    yield (
        "Notes beside rows",
        "Through `core.panels.add_row_notes(place, …)`.",
        ["place", "who notes something"],
        sorted((f"`{place}`", _names(notes)) for place, notes in panels._notes.items() if notes),
    )
    yield (
        "Live rooms",
        "Through `live.room_backend.register(prefix, …)`.",
        ["address", "its backend"],
        sorted(
            (f"`/live/{prefix}/<number>/`", _name(type(room_backend.backend_for(prefix))))
            for prefix in room_backend._makers
        ),
    )


def _of_messages() -> Iterable[Section]:
    from followthrough.notifications.operations import escalation
    from followthrough.notifications.queries import visibility

    yield (
        "Deadlines that people are reminded of",
        "Through `notifications.operations.escalation.register(policy)`.",
        ["kind", "who knows when it is due and whom to tell"],
        sorted((f"`{kind}`", _name(policy.load)) for kind, policy in escalation._policies.items()),
    )
    yield (
        "Who may see what a message tells of",
        "Through `notifications.queries.visibility.register(kind, rule)`. A kind that is missing here is hidden from everybody.",
        ["kind", "what a person may see", "what every member may"],
        sorted(
            (f"`{kind}`", _name(rule.seen_by), _name(rule.open_to_members))
            for kind, rule in visibility._kinds.items()
        ),
    )


def _of_records() -> Iterable[Section]:
    from followthrough.search.sources import SOURCES
    from followthrough.writing import document_homes

    yield (
        "What is searched",
        "Through `search.operations.register(source)`, from each room's `passages.py`.",
        ["kind", "heading", "record", "what is found of it"],
        sorted(
            (f"`{kind}`", source.heading, f"`{source.model._meta.label_lower}`", _name(source.draw))
            for kind, source in SOURCES.items()
        ),
    )
    yield (
        "Where texts that several write are at home",
        "Through `writing.document_homes.register(kind, home)`.",
        ["kind", "its home"],
        sorted((f"`{kind}`", _name(type(home))) for kind, home in document_homes._homes.items()),
    )


def _of_places() -> Iterable[Section]:
    from followthrough.incidents import closings, publications
    from followthrough.incidents.imports import report_readers
    from followthrough.meeting_room import recurrence_hints, similar_incidents
    from followthrough.records import operations as records
    from followthrough.scheduling.queries import involvement

    asked = [
        ("what was published of an incident", publications._finders),
        ("what its post-mortem closed without", closings._finders),
        ("what a whole report holds, as it is imported", report_readers._readers),
        ("incidents like this one, in the meeting room", similar_incidents._finders),
        ("what came back, in the meeting room", recurrence_hints._finders),
        ("more people to invite, with the reason", involvement._finders),
        ("whether one more record fits", records._limits),
    ]
    yield (
        "Questions that rooms above answer",
        "A lower room asks; a higher one offered itself in its `apps.py`.",
        ["question", "who answers"],
        [(question, _names(finders)) for question, finders in asked],
    )


def _of_time() -> Section:
    from followthrough.config.regular_jobs import REGULAR_JOBS

    return (
        "Regular jobs",
        "Listed in `config/regular_jobs.py`.",
        ["job", "every", "what it does", "its function"],
        [
            (f"`{job.name}`", _interval(round(job.every.total_seconds() / 60)), job.what, _name(job.work))
            for job in REGULAR_JOBS
        ],
    )


def _interval(minutes: int) -> str:
    """The largest unit that divides it."""
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes % size == 0:
            return unit if minutes == size else f"{minutes // size} {unit}s"
    return "minute" if minutes == 1 else f"{minutes} minutes"


def set_up_django() -> None:
    """On an empty data folder, so that nobody's is touched."""
    import django

    sys.path.insert(0, str(ROOT / "src"))
    os.environ["FOLLOWTHROUGH_DATA"] = tempfile.mkdtemp(prefix="followthrough-docs-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
    django.setup()


if __name__ == "__main__":
    set_up_django()
    PAGE.write_text(page())
    print(f"Written: {PAGE.relative_to(ROOT)}")
