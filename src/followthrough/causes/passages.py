"""How causes and findings are found."""

from __future__ import annotations

from followthrough.causes.models import Cause, Finding
from followthrough.incidents.passages import seen_with_incident
from followthrough.search.models import Passage, passage
from followthrough.search.operations import register
from followthrough.search.sources import HEAD, RECORD, Source

HEADING = "Causes and findings"


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("cause", HEADING, Cause, Cause.objects.all, _cause, seen_with_incident))
    register(Source("finding", HEADING, Finding, Finding.objects.all, _finding, seen_with_incident))


def _cause(cause: Cause) -> Passage | None:
    return _passage("cause", cause, tier=RECORD)


def _finding(finding: Finding) -> Passage | None:
    return _passage("finding", finding, tier=HEAD)


def _passage(kind: str, record: Cause | Finding, *, tier: str) -> Passage | None:
    if record.removed_at or not record.text:
        return None
    number = record.postmortem_id
    return passage(
        kind,
        record,
        tier=tier,
        title=record.text,
        body=record.text if len(record.text) > 1_000 else "",
        address=f"/incidents/INC-{number}/",
        at=record.created_at,
        incident=number,
    )
