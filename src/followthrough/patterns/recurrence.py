"""Whether what was fixed stayed fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from followthrough.meetings.models import CheckInOutcome
from followthrough.patterns.models import Occurrence, Outcome

Kin = tuple[int, str, int | None]
"""(service, category, tag): two incidents that share one are of a kind."""


def mark_recurrences(keys: Collection[int]) -> None:
    """Says of the finished actions of these incidents whether anything of a kind struck after they were done.

    An action without a sort of cause to answer cannot be judged, nor one that is not finished.
    """
    own: dict[tuple[int, str], set[Kin]] = defaultdict(set)
    rows = Occurrence.objects.filter(incident__in=keys)
    for incident, service, category, tag in rows.values_list("incident", "service", "category", "tag"):
        own[incident, category].add((service, category, tag))
    last = _last_struck({kin for found in own.values() for kin in found})
    failed = _failed(keys)
    changed = []
    for outcome in Outcome.objects.filter(incident__in=keys):
        held = _held(outcome, [last[kin] for kin in own[outcome.incident_id, outcome.category]], failed)
        if held != outcome.held:
            outcome.held = held
            changed.append(outcome)
    Outcome.objects.bulk_update(changed, ["held"], batch_size=200)


def _last_struck(kins: Collection[Kin]) -> dict[Kin, dict[int, datetime]]:
    """{kin: {incident: when}}"""
    struck: dict[Kin, dict[int, datetime]] = defaultdict(dict)
    services, categories = {kin[0] for kin in kins}, {kin[1] for kin in kins}
    rows = Occurrence.objects.filter(service__in=services, category__in=categories)
    columns = rows.values_list("incident", "began_at", "service", "category", "tag")
    for incident, began_at, service, category, tag in columns:
        if (service, category, tag) in kins:
            struck[service, category, tag][incident] = began_at
    return struck


def _failed(keys: Collection[int]) -> set[object]:
    """Actions of which a check-in said that they did not hold."""
    said = CheckInOutcome.objects.filter(
        action__postmortem__in=keys, outcome=CheckInOutcome.Outcome.DID_NOT_HOLD
    )
    return set(said.values_list("action", flat=True))


def _held(outcome: Outcome, struck: Iterable[dict[int, datetime]], failed: Collection[object]) -> bool | None:
    done = outcome.finished_at
    if done is None or not outcome.category:
        return None
    if outcome.pk in failed:
        return False
    return not any(
        began_at > done
        for found in struck
        for incident, began_at in found.items()
        if incident != outcome.incident_id
    )
