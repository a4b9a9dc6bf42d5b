"""Whether what was fixed stayed fixed, and what came back."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeAlias

from django.db.models import Q, QuerySet

from followthrough.actions.models import ActionItem
from followthrough.facts.models import IncidentMetrics, Mechanism, Occurrence, Outcome
from followthrough.incidents.models import Incident
from followthrough.patterns.models import PatternMembership
from followthrough.similarity.models import SimilarityFeedback
from followthrough.similarity.queries.feedback import linked_rows

SimilarityKey: TypeAlias = tuple[str, int, str, int | None]
"""What two incidents of a kind share: ("cause", service, category, tag), ("said", pattern, "", None), or
("linked", likeness, "", None) where people confirmed that the two are the same thing again."""
OccurrencesByKey: TypeAlias = dict[SimilarityKey, list[tuple[datetime, int]]]
"""{kin: (when, incident), the oldest first}"""


def mark_recurrences(keys: Collection[int], struck: OccurrencesByKey | None = None) -> set[int]:
    """Says of the finished actions of these incidents whether anything of a kind struck after they were done, and of
    the incidents themselves when the next of a kind began; returns those of which it says something new.

    An action without a kind of cause to answer is judged by people alone.
    """
    own = _keys_of(keys)
    known = _occurrences_of({kin for found in own.values() for _, kin in found}) if struck is None else struck
    return _mark_outcomes(keys, own, known) | _mark_figures(keys, own, known)


def all_occurrences() -> OccurrencesByKey:
    """Everything that ever struck, for marking many incidents."""
    return _gathered(
        Occurrence.objects.filter(mechanism=Mechanism.CAUSE)
        .exclude(category="")
        .values_list("service", "category", "tag", "began_at", "incident"),
        _said_rows(PatternMembership.objects.filter(belongs=True)),
        linked_rows(SimilarityFeedback.objects.all()),
    )


def similar_to(keys: Collection[int]) -> set[int]:
    """Incidents before these that are of a kind with one of them: their fixes may not have held."""
    known = _occurrences_of({kin for found in _keys_of(keys).values() for _, kin in found})
    last = {kin: max(when for when, key in rows if key in set(keys)) for kin, rows in known.items()}
    return {key for kin, rows in known.items() for when, key in rows if when <= last[kin]}


def _keys_of(keys: Collection[int]) -> dict[int, set[tuple[str, SimilarityKey]]]:
    """{incident: (the kind of cause that it is about, "" for any, kin)}"""
    own: dict[int, set[tuple[str, SimilarityKey]]] = defaultdict(set)
    rows = Occurrence.objects.filter(
        incident__in=keys
    )  # by its mechanism as well, SQLite would look at every cause
    names = ("incident", "service", "category", "tag", "mechanism")
    for incident, service, category, tag, mechanism in rows.values_list(*names):
        if mechanism == Mechanism.CAUSE and category:
            own[incident].add((category, ("cause", service or 0, category, tag)))
    for pattern, _, incident in _said_rows(PatternMembership.objects.filter(incident__in=keys, belongs=True)):
        own[incident].add(("", ("said", pattern, "", None)))
    linked = SimilarityFeedback.objects.filter(Q(one__in=keys) | Q(other__in=keys))
    for link, _, incident in linked_rows(linked):
        if incident in keys:
            own[incident].add(("", ("linked", link, "", None)))
    return own


def _said_rows(words: QuerySet[PatternMembership]) -> list[tuple[int, datetime, int]]:
    rows = words.filter(incident__visibility=Incident.Visibility.OPEN)
    return list(rows.values_list("pattern", "incident__began_at", "incident"))


def _occurrences_of(kins: Collection[SimilarityKey]) -> OccurrencesByKey:
    causes = {kin for kin in kins if kin[0] == "cause"}
    rows = Occurrence.objects.filter(
        service__in={kin[1] for kin in causes},
        category__in={kin[2] for kin in causes},
        mechanism=Mechanism.CAUSE,
    )
    said = PatternMembership.objects.filter(
        pattern__in={kin[1] for kin in kins if kin[0] == "said"}, belongs=True
    )
    links = SimilarityFeedback.objects.filter(pk__in={kin[1] for kin in kins if kin[0] == "linked"})
    found = _gathered(
        rows.values_list("service", "category", "tag", "began_at", "incident"),
        _said_rows(said),
        linked_rows(links),
    )
    return {kin: found[kin] for kin in kins if kin in found}


def _gathered(
    rows: Iterable[tuple[int | None, str, int | None, datetime, int]],
    said: Iterable[tuple[int, datetime, int]],
    linked: Iterable[tuple[int, datetime, int]],
) -> OccurrencesByKey:
    struck: OccurrencesByKey = defaultdict(list)
    for service, category, tag, began_at, incident in rows:
        struck["cause", service or 0, category, tag].append((began_at, incident))
    for pattern, began_at, incident in said:
        struck["said", pattern, "", None].append((began_at, incident))
    for link, began_at, incident in linked:
        struck["linked", link, "", None].append((began_at, incident))
    for found in struck.values():
        found.sort()
    return dict(struck)


def _mark_outcomes(
    keys: Collection[int], own: dict[int, set[tuple[str, SimilarityKey]]], struck: OccurrencesByKey
) -> set[int]:
    changed = []
    for outcome in Outcome.objects.filter(incident__in=keys).select_related("action"):
        kins = [kin for category, kin in own[outcome.incident_id] if category in {"", outcome.category}]
        recurred = _next(struck, kins, outcome.finished_at, outcome.incident_id)
        held = _held(outcome, recurred)
        if (held, recurred) != (outcome.held, outcome.recurred_at):
            outcome.held, outcome.recurred_at = held, recurred
            changed.append(outcome)
    Outcome.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["action"], update_fields=["held", "recurred_at"]
    )
    return {outcome.incident_id for outcome in changed}


def _mark_figures(
    keys: Collection[int], own: dict[int, set[tuple[str, SimilarityKey]]], struck: OccurrencesByKey
) -> set[int]:
    changed = []
    for figures in IncidentMetrics.objects.filter(pk__in=keys):
        recurred = _next(struck, [kin for _, kin in own[figures.pk]], figures.began_at, figures.pk)
        if recurred != figures.recurred_at:
            figures.recurred_at = recurred
            changed.append(figures)
    IncidentMetrics.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["incident"], update_fields=["recurred_at"]
    )
    return {figures.pk for figures in changed}


def _next(
    struck: OccurrencesByKey, kins: Iterable[SimilarityKey], since: datetime | None, own: int
) -> datetime | None:
    """When the next incident of a kind began after `since`."""
    if since is None:
        return None
    later = []
    for rows in (struck.get(kin, []) for kin in kins):
        place = bisect_right(rows, since, key=lambda row: row[0])
        later += [when for when, incident in rows[place : place + 2] if incident != own][:1]
    return min(later, default=None)


def _held(outcome: Outcome, recurred: datetime | None) -> bool | None:
    """A person's word that it failed stands, also once it was taken up again; without a kind of cause only words count."""
    if outcome.action.failed_at:
        return False
    if outcome.finished_at is None:
        return None
    if not outcome.category:
        return True if outcome.action.state == ActionItem.State.VERIFIED else None
    return recurred is None
