"""Writing what recurs, from findings and actions as they stand. Repeating any of this changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import islice, product

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Occurrence, Outcome, Pattern, Stale
from followthrough.patterns.recurrence import mark_recurrences
from followthrough.patterns.writing import Theme, refresh_pattern, theme_of

BATCH = 200
Row = tuple[int, int, str, int | None]
"""(incident, service, category, tag)"""


@transaction.atomic
def refresh_incident(key: int) -> None:
    """Brings everything that is drawn from one incident up to date, and the patterns that it is part of."""
    Stale.objects.filter(pk=key).delete()
    themes = _themes_of([key])
    akin = _akin(key)
    refresh_occurrences([key])
    refresh_outcomes([key])
    mark_recurrences(akin | _akin(key) | {key})
    for theme in themes | _themes_of([key]):
        refresh_pattern(theme, now=timezone.now())


def refresh_all() -> None:
    """Makes everything anew, in small transactions so that others can write in between."""
    for keys in _batches():
        with transaction.atomic():
            refresh_occurrences(keys)
            refresh_outcomes(keys)
    for keys in _batches():
        with transaction.atomic():
            mark_recurrences(keys)
    known = {Theme(*row) for row in Pattern.objects.values_list("tag", "service", "category")}
    for theme in known | _themes_of():
        with transaction.atomic():
            refresh_pattern(theme, now=timezone.now())


def _batches() -> Iterator[list[int]]:
    keys = iter(list(Incident.objects.order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(keys, BATCH)):
        yield batch


def _themes_of(keys: Collection[int] | None = None) -> set[Theme]:
    rows = Occurrence.objects.all() if keys is None else Occurrence.objects.filter(incident__in=keys)
    return {theme_of(*row) for row in rows.values_list("tag", "service", "category").distinct()}


def _akin(key: int) -> set[int]:
    """Incidents before this one that have a row in common with it: their fixes may not have held."""
    akin: set[int] = set()
    for row in Occurrence.objects.filter(incident=key):
        same = Occurrence.objects.filter(service=row.service_id, category=row.category, tag=row.tag_id)
        akin |= set(same.filter(began_at__lte=row.began_at).values_list("incident", flat=True))
    return akin


def refresh_occurrences(keys: Collection[int]) -> None:
    """Writes the occurrences of these incidents, restricted ones left out."""
    wanted = dict(_occurrences(keys))
    for row in Occurrence.objects.filter(incident__in=keys):
        key = (row.incident_id, row.service_id, row.category, row.tag_id)
        new = wanted.get(key)
        if new and (new.began_at, new.minutes) == (row.began_at, row.minutes):
            del wanted[key]
        else:
            row.delete()
    Occurrence.objects.bulk_create(wanted.values())


def _occurrences(keys: Collection[int]) -> Iterator[tuple[Row, Occurrence]]:
    rows = Incident.objects.filter(pk__in=keys, visibility=Incident.Visibility.OPEN)
    categories = _confirmed(keys)
    for incident in rows.defer("what_happened").prefetch_related("services", "tags"):
        tags: list[int | None] = [tag.pk for tag in incident.tags.all()]
        services = [service.pk for service in incident.services.all()]
        for service, category, tag in product(services, categories[incident.pk], tags or [None]):
            occurrence = Occurrence(
                incident=incident,
                service_id=service,
                category=category,
                tag_id=tag,
                began_at=incident.began_at,
                minutes=_minutes(incident),
            )
            yield (incident.pk, service, category, tag), occurrence


def _minutes(incident: Incident) -> int:
    """Of impact; other events than outages have none."""
    lasted = incident.duration
    return max(0, int(lasted.total_seconds() // 60)) if lasted and incident.is_outage else 0


def _confirmed(keys: Collection[int]) -> dict[int, set[str]]:
    """{incident: the sorts of causes that its findings confirm}."""
    findings = Finding.objects.filter(
        postmortem__in=keys, removed_at=None, kind__in=Occurrence.CONFIRMED_BY, cause__removed_at=None
    ).exclude(cause=None)
    categories: dict[int, set[str]] = defaultdict(set)
    for key, category in findings.exclude(cause__category="").values_list("postmortem", "cause__category"):
        categories[key].add(category)
    return categories


def refresh_outcomes(keys: Collection[int]) -> None:
    """Writes how the promised actions of these incidents turned out; `mark_recurrences` says whether they held."""
    rows = ActionItem.objects.filter(
        postmortem__in=keys, postmortem__incident__visibility=Incident.Visibility.OPEN, removed_at=None
    ).exclude(Q(state=ActionItem.State.DECLINED) | Q(state=ActionItem.State.PROPOSED))
    today = timezone.localdate()
    outcomes = [_outcome(action, today) for action in rows.select_related("finding__cause")]
    Outcome.objects.filter(incident__in=keys).exclude(pk__in=[row.pk for row in outcomes]).delete()
    Outcome.objects.bulk_create(
        outcomes,
        update_conflicts=True,
        unique_fields=["action"],
        update_fields=["incident", "due_month", "in_time", "category", "finished_at"],
    )


def _outcome(action: ActionItem, today: date) -> Outcome:
    cause = action.finding.cause if action.finding else None
    finished = action.done_at if action.state in ActionItem.FINISHED else None
    return Outcome(
        action=action,
        incident_id=action.postmortem_id,
        due_month=action.due_on.replace(day=1) if action.due_on else None,
        in_time=_in_time(action.due_on, finished, today),
        category=cause.category if cause else "",
        finished_at=finished,
    )


def _in_time(due_on: date | None, finished: datetime | None, today: date) -> bool | None:
    """None while it may still be done in time."""
    if due_on is None:
        return None
    if finished is not None:
        return timezone.localdate(finished) <= due_on
    return False if due_on < today else None
