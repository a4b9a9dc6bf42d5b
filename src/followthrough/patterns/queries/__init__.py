"""Reading what recurs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding
from followthrough.core import phrasing
from followthrough.core.errors import NotFound
from followthrough.facts.models import Occurrence
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Pattern, PatternMembership, Proposal
from followthrough.patterns.pattern_state import YEAR
from followthrough.patterns.phrasing import theme_name
from followthrough.people.models import User
from followthrough.similarity.queries.feedback import confirmed_similar

LISTED_FIELDS = Q(dismissed_at=None, merged_into=None, incidents__gte=2)


class Theme(NamedTuple):
    """What a pattern is about: a tag, or a service, a kind of cause and a mechanism."""

    tag: int | None
    service: int | None
    category: str
    mechanism: str

    @classmethod
    def of(cls, pattern: Pattern) -> Self:
        return cls(pattern.tag_id, pattern.service_id, pattern.category, pattern.mechanism)


@dataclass(frozen=True)
class PatternIncident:
    """One incident of a pattern."""

    key: int
    began_at: datetime
    minutes: int


def theme_of(tag: int | None, service: int | None, category: str, mechanism: str) -> Theme:
    """The theme that an occurrence belongs to."""
    return Theme(tag, None, "", mechanism) if tag else Theme(None, service, category, mechanism)


def occurrences_of(*patterns: Pattern) -> QuerySet[Occurrence]:
    """Where these patterns struck by what findings say."""
    wanted = Q(pk__in=[])
    for theme in (Theme.of(pattern) for pattern in patterns if not pattern.by_people):
        if theme.tag:
            wanted |= Q(tag=theme.tag, mechanism=theme.mechanism)
        else:
            wanted |= Q(tag=None, service=theme.service, category=theme.category, mechanism=theme.mechanism)
    return Occurrence.objects.filter(wanted)


def root_of(pattern: Pattern) -> Pattern:
    """What it is merged into in the end, or itself."""
    seen = {pattern.pk}
    while pattern.merged_into and pattern.merged_into_id not in seen:
        pattern = pattern.merged_into
        seen.add(pattern.pk)
    return pattern


def tree_of(pattern: Pattern) -> list[Pattern]:
    """It and everything that is merged into it."""
    found, level = [pattern], [pattern]
    while level := list(
        Pattern.objects.filter(merged_into__in=level).exclude(pk__in=[one.pk for one in found])
    ):
        found += level
    return found


def pattern_incidents(
    tree: Collection[Pattern], *, since: datetime, until: datetime
) -> list[PatternIncident]:
    """The open incidents of these patterns, the oldest first: those that findings say and people did not take out,
    those that people put in, and those that people confirmed to be the same thing again as one of them."""
    words = PatternMembership.objects.filter(pattern__in=[one.pk for one in tree]).values_list(
        "incident", "belongs"
    )
    put_in = {key for key, belongs in words if belongs}
    taken_out = {key for key, belongs in words if not belongs} - put_in
    struck = occurrences_of(*tree).filter(began_at__gte=since, began_at__lte=until)
    found = {
        key: PatternIncident(key, began_at, minutes)
        for key, began_at, minutes in struck.values_list("incident", "began_at", "minutes")
        if key not in taken_out
    }
    linked = confirmed_similar(found.keys() | put_in) - taken_out
    added = Incident.objects.filter(
        pk__in=(put_in | linked) - found.keys(), visibility=Incident.Visibility.OPEN
    )
    for incident in added.filter(began_at__gte=since, began_at__lte=until).defer("what_happened"):
        lasted = incident.duration if incident.is_outage else None
        minutes = max(0, int(lasted.total_seconds() // 60)) if lasted else 0
        found[incident.pk] = PatternIncident(incident.pk, incident.began_at, minutes)
    return sorted(found.values(), key=lambda case: (case.began_at, case.key))


def actions_against(keys: Collection[int]) -> QuerySet[ActionItem]:
    """The actions that came out of these incidents."""
    return ActionItem.objects.filter(postmortem__in=keys, removed_at=None)


def visible_to(user: User) -> QuerySet[Pattern]:
    """Every pattern that is listed, for members, and of those with the very same incidents only the first. Restricted
    incidents are in none of them. Stakeholders see none."""
    return listed() if user.is_active and user.is_member else Pattern.objects.none()


def listed() -> QuerySet[Pattern]:
    """As every member sees them."""
    same_incidents = Pattern.objects.filter(
        LISTED_FIELDS, signature=OuterRef("signature"), pk__lt=OuterRef("pk")
    )
    return Pattern.objects.filter(LISTED_FIELDS).filter(~Exists(same_incidents))


def all_for(user: User) -> QuerySet[Pattern]:
    """Also those that were dismissed, merged into others, or struck less than twice in twelve months."""
    if not user.is_active or not user.is_member:
        return Pattern.objects.none()
    return Pattern.objects.all()


def find(user: User, pk: int) -> Pattern:
    rows = all_for(user).select_related("merged_into", "tag", "service")
    pattern = rows.filter(pk=pk).first()
    if pattern is None:
        raise NotFound("This pattern is not there any more: it struck less than twice in the last 12 months.")
    return pattern


def names_of(patterns: Iterable[Pattern]) -> dict[str, list[str]]:
    """{signature: what the listed patterns with the very same incidents are called}: by people, else by their tags,
    else by what struck, with all services that it struck in one name."""
    rows = Pattern.objects.filter(LISTED_FIELDS, signature__in=[pattern.signature for pattern in patterns])
    alike: dict[str, list[Pattern]] = defaultdict(list)
    for row in rows.select_related("service").order_by("pk"):
        alike[row.signature].append(row)
    return {signature: _names(found) for signature, found in alike.items()}


def _names(alike: Collection[Pattern]) -> list[str]:
    given = [pattern.name for pattern in alike if pattern.is_named or pattern.by_people]
    tagged = [pattern.name for pattern in alike if pattern.tag_id]
    if given or tagged:
        return given or tagged
    struck: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pattern in alike:
        struck[pattern.category, pattern.mechanism].append(pattern.service.name if pattern.service else "")
    return [
        theme_name(*what, phrasing.listed(sorted(filter(None, services)) or [""]))
        for what, services in struck.items()
    ]


def name_of(pattern: Pattern, names: dict[str, list[str]]) -> str:
    """What it is called on a page: its name, with those of patterns of the very same incidents."""
    first, *others = names.get(pattern.signature) or [pattern.name]
    return phrasing.listed(
        [first, *(other if other.isupper() else other[:1].lower() + other[1:] for other in others)]
    )


def incidents_of(tree: Collection[Pattern], now: datetime) -> list[Incident]:
    """The incidents of the last twelve months in which these struck, newest first, at most 200."""
    keys = [case.key for case in pattern_incidents(tree, since=now - YEAR, until=now)][-200:]
    rows = Incident.objects.filter(pk__in=keys, visibility=Incident.Visibility.OPEN)
    return list(rows.select_related("severity").defer("what_happened").order_by("-began_at", "-pk"))


def findings_of(keys: Collection[int]) -> QuerySet[Finding]:
    """What the meetings of these incidents found, but for luck and what went well."""
    rows = Finding.objects.filter(postmortem__in=keys, removed_at=None, kind__in=Finding.NEEDS_ACTION)
    return rows.select_related("cause").order_by("-kind", "position")


def actions_of(keys: Collection[int]) -> list[ActionItem]:
    """The actions that came out of these incidents, what is open first."""
    rows = actions_against(keys).select_related("owner", "postmortem__incident")
    return list(rows.order_by("stage", "due_order", "number"))


def proposals_for(user: User) -> QuerySet[Proposal]:
    """What people have not said anything of yet, the largest first."""
    rows = Proposal.objects.filter(settled_at=None) if user.is_member else Proposal.objects.none()
    return rows.order_by("-size", "-pk")


def find_proposal(user: User, pk: int) -> Proposal:
    """Also one that was settled, so that it can be taken up again."""
    found = Proposal.objects.filter(pk=pk).first() if user.is_member else None
    if found is None:
        raise NotFound("This proposal is not there any more: its incidents were told anew since.")
    return found


def incidents_in(proposal: Proposal) -> list[Incident]:
    """The incidents of a proposal that everyone may see, the newest first."""
    rows = proposal.incidents.filter(visibility=Incident.Visibility.OPEN).select_related("severity")
    return list(rows.prefetch_related("services").defer("what_happened").order_by("-began_at", "-pk"))
