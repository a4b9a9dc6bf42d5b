"""Writing what recurs, from findings and actions as they stand. Repeating any of this changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from django.db import transaction
from django.utils import timezone

from followthrough.incidents.models import Incident
from followthrough.patterns import readings, sheets
from followthrough.patterns.figures import refresh_figures
from followthrough.patterns.models import Occurrence, Pattern, Stale, Word
from followthrough.patterns.occurring import refresh_occurrences
from followthrough.patterns.outcomes import refresh_outcomes
from followthrough.patterns.recurrence import Struck, akin_to, alike_to, all_struck, mark_recurrences
from followthrough.patterns.writing import (
    Theme,
    raise_alarms,
    refresh_pattern,
    refresh_theme,
    root_of,
    theme_of,
)

BATCH = 200


def refresh_incident(key: int) -> None:
    """Brings everything that is drawn from one incident up to date, and the patterns that it is part of."""
    refresh_incidents([key])


@transaction.atomic
def refresh_incidents(keys: Collection[int]) -> None:
    """The same for several incidents at once."""
    Stale.objects.filter(pk__in=keys).delete()
    near = {*keys, *alike_to(keys)}
    themes, akin, months = _themes_of(near), akin_to(keys), sheets.months_of(keys)
    _write(keys)
    marked = mark_recurrences(akin | akin_to(keys) | set(keys))
    sheets.pack(months | sheets.months_of(marked | set(keys)))
    for theme in themes | _themes_of(keys):
        refresh_theme(theme, now=timezone.now())
    for pattern in Pattern.objects.filter(words__incident__in=near).distinct():
        refresh_pattern(root_of(pattern), now=timezone.now())
    raise_alarms()


def catch_up() -> int:
    """Looks at incidents that changed and that nobody has looked at yet; returns how many. Then counts anew, unless that
    was done in the last minutes."""
    number = 0
    while keys := list(Stale.objects.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        refresh_incidents(keys)
        number += len(keys)
    readings.refresh_if_due(changed=bool(number))
    return number


def refresh_all() -> None:
    """Makes everything anew, in small transactions so that others can write in between."""
    for keys in _batches():
        with transaction.atomic():
            Stale.objects.filter(pk__in=keys).delete()
            _write(keys)
    readings.refresh()
    _refresh_recurrences(all_struck())
    sheets.pack_all()
    _refresh_patterns()
    raise_alarms()


def _write(keys: Collection[int]) -> None:
    refresh_occurrences(keys)
    refresh_outcomes(keys)
    refresh_figures(keys)


def _refresh_recurrences(struck: Struck) -> None:
    for keys in _batches():
        with transaction.atomic():
            mark_recurrences(keys, struck)
    readings.refresh_fixes()


def _refresh_patterns() -> None:
    known = {Theme.of(pattern) for pattern in Pattern.objects.filter(by_people=False)}
    for theme in known | _themes_of():
        with transaction.atomic():
            refresh_theme(theme, now=timezone.now())
    for pattern in Pattern.objects.filter(by_people=True, merged_into=None):
        refresh_pattern(pattern, now=timezone.now())


def _batches() -> Iterator[list[int]]:
    keys = iter(list(Incident.objects.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(keys, BATCH)):
        yield batch


def _themes_of(keys: Collection[int] | None = None) -> set[Theme]:
    rows = Occurrence.objects.all() if keys is None else Occurrence.objects.filter(incident__in=keys)
    return {theme_of(*row) for row in rows.values_list("tag", "service", "category", "mechanism").distinct()}


def joined(pattern: Pattern) -> list[int]:
    """The incidents of which people said that they belong to a pattern."""
    return list(Word.objects.filter(pattern=pattern, belongs=True).values_list("incident", flat=True))
