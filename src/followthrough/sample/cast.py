"""Who took which part in an incident of the sample."""

from __future__ import annotations

import random
from dataclasses import dataclass

from followthrough.incidents.models import Involvement
from followthrough.people.models import User
from followthrough.sample.company import Company
from followthrough.sample.material import Material

Role = Involvement.Role


@dataclass(frozen=True)
class Cast:
    """`roles` are those who were involved; the facilitator and observers were not."""

    roles: dict[Involvement.Role, User]
    responders: list[User]
    facilitator: User
    attendees: list[User]

    @property
    def involved(self) -> list[User]:
        """Everyone with a role, once."""
        return list(dict.fromkeys([*self.roles.values(), *self.responders]))


class Casting:
    """Chooses the same people for the same incident each time."""

    def __init__(self, company: Company) -> None:
        self._teams = {slug: company.members_of(slug) for slug in company.teams}
        self._everyone = [person for people in self._teams.values() for person in people]

    def of(self, row: Material) -> Cast:
        """The cast of one incident: its own team responds, somebody neutral facilitates."""
        choice = random.Random(row.slug)  # noqa: S311 - the same story each time, not a secret
        own = self._teams[row.team]
        others = [person for person in self._everyone if person not in own]
        on_call = choice.choice(own)
        commander = choice.choice(own)
        helpers = choice.sample(others, 2)
        neutral = [person for person in others if person not in helpers and person.willing_to_facilitate]
        facilitator = choice.choice(neutral)
        roles = {Role.ON_CALL: on_call, Role.COMMANDER: commander, Role.REPORTER: helpers[0]}
        responders = list(dict.fromkeys([*choice.sample(own, min(2, len(own))), helpers[1]]))
        attendees = list(dict.fromkeys([*roles.values(), *responders, own[0]]))[:7]
        return Cast(roles, responders, facilitator, attendees)
