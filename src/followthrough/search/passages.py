"""How people and teams are found."""

from __future__ import annotations

from followthrough.people.models import Team, User
from followthrough.search.audiences import members
from followthrough.search.models import Passage, passage
from followthrough.search.operations import register
from followthrough.search.sources import HEAD, Source


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("person", "People", User, User.objects.all, _person, members))
    register(Source("team", "People", Team, Team.objects.all, _team, members))


def _person(person: User) -> Passage | None:
    if not person.is_active:
        return None
    address = f"/people/#person-{person.pk}"
    return passage(
        "person", person, tier=HEAD, title=person.name, body=person.title, also=person.email, address=address
    )


def _team(team: Team) -> Passage:
    return passage(
        "team", team, tier=HEAD, title=team.name, body=team.what, address=f"/people/#team-{team.slug}"
    )
