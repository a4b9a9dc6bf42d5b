"""What may not be seen leaves no trace: every answer is the same in two worlds, with and without a restricted incident."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from django.db import transaction

from followthrough.meeting_room.meeting_backend import MeetingBackend
from followthrough.people.models import User
from followthrough.people.operations import create_token
from tests.clock import Clock
from tests.factories import signed_in
from tests.walking import Walk, routes, steady
from tests.worlds import World, add_secret, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CANARY = "zanzibar"
QUERIES = [
    "",
    "?who=all",
    f"?q={CANARY}",
    "?q=checkout",
    f"?tag={CANARY}",
    "?sort=gravest",
    "?who=all&view=board",
    "?after=x",
]
LISTS = [
    "/incidents/",
    "/actions/",
    "/actions/actions.csv",
    "/meetings/",
    "/patterns/",
    "/api/incidents/",
    "/incidents/similar/",
]
SAMPLES: dict[str, Any] = {
    "incident": [1, 2, 4],
    "action": [1, 4],
    "int": [1, 2],
    "slug": ["checkout", "payments", "json", "md", "facilitation", "resolve", "cost", "reviewed", "actions"],
    "str": ["unknown", "note:causes", "summary:causes"],
    "uuid": ["00000000-0000-0000-0000-000000000001"],
    "path": ["unknown"],
    "secret": ["unknown"],
}


def _seen_by(person: User) -> dict[str, Any]:
    """Everything, and what looking at it changed undone."""
    addresses = [address for _, address in routes(SAMPLES)] + [
        place + query for place in LISTS for query in QUERIES
    ]
    with transaction.atomic():
        _, token = create_token(person, name="walk", by=person)
        seen: dict[str, Any] = dict(Walk(signed_in(person), token=token).over(addresses).seen)
        seen |= _rooms(person) if person.is_member else {}
        transaction.set_rollback(True)
    return seen


def _rooms(person: User) -> dict[str, Any]:
    room = MeetingBackend()
    return {
        f"room {number}: {what}": steady(repr(frame))
        for number in (1, 2, 3)
        for what, frame in (
            ("greeting", room.greeting(number, person)),
            ("snapshot", room.snapshot(number)),
            ("drawn", room.draw(number, frozenset({person.pk}))),
        )
    }


def _told_apart(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    told = []
    for address in sorted(before.keys() | after.keys()):
        one, other = (repr(world.get(address)).replace("\\n", "\n") for world in (before, after))
        if one != other:
            lines = difflib.unified_diff(one.splitlines(), other.splitlines(), lineterm="", n=0)
            told.append("\n".join([address, *list(lines)[2:12]]))
    return told


@pytest.fixture
def world(clock: Clock) -> World:
    return make_world()


@pytest.mark.parametrize("who", ["otto", "sam"])
def test_nothing_anywhere_tells_that_there_is_a_restricted_incident(world: World, who: str) -> None:
    person = getattr(world, who)
    before = _seen_by(person)
    assert len(before) > 150
    secret = add_secret(world, CANARY)
    assert secret.pk == 4
    after = _seen_by(person)
    assert not _told_apart(before, after), "\n\n".join(_told_apart(before, after))
    assert CANARY in signed_in(world.ada).get("/incidents/").content.decode()
