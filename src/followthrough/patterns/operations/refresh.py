"""Refreshing what recurs, from findings and actions as they stand; idempotent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from followthrough.facts.models import Occurrence, RefreshQueue
from followthrough.facts.operations import aggregates, monthly_rollup
from followthrough.facts.operations.incident_metrics import refresh_incident_metrics
from followthrough.facts.operations.occurrences import refresh_occurrences
from followthrough.facts.operations.outcomes import refresh_outcomes
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Pattern, PatternMembership
from followthrough.patterns.operations.pattern_rows import refresh_pattern, refresh_theme, update_alarms
from followthrough.patterns.operations.recurrence import (
    OccurrencesByKey,
    all_occurrences,
    mark_recurrences,
    similar_to,
)
from followthrough.patterns.queries import Theme, root_of, theme_of
from followthrough.similarity.queries.feedback import confirmed_similar

BATCH_INCIDENTS = 200


def refresh_incident(key: int) -> None:
    """Brings everything that is drawn from one incident up to date, and the patterns that it is part of."""
    refresh_incidents([key])


@transaction.atomic
def refresh_incidents(keys: Collection[int]) -> None:
    """The same for several incidents at once."""
    RefreshQueue.objects.filter(pk__in=keys).delete()
    near = {*keys, *confirmed_similar(keys)}
    themes, akin, months = _themes_of(near), similar_to(keys), monthly_rollup.months_of(keys)
    _write(keys)
    marked = mark_recurrences(akin | similar_to(keys) | set(keys))
    monthly_rollup.pack_months(months | monthly_rollup.months_of(marked | set(keys)))
    for theme in themes | _themes_of(keys):
        refresh_theme(theme, now=timezone.now())
    for pattern in Pattern.objects.filter(memberships__incident__in=near).distinct():
        refresh_pattern(root_of(pattern), now=timezone.now())
    update_alarms()


def refresh_queued() -> int:
    """Looks at incidents that changed and that nobody has looked at yet; returns how many. Then counts anew, unless that
    was done in the last minutes."""
    number = 0
    while keys := list(RefreshQueue.objects.order_by("pk").values_list("pk", flat=True)[:BATCH_INCIDENTS]):
        refresh_incidents(keys)
        number += len(keys)
    aggregates.refresh_aggregates_if_due(changed=bool(number))
    return number


def refresh_all() -> None:
    """Makes everything anew, in small transactions so that others can write in between."""
    for keys in _batches():
        with transaction.atomic():
            RefreshQueue.objects.filter(pk__in=keys).delete()
            _write(keys)
    aggregates.refresh_aggregates()
    _refresh_recurrences(all_occurrences())
    monthly_rollup.pack_all_months()
    _refresh_patterns()
    update_alarms()


def _write(keys: Collection[int]) -> None:
    refresh_occurrences(keys)
    refresh_outcomes(keys)
    refresh_incident_metrics(keys)


def _refresh_recurrences(struck: OccurrencesByKey) -> None:
    for keys in _batches():
        with transaction.atomic():
            mark_recurrences(keys, struck)
    aggregates.refresh_fixes()


def _refresh_patterns() -> None:
    known = {Theme.of(pattern) for pattern in Pattern.objects.filter(by_people=False)}
    for theme in known | _themes_of():
        with transaction.atomic():
            refresh_theme(theme, now=timezone.now())
    for pattern in Pattern.objects.filter(by_people=True, merged_into=None):
        refresh_pattern(pattern, now=timezone.now())


def _batches() -> Iterator[list[int]]:
    keys = iter(list(Incident.objects.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(keys, BATCH_INCIDENTS)):
        yield batch


def _themes_of(keys: Collection[int] | None = None) -> set[Theme]:
    rows = Occurrence.objects.all() if keys is None else Occurrence.objects.filter(incident__in=keys)
    return {theme_of(*row) for row in rows.values_list("tag", "service", "category", "mechanism").distinct()}


def member_incidents(pattern: Pattern) -> list[int]:
    """The incidents of which people said that they belong to a pattern."""
    return list(
        PatternMembership.objects.filter(pattern=pattern, belongs=True).values_list("incident", flat=True)
    )
