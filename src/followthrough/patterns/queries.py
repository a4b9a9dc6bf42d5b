"""Reading what recurs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding
from followthrough.core.errors import NotThere
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Occurrence, Outcome, Pattern
from followthrough.patterns.similar.finding import Similar, most_similar
from followthrough.patterns.states import YEAR
from followthrough.patterns.writing import Theme, actions_against, occurrences_of
from followthrough.people.models import User

ENOUGH = 10
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
        return self.whole >= ENOUGH


@dataclass(frozen=True)
class Month:
    """The actions that were due in one month, and how many of them were done in time."""

    first: date
    share: Share


def visible_to(user: User) -> QuerySet[Pattern]:
    """Every pattern, for members, and of those with the very same incidents only the first. Restricted incidents are in
    none of them. Stakeholders see none."""
    if not user.is_active or not user.is_member:
        return Pattern.objects.none()
    twins = Pattern.objects.filter(signature=OuterRef("signature"), pk__lt=OuterRef("pk"))
    return Pattern.objects.filter(~Exists(twins))


def find(user: User, pk: int) -> Pattern:
    pattern = visible_to(user).filter(pk=pk).first()
    if pattern is None:
        raise NotThere("This pattern is not there any more: it struck less than twice in the last 12 months.")
    return pattern


def names_of(patterns: Iterable[Pattern]) -> dict[str, list[str]]:
    """{signature: the names of all patterns with the very same incidents}."""
    rows = Pattern.objects.filter(signature__in=[pattern.signature for pattern in patterns]).order_by("pk")
    names: dict[str, list[str]] = defaultdict(list)
    for signature, name in rows.values_list("signature", "name"):
        names[signature].append(name)
    return names


def incidents_of(pattern: Pattern, now: datetime) -> list[Incident]:
    """The incidents of the last twelve months in which it struck, newest first, at most 200."""
    theme = Theme(pattern.tag_id, pattern.service_id, pattern.category)
    struck = occurrences_of(theme).filter(began_at__gte=now - YEAR)
    rows = Incident.objects.filter(pk__in=struck.values("incident"), visibility=Incident.Visibility.OPEN)
    return list(rows.select_related("severity").defer("what_happened").order_by("-began_at", "-pk")[:200])


def findings_of(keys: Collection[int]) -> QuerySet[Finding]:
    """The root causes and contributing factors of these incidents."""
    rows = Finding.objects.filter(postmortem__in=keys, removed_at=None, kind__in=Occurrence.CONFIRMED_BY)
    return rows.order_by("-kind", "position")


def actions_of(keys: Collection[int]) -> list[ActionItem]:
    """The actions that came out of these incidents, what is open first."""
    rows = actions_against(keys).select_related("owner", "postmortem__incident")
    return list(rows.order_by("stage", "due_order", "number"))


def similar_to(incident: Incident, user: User, limit: int = 3) -> list[Similar]:
    """The past incidents most like this one that `user` may see, with their actions; often none."""
    found = most_similar(incident, incidents.visible_to(user), limit)
    by_key = {one.incident.pk: one for one in found}
    rows = ActionItem.objects.filter(postmortem__in=by_key, removed_at=None).select_related("owner")
    for action in rows.exclude(state=ActionItem.State.DECLINED).order_by("stage", "due_order", "number"):
        by_key[action.postmortem_id].actions.append(action)
    return found


def similar_for_all(incident: Incident) -> Sequence[tuple[Incident, str]]:
    """What everyone in a meeting may be shown: (incident, reasons) of those open to the whole organisation."""
    rows = Incident.objects.filter(visibility=Incident.Visibility.OPEN)
    return [(one.incident, "; ".join(one.reasons)) for one in most_similar(incident, rows, 3)]


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
