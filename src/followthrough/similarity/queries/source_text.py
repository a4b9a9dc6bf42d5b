"""The source text of an incident: title, what happened, findings, causes and timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from followthrough.causes.models import Cause, Finding
from followthrough.incidents.models import Incident
from followthrough.timeline.models import Entry


class SourceText(NamedTuple):
    """One incident's title and everything else that is written of it."""

    title: str
    text: str


def texts_of(keys: Collection[int]) -> dict[int, SourceText]:
    """{incident: what it tells}, with four queries however many."""
    parts: dict[int, list[str]] = defaultdict(list)
    rows = Incident.objects.filter(pk__in=keys).values_list("pk", "title", "what_happened")
    titles = {}
    for key, title, what_happened in rows:
        titles[key] = title
        parts[key].append(what_happened)
    for model, order in ((Finding, "position"), (Cause, "position"), (Entry, "happened_at")):
        kept = model._default_manager.filter(postmortem__in=keys, removed_at=None).order_by(order)
        for key, text in kept.values_list("postmortem", "text"):
            parts[key].append(text)
    return {key: SourceText(title, "\n".join(parts[key])) for key, title in titles.items()}
