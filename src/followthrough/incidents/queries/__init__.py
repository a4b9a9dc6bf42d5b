"""Who sees which incidents, and what the rules say of one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from followthrough.core.errors import NotFound
from followthrough.core.times import in_words
from followthrough.incidents.event_words import EventWords
from followthrough.incidents.models import Incident, Involvement, Milestone, ReviewRule, Severity
from followthrough.people.models import User

Name = Milestone.Name
_KEY = re.compile(r"\bINC-(\d{1,18})\b")


def visible_to(user: User | AnonymousUser) -> QuerySet[Incident]:
    """Every incident that `user` may know of.

    Administrators see all; members the open ones and those restricted ones where they are named or involved;
    stakeholders only what was shared, and of that what is open or names them.
    """
    if not user.is_active or isinstance(user, AnonymousUser):
        return Incident.objects.none()
    if user.is_administrator:
        return Incident.objects.all()
    named = Exists(
        Incident.named_people.through._default_manager.filter(incident=OuterRef("pk"), user=user.pk)
    )
    open_or_named = Q(visibility=Incident.Visibility.OPEN) | Q(named)
    if user.is_member:
        involved = Exists(Involvement.objects.filter(incident=OuterRef("pk"), person=user))
        return Incident.objects.filter(open_or_named | Q(involved))
    return Incident.objects.filter(open_or_named, shared_at__isnull=False)


def hidden_from(user: User) -> QuerySet[Incident]:
    """Every incident that `user` may not know of. Leaving these out of a count costs less than finding the others,
    as members miss only some of the restricted ones."""
    if user.is_active and user.is_administrator:
        return Incident.objects.none()
    possible = Incident.objects.all()
    if user.is_member:
        possible = possible.filter(visibility=Incident.Visibility.RESTRICTED)
    return possible.filter(~Exists(visible_to(user).filter(pk=OuterRef("pk"))))


def members_who_see(incident: Incident) -> QuerySet[User]:
    """Active members and administrators who may open the incident."""
    members = User.objects.filter(is_active=True).exclude(role=User.Role.STAKEHOLDER)
    if incident.visibility == Incident.Visibility.OPEN:
        return members
    named = incident.named_people.values("pk")
    involved = incident.involvements.values("person")
    return members.filter(Q(role=User.Role.ADMINISTRATOR) | Q(pk__in=named) | Q(pk__in=involved))


def numbers_seen(user: User, numbers: Collection[int]) -> QuerySet[Incident, int]:
    """Those of the `numbers` whose incidents `user` may see."""
    return visible_to(user).filter(pk__in=numbers).values_list("pk", flat=True)


def naming_hidden(texts: Collection[str], user: User) -> set[str]:
    """Those of the stored `texts` that name an incident, by its key, which `user` may not know of."""
    named = {text: {int(key) for key in _KEY.findall(text)} for text in texts}
    seen = set(numbers_seen(user, set().union(*named.values()))) if any(named.values()) else set()
    return {text for text, numbers in named.items() if not numbers <= seen}


def open_to_members(numbers: Collection[int]) -> QuerySet[Incident, int]:
    """Those of the `numbers` whose incidents every member may see."""
    shown = Incident.objects.filter(pk__in=numbers, visibility=Incident.Visibility.OPEN)
    return shown.values_list("pk", flat=True)


def find(user: User | AnonymousUser, pk: int) -> Incident:
    """The incident with its severity; NotThere for what `user` may not see."""
    incident = visible_to(user).select_related("severity").filter(pk=pk).first()
    if incident is None:
        raise NotFound("There is no such incident, or it is not shared with you.")
    return incident


def services_of(incidents: Iterable[Incident]) -> dict[int, list[str]]:
    """{number of the incident: its services' names, in order}; one query."""
    numbers = [incident.pk for incident in incidents]
    links = Incident.services.through._default_manager.filter(incident__in=numbers)
    names: dict[int, list[str]] = defaultdict(list)
    for incident, name in links.order_by("service__name").values_list("incident", "service__name"):
        names[incident].append(name)
    return names


def milestones_of(incident: Incident) -> dict[str, datetime]:
    """{name: moment} of the milestones whose time is known."""
    return {row.name: row.at for row in incident.milestones.all() if row.at}


def names_of(incident: Incident) -> tuple[str, ...]:
    """The milestones that this kind of event has, in the order in which they should happen."""
    return Milestone.OUTAGE if incident.is_outage else Milestone.OTHER


def out_of_order(moments: dict[str, datetime], words: EventWords) -> list[str]:
    """A sentence for each known milestone that lies before the one it should follow."""
    lines = (
        Milestone.OUTAGE,
        (Name.PLANNED_START, Name.PLANNED_END),
        (Name.ACTUAL_START, Name.DECIDED),
        (Name.ACTUAL_START, Name.ACTUAL_END),
    )
    return [
        problem
        for line in lines
        for problem in _disorder([name for name in line if name in moments], moments, words)
    ]


def _disorder(names: Iterable[str], moments: dict[str, datetime], words: EventWords) -> list[str]:
    return [
        f"{words.milestone(later)} is {in_words(moments[earlier] - moments[later])}"
        f" before {words.milestone(earlier).lower()}."
        for earlier, later in pairwise(names)
        if moments[later] < moments[earlier]
    ]


def needs_review(incident: Incident) -> tuple[bool, str]:
    """Whether an active rule asks for a post-mortem, and which, in words."""
    rules = ReviewRule.objects.filter(active=True).order_by("pk")
    reasons = [reason for rule in rules if (reason := _CHECKS[rule.fact](incident, rule.threshold))]
    if not reasons:
        return False, "No rule asks for one."
    sentence = "; ".join(reasons)
    return True, f"{sentence[0].upper()}{sentence[1:]}."


def _grave(incident: Incident, rank: int | None) -> str:
    if rank is None or incident.severity.rank > rank:
        return ""
    if incident.severity.rank == rank:
        return f"it is {incident.severity}"
    bound = Severity.objects.filter(rank=rank).first()
    return f"it is {incident.severity}, more severe than {bound}" if bound else f"it is {incident.severity}"


def _long(incident: Incident, minutes: int | None) -> str:
    lasted = incident.duration
    if not incident.is_outage or lasted is None or minutes is None or lasted < timedelta(minutes=minutes):
        return ""
    return f"it lasted {in_words(lasted)}, {in_words(timedelta(minutes=minutes))} or more"


def _lost_data(incident: Incident, _: int | None) -> str:
    return "data was lost" if incident.data_lost else ""


def _noticed(incident: Incident, least: int | None) -> str:
    felt = {Incident.CustomerImpact.SOME: 1, Incident.CustomerImpact.MANY: 2}
    amount = felt.get(Incident.CustomerImpact(incident.customer_impact), 0)
    if not amount or amount < (least or 1):
        return ""
    return f"{Incident.CustomerImpact(incident.customer_impact).label.lower()} noticed"


def _missed_by_monitoring(incident: Incident, _: int | None) -> str:
    if incident.detected_by not in {Incident.DetectedBy.STAFF, Incident.DetectedBy.CUSTOMER}:
        return ""
    return f"no alert detected it, {Incident.DetectedBy(incident.detected_by).label.lower()} did"


def _another_event(incident: Incident, _: int | None) -> str:
    return "" if incident.is_outage else f"it is a {Incident.Kind(incident.kind).label.lower()}"


_CHECKS: dict[str, Callable[[Incident, int | None], str]] = {
    ReviewRule.Fact.SEVERITY: _grave,
    ReviewRule.Fact.DURATION: _long,
    ReviewRule.Fact.DATA_LOSS: _lost_data,
    ReviewRule.Fact.CUSTOMER_IMPACT: _noticed,
    ReviewRule.Fact.MONITORING_FAILED: _missed_by_monitoring,
    ReviewRule.Fact.NOT_AN_OUTAGE: _another_event,
}
