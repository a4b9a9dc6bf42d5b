"""Upserts one pattern from its incidents and their actions, and what people said of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause
from followthrough.facts import queries as facts
from followthrough.facts.models import Occurrence
from followthrough.facts.operations import aggregates
from followthrough.incidents.models import Incident, Service
from followthrough.patterns import pattern_state
from followthrough.patterns.models import Pattern
from followthrough.patterns.passages import pattern_passage
from followthrough.patterns.phrasing import theme_name
from followthrough.patterns.queries import (
    PatternIncident,
    Theme,
    actions_against,
    occurrences_of,
    pattern_incidents,
    root_of,
    tree_of,
)
from followthrough.search import operations as searched
from followthrough.statistics import rate_alarms

CHART_INCIDENTS, CHART_ACTIONS = 60, 80


def refresh_theme(theme: Theme, *, now: datetime) -> None:
    """Writes, or takes away, the pattern of one theme."""
    known = Pattern.objects.filter(by_people=False, **theme._asdict()).select_related("merged_into").first()
    if known:
        refresh_pattern(root_of(known), now=now)
        return
    pattern = Pattern(
        tag_id=theme.tag, service_id=theme.service, category=theme.category, mechanism=theme.mechanism
    )
    if _is_enough(pattern, pattern_incidents([pattern], since=now - pattern_state.YEAR, until=now)):
        refresh_pattern(pattern, now=now)


def refresh_pattern(pattern: Pattern, *, now: datetime) -> None:
    """Writes a pattern that is merged into no other, or takes it away where nothing of it is left."""
    tree = tree_of(pattern) if pattern.pk else [pattern]
    cases = pattern_incidents(tree, since=now - aggregates.COMPARED_SPAN, until=now)
    struck = [case for case in cases if case.began_at >= now - pattern_state.YEAR]
    if not _is_enough(pattern, struck) and not _is_kept(pattern, tree):
        if pattern.pk:
            searched.forget("pattern", [str(pattern.pk)])
            pattern.delete()
        return
    services = _services([case.key for case in struck])
    values = _words(pattern, tree, services, struck) | _counts(struck) | _chance(cases, now)
    for name, value in values.items():
        setattr(pattern, name, value)
    pattern.save()
    searched.keep([pattern_passage(pattern)])
    pattern.affected_services.set([service.pk for service in services])


def _is_enough(pattern: Pattern, struck: Sequence[PatternIncident]) -> bool:
    if pattern.mechanism.startswith("slow_to_"):
        often = facts.aggregate("response").get("often", [])
        name = pattern.service.name if pattern.service else ""
        return len(struck) > 1 and [name, pattern.mechanism.removeprefix("slow_to_")] in often
    return len(struck) > 1


def _is_kept(pattern: Pattern, tree: Sequence[Pattern]) -> bool:
    if not pattern.pk:
        return False
    return pattern.is_kept or len(tree) > 1 or pattern.memberships.exists() or pattern.remarks.exists()


def _services(keys: Collection[int]) -> list[Service]:
    """The services of these incidents, the most struck first."""
    links = Incident.services.through._default_manager.filter(incident__in=keys)
    counts = Counter(links.values_list("service", flat=True))
    known = Service.objects.in_bulk(list(counts))
    return sorted(known.values(), key=lambda service: (-counts[service.pk], service.name))


def _words(
    pattern: Pattern,
    tree: Collection[Pattern],
    services: Sequence[Service],
    struck: Sequence[PatternIncident],
) -> dict[str, object]:
    keys = {case.key for case in struck}
    rows = occurrences_of(*tree) if not pattern.by_people else Occurrence.objects.filter(mechanism="cause")
    pairs = set(rows.filter(incident__in=keys).exclude(category="").values_list("incident", "category"))
    counts = Counter(str(Cause.Category(category).label) for _, category in pairs)
    categories = sorted(counts, key=lambda name: (-counts[name], name))
    names = [service.name for service in services]
    values: dict[str, object] = {"services": names, "categories": categories}
    return values if pattern.is_named or pattern.by_people else values | {"name": _name(pattern)}


def _name(pattern: Pattern) -> str:
    """What it is called while no person has named it."""
    if pattern.tag:
        return _title(pattern.tag.name)
    return theme_name(pattern.category, pattern.mechanism, pattern.service.name if pattern.service else "")


def _title(tag: str) -> str:
    """A tag as people write it: "staged-rollout" is "Staged rollout", "bgp" is "BGP"."""
    words = tag.replace("-", " ")
    return words.upper() if len(words) <= 3 else words.capitalize()


def _counts(struck: Sequence[PatternIncident]) -> dict[str, object]:
    keys = [case.key for case in struck]
    actions = list(actions_against(keys).exclude(state=ActionItem.State.DECLINED))
    began = [case.began_at for case in struck]
    done = sorted(row.done_at for row in actions if row.done_at and row.state in ActionItem.FINISHED)
    waiting = [row for row in actions if row.is_open]
    return {
        "signature": hashlib.sha256(repr(sorted(keys)).encode()).hexdigest(),
        "base_state": pattern_state.state_of(began, done, open_actions=len(waiting)),
        "state": pattern_state.state_of(began, done, open_actions=len(waiting)),
        "urgency": pattern_state.URGENCY[pattern_state.state_of(began, done, open_actions=len(waiting))],
        "incidents": len(struck),
        "actions": len(actions),
        "unfinished": len(waiting),
        "last_at": began[-1] if began else None,
        "fixed_at": done[-1] if done else None,
        "came_back_days": pattern_state.came_back_days(began, done),
        "usual_gap_days": pattern_state.usual_gap_days(began),
        "chart_data": _chart_data(struck, done, waiting),
    }


def _chance(cases: Sequence[PatternIncident], now: datetime) -> dict[str, object]:
    months = aggregates.months_of((case.began_at for case in cases), now)
    return {"months": months, "p": rate_alarms.rate_of(months).p}


def update_alarms() -> None:
    """Says which patterns are getting worse, beside all others that are looked at."""
    rows = list(Pattern.objects.filter(dismissed_at=None, merged_into=None).defer("chart_data", "services"))
    ps = [row.p for row in rows]
    changed = []
    for row, q, alarm in zip(rows, rate_alarms.discoveries(ps), rate_alarms.alarms(ps), strict=True):
        state = Pattern.State.WORSE if alarm else Pattern.State(row.base_state)
        if (row.q, row.state) != (q, state):
            row.q, row.state, row.urgency = q, state, pattern_state.URGENCY[state]
            changed.append(row)
    Pattern.objects.bulk_update(changed, ["q", "state", "urgency"], batch_size=200)


def _chart_data(
    struck: Sequence[PatternIncident], done: Sequence[datetime], waiting: Sequence[ActionItem]
) -> dict[str, object]:
    incidents = [[case.key, case.began_at.isoformat(), case.minutes] for case in struck]
    return {
        "incidents": incidents[-CHART_INCIDENTS:],
        "done": [moment.isoformat() for moment in done[-CHART_ACTIONS:]],
        "open": [(row.committed_at or row.created_at).isoformat() for row in waiting[-CHART_ACTIONS:]],
    }
