"""Involvement: what the record says of who stood close to an incident, and who did not (conflict of interest)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from followthrough.actions import queries as actions
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident, Involvement
from followthrough.incidents.queries import members_who_see
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.people.models import Membership, User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.attendees import Fact, Invitee
from followthrough.scheduling.facilitators import Candidate
from followthrough.scheduling.queries.invitees import attendees_of
from followthrough.scheduling.slots import absence_of
from followthrough.timeline.models import Entry

RECENT = timedelta(days=90)
_BEFORE = timedelta(days=365)
_MOST_PRIOR = 10
_MOST_OF_TEAM = 5
"""So many of a team's people are suggested; the page has everybody else too."""
_Role = Involvement.Role
_AT_A_DISTANCE = {_Role.OBSERVER, _Role.REPORTER}


InvolvementFinder = Callable[[PostMortem, User], Iterable[Fact]]
_finders: list[InvolvementFinder] = []


def offer(finder: InvolvementFinder) -> None:
    """Lets a room above name more people with reasons; called from an AppConfig's ready()."""
    _finders.append(finder)


def facts_for(postmortem: PostMortem, user: User) -> list[Fact]:
    """Reasons to ask people to the meeting, from what `user` may see. They are kept beside the seat for all who come, so
    of other incidents only those that are open to everyone are named."""
    incident = postmortem.incident
    allowed = set(members_who_see(incident).values_list("pk", flat=True))
    sources = (_of_roles, _of_entries, _of_owner_teams)
    facts = [fact for source in sources for fact in source(postmortem)]
    facts += [*_of_actions(postmortem, user), *_of_prior_incidents(postmortem, user)]
    facts += [fact for finder in _finders for fact in finder(postmortem, user)]
    return [fact for fact in facts if fact.person.pk in allowed]


def _of_roles(postmortem: PostMortem) -> Iterator[Fact]:
    incident = postmortem.incident
    for row in incident.involvements.select_related("person"):
        required = row.role not in _AT_A_DISTANCE
        yield Fact(
            row.person,
            f"{row.get_role_display()} in the {incident.words.event}",
            0 if required else 5,
            required=required,
        )


def _of_entries(postmortem: PostMortem) -> Iterator[Fact]:
    entries = Entry.objects.filter(postmortem=postmortem, removed_at=None, anonymous=False)
    counts = dict(entries.exclude(author=None).values_list("author").annotate(Count("pk")).order_by("author"))
    for person in User.objects.filter(pk__in=counts):
        wrote = "a timeline entry" if counts[person.pk] == 1 else f"{counts[person.pk]} timeline entries"
        yield Fact(person, f"Wrote {wrote}", 1, required=True)


def _of_owner_teams(postmortem: PostMortem) -> Iterator[Fact]:
    services = postmortem.incident.services.exclude(owner=None)
    owned = dict(services.values_list("owner", "name"))
    rows = Membership.objects.filter(team__in=owned, person__is_active=True).select_related("person", "team")
    members: Counter[int] = Counter()
    for row in rows.order_by("-leads", "person__name"):
        members[row.team_id] += 1
        if row.leads:
            yield Fact(row.person, f"Leads {row.team}, which owns {owned[row.team_id]}", 2)
        elif members[row.team_id] <= _MOST_OF_TEAM:
            yield Fact(row.person, f"In {row.team}, which owns {owned[row.team_id]}", 3)


def absent_teams(postmortem: PostMortem, asked: Collection[int], *, how: str = "is asked") -> list[str]:
    """What to say of each team that owns what failed and of which nobody is among the `asked` people; two queries.

    `how` says what they were asked about: "is asked", "is here".
    """
    services = postmortem.incident.services.exclude(owner=None).order_by("name")
    owned: dict[int, list[str]] = defaultdict(list)
    names: dict[int, str] = {}
    for service, team, name in services.values_list("name", "owner", "owner__name"):
        owned[team].append(service)
        names[team] = name
    there = set(Membership.objects.filter(team__in=owned, person__in=asked).values_list("team", flat=True))
    missing = [team for team in owned if team not in there]
    return [f"Nobody of {names[team]}, which owns {' and '.join(owned[team])}, {how}." for team in missing]


def _of_actions(postmortem: PostMortem, user: User) -> Iterator[Fact]:
    services = postmortem.incident.services.values("pk")
    earlier = (
        actions.visible_to(user)
        .filter(postmortem__incident__visibility=Incident.Visibility.OPEN)
        .filter(postmortem__incident__services__in=services)
        .exclude(postmortem=postmortem)
        .exclude(owner=None)
    )
    for action in earlier.select_related("owner").distinct().order_by("-created_at")[:_MOST_PRIOR]:
        if action.owner:
            yield Fact(action.owner, f"Owns {action.key} from INC-{action.postmortem_id}, same service", 3)


def _of_prior_incidents(postmortem: PostMortem, user: User) -> Iterator[Fact]:
    incident = postmortem.incident
    prior = (
        incidents.visible_to(user)
        .filter(visibility=Incident.Visibility.OPEN)
        .filter(services__in=incident.services.values("pk"), began_at__lt=incident.began_at)
        .filter(began_at__gt=incident.began_at - _BEFORE)
        .distinct()
        .order_by("-began_at")
        .values_list("pk", flat=True)[:_MOST_PRIOR]
    )
    rows = Involvement.objects.filter(incident__in=list(prior)).exclude(role__in=_AT_A_DISTANCE)
    for row in rows.select_related("person").order_by("-incident__began_at"):
        yield Fact(row.person, f"Worked on INC-{row.incident_id}, same service", 4)


def candidates_for(postmortem: PostMortem, meeting: Meeting | None, user: User) -> list[Candidate]:
    """Every member who may see the incident, with what speaks for and against them as a facilitator,
    as far as `user` may know."""
    people = list(members_who_see(postmortem.incident).prefetch_related("memberships"))
    took_part = set(postmortem.incident.involvements.values_list("person", flat=True))
    owned = dict(postmortem.incident.services.exclude(owner=None).values_list("name", "owner"))
    turns = _recent_turns(postmortem, user)
    absences = _absences(postmortem, meeting, people)
    return [
        Candidate(
            person,
            person.pk in took_part,
            _owned_by(person, owned),
            turns[person.pk],
            absences.get(person.pk),
        )
        for person in people
    ]


def _owned_by(person: User, owned: dict[str, int]) -> tuple[str, ...]:
    teams = {row.team_id for row in person.memberships.all()}
    return tuple(name for name, team in owned.items() if team in teams)


def _recent_turns(postmortem: PostMortem, user: User) -> Counter[int]:
    led = queries.visible_to(user).filter(kind=Meeting.Kind.POSTMORTEM, starts_at__gt=timezone.now() - RECENT)
    led = led.exclude(state=Meeting.State.CANCELLED).exclude(postmortem=postmortem)
    return Counter(
        led.exclude(postmortem__facilitator=None).values_list("postmortem__facilitator", flat=True)
    )


def _absences(postmortem: PostMortem, meeting: Meeting | None, people: list[User]) -> dict[int, str]:
    """Why each could not come at the meeting's time ("" if they could); nothing while it has none."""
    if meeting is None:
        return {}
    start, end = meeting.starts_at, meeting.ends_at
    asked = [Invitee(person) for person in people]
    rows = attendees_of(postmortem, asked, since=start, until=end)
    return {row.key: absence_of(row, start, end) for row in rows}
