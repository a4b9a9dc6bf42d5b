"""Writing one pattern from its incidents and their actions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from followthrough.actions.models import ActionItem
from followthrough.patterns import states
from followthrough.patterns.models import Occurrence, Pattern

LANE_INCIDENTS, LANE_ACTIONS = 60, 80


class Theme(NamedTuple):
    """What a pattern is about: a tag, or a service and a sort of cause where incidents carry no tag."""

    tag: int | None
    service: int | None
    category: str


def theme_of(tag: int | None, service: int, category: str) -> Theme:
    """The theme that an occurrence belongs to."""
    return Theme(tag, None, "") if tag else Theme(None, service, category)


def occurrences_of(theme: Theme) -> QuerySet[Occurrence]:
    if theme.tag:
        return Occurrence.objects.filter(tag=theme.tag)
    return Occurrence.objects.filter(tag=None, service=theme.service, category=theme.category)


def refresh_pattern(theme: Theme, *, now: datetime) -> None:
    """Writes, or takes away, the pattern of one theme."""
    rows = occurrences_of(theme).filter(began_at__gte=now - states.YEAR, began_at__lte=now)
    found = list(rows.select_related("service", "tag").order_by("began_at", "incident"))
    struck = list({row.incident_id: row for row in found}.values())
    known = Pattern.objects.filter(tag=theme.tag, service=theme.service, category=theme.category)
    if len(struck) < 2:
        known.delete()
        return
    values = _words(found) | _figures(struck, now)
    if not known.update(**values):
        Pattern.objects.create(tag_id=theme.tag, service_id=theme.service, category=theme.category, **values)


def _words(found: Sequence[Occurrence]) -> dict[str, object]:
    services = _by_frequency({(row.incident_id, row.service.name) for row in found})
    categories = _by_frequency({(row.incident_id, row.get_category_display()) for row in found})
    tag = found[0].tag
    name = _title(tag.name) if tag else f"{categories[0]} in {services[0]}"
    return {"name": name, "services": services, "categories": categories}


def _by_frequency(pairs: Collection[tuple[int, str]]) -> list[str]:
    """The names in (incident, name), the most frequent first."""
    counts = Counter(name for _, name in pairs)
    return sorted(counts, key=lambda name: (-counts[name], name))


def _title(tag: str) -> str:
    """A tag as people write it: "staged-rollout" is "Staged rollout", "bgp" is "BGP"."""
    words = tag.replace("-", " ")
    return words.upper() if len(words) <= 3 else words.capitalize()


def _figures(struck: Sequence[Occurrence], now: datetime) -> dict[str, object]:
    keys = [row.incident_id for row in struck]
    actions = list(actions_against(keys).exclude(state=ActionItem.State.DECLINED))
    began = [row.began_at for row in struck]
    done = sorted(row.done_at for row in actions if row.done_at and row.state in ActionItem.FINISHED)
    waiting = [row for row in actions if row.is_open]
    state = states.state_of(began, done, open_actions=len(waiting), now=now)
    return {
        "signature": hashlib.sha256(repr(sorted(keys)).encode()).hexdigest(),
        "state": state,
        "urgency": states.URGENCY[state],
        "incidents": len(struck),
        "actions": len(actions),
        "unfinished": len(waiting),
        "last_at": began[-1],
        "fixed_at": done[-1] if done else None,
        "usual_gap_days": states.usual_gap_days(began),
        "lane": _lane(struck, done, waiting),
    }


def actions_against(keys: Collection[int]) -> QuerySet[ActionItem]:
    """The actions that came out of these incidents."""
    return ActionItem.objects.filter(postmortem__in=keys, removed_at=None)


def _lane(
    struck: Sequence[Occurrence], done: Sequence[datetime], waiting: Sequence[ActionItem]
) -> dict[str, object]:
    incidents = [[row.incident_id, row.began_at.isoformat(), row.minutes] for row in struck]
    return {
        "incidents": incidents[-LANE_INCIDENTS:],
        "done": [moment.isoformat() for moment in done[-LANE_ACTIONS:]],
        "open": [(row.committed_at or row.created_at).isoformat() for row in waiting[-LANE_ACTIONS:]],
    }
