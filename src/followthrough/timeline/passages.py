"""How the timeline is found."""

from __future__ import annotations

from followthrough.incidents.passages import seen_with_incident
from followthrough.search.models import Passage, passage
from followthrough.search.operations import register
from followthrough.search.sources import RECORD, Source
from followthrough.timeline.models import Entry


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("entry", "Timeline", Entry, Entry.objects.all, _entry, seen_with_incident))


def _entry(entry: Entry) -> Passage | None:
    if entry.removed_at or not entry.text:
        return None
    number = entry.postmortem_id
    return passage(
        "entry",
        entry,
        tier=RECORD,
        title=entry.text,
        body=entry.text if len(entry.text) > 1_000 else "",
        address=f"/incidents/INC-{number}/",
        at=entry.happened_at,
        incident=number,
    )
