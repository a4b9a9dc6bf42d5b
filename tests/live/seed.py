"""Makes the organisation that the live tests meet in; runs in a process of its own with Django set up."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings
from django.test import Client

from followthrough.cli.bootstrap import bring_up_to_date
from followthrough.people.models import User
from tests import factories

PEOPLE, ROOMS = 30, 80


def main(people: int = PEOPLE, rooms: int = ROOMS) -> None:
    """Prints the rooms' numbers and everyone's session key as JSON."""
    bring_up_to_date()
    members = [factories.make_person(f"Member {number:02}") for number in range(people)]
    facilitator = factories.make_person("Petra Neutral")
    administrator = factories.make_person("Ada Admin", role=User.Role.ADMINISTRATOR)
    stakeholder = factories.make_person("Stella Reader", role=User.Role.STAKEHOLDER)
    made = {
        **_rooms(facilitator, members[0], rooms),
        "people": {str(person.pk): _sign_in(person) for person in members},
        "facilitator": _sign_in(facilitator),
        "administrator": _sign_in(administrator),
        "stakeholder": _sign_in(stakeholder),
    }
    json.dump(made, sys.stdout)


def _rooms(facilitator: User, named: User, count: int) -> dict[str, Any]:
    service = factories.make_service("checkout")
    incidents = [factories.make_incident(f"Checkout returned 502, take {number}") for number in range(count)]
    for incident in incidents:
        incident.services.add(service)
    rooms = [factories.make_postmortem(incident, facilitator=facilitator).pk for incident in incidents]
    restricted = factories.make_incident("Payroll leaked", visibility="restricted")
    restricted.named_people.add(named)
    return {"room": rooms[0], "rooms": rooms, "restricted": factories.make_postmortem(restricted).pk}


def _sign_in(person: User) -> str:
    """The key of a new session of `person`."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
