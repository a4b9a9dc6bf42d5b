"""Reading what recurs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding
from followthrough.core.errors import NotFound
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Outcome, Pattern, Proposal
from followthrough.patterns.operations.pattern_rows import actions_against, pattern_incidents
from followthrough.patterns.pattern_state import YEAR
from followthrough.people.models import User

LISTED_FIELDS = Q(dismissed_at=None, merged_into=None, incidents__gte=2)
MIN_ACTIONS = 10
"""With fewer cases a share says nothing."""


@dataclass(frozen=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        return round(100 * self.part / self.whole) if self.whole else 0

    @property
    def is_enough(self) -> bool:
        return self.whole >= MIN_ACTIONS


@dataclass(frozen=True)
class Month:
    """The actions that were due in one month, and how many of them were done in time."""

    first: date
    share: Share


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
    """{signature: the names of all listed patterns with the very same incidents}, those that people gave alone where
    there are any."""
    rows = Pattern.objects.filter(LISTED_FIELDS, signature__in=[pattern.signature for pattern in patterns])
    given: dict[str, list[str]] = defaultdict(list)
    counted: dict[str, list[str]] = defaultdict(list)
    for signature, name, is_named in rows.order_by("pk").values_list("signature", "name", "is_named"):
        (given if is_named else counted)[signature].append(name)
    return counted | given


def name_of(pattern: Pattern, names: dict[str, list[str]]) -> str:
    """What it is called on a page: its name, with those of patterns of the very same incidents."""
    first, *others = names.get(pattern.signature) or [pattern.name]
    return ", ".join(
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


def fixes(now: datetime) -> Share:
    """Of the actions done in the last twelve months that answer a sort of cause: those that held."""
    judged = Outcome.objects.filter(finished_at__gte=now - YEAR, held__isnull=False)
    row = judged.aggregate(whole=Count("finished_at"), part=Count("finished_at", filter=Q(held=True)))
    return Share(row["part"], row["whole"])


def punctuality() -> list[Month]:
    """The last twelve months, the oldest first; the running one counts what can be said of it already."""
    months = _last_months(timezone.localdate(), 12)
    rows = Outcome.objects.filter(due_month__gte=months[0], due_month__lte=months[-1], in_time__isnull=False)
    counted = rows.order_by().values_list("due_month", "in_time").annotate(number=Count("*"))
    found = {(month, in_time): number for month, in_time, number in counted}
    return [_month(first, found.get((first, True), 0), found.get((first, False), 0)) for first in months]


def _month(first: date, in_time: int, late: int) -> Month:
    return Month(first, Share(in_time, in_time + late))


def _last_months(today: date, number: int) -> list[date]:
    ends = [today.year * 12 + today.month - 1 - ago for ago in range(number)]
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(ends)]
