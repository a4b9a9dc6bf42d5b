"""What a typed action says of owner, date and priority, by who may own it and by its writer's clock."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from followthrough.actions.action_line import ActionLine, Person, read_action_line
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import members_who_see
from followthrough.people.models import User
from followthrough.people.working_hours import local_day


def read_typed(incident: Incident, line: str, *, by: User, as_words: Collection[str] = ()) -> ActionLine:
    """The parts of `line` as `by` means them today; names are of those who may see the incident."""
    rows = members_who_see(incident).order_by("name", "pk").values_list("pk", "name", "email")
    people = [Person(*row) for row in rows]
    return read_action_line(
        line,
        today=local_day(by, timezone.now()),
        people=people,
        writer=next((person for person in people if person.id == by.pk), None),
        as_words=as_words,
    )
