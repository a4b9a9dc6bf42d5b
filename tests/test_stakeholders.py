"""A stakeholder sees what was published, and nothing of what is written since, on any page, by any program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import CharField, TextField
from django.utils import timezone

from followthrough.actions.models import ActionItem, ActionLink
from followthrough.causes.models import Cause, Finding
from followthrough.incidents.models import Impact, Incident
from followthrough.meetings.models import Note, Observation, ParkedItem
from followthrough.people.models import User
from followthrough.people.operations import create_token
from followthrough.postmortems.models import PostMortem
from followthrough.reports import operations as reports
from followthrough.timeline.models import Entry, Evidence
from tests.clock import Clock
from tests.factories import explain_missing, make_person, signed_in
from tests.walking import Walk, routes
from tests.worlds import World, fill, make_world

pytestmark = pytest.mark.django_db

CANARY = "quagga"
SAMPLES: dict[str, Any] = {
    "incident": [1],
    "action": [1, 4],
    "int": [1],
    "slug": ["checkout", "payments", "json", "md", "html", "cost"],
    "str": ["unknown", "note:causes", "summary:overview"],
    "uuid": ["00000000-0000-0000-0000-000000000001"],
    "path": ["unknown"],
    "secret": ["unknown"],
}
LIVE = (ActionItem, ActionLink, Cause, Entry, Evidence, Finding, Impact, Note, Observation, ParkedItem)
KEPT = {
    "id",
    "source_key",
    "editing_key",
    "state",
    "status",
    "kind",
    "visibility",
    "zone",
    "external_id",
    "category",
    "priority",
    "step",
    "file",
    "media_type",
}
"""Choices and keys; the rest is free text."""


@pytest.fixture
def world(clock: Clock) -> World:
    return make_world()


def _walk(person: User) -> dict[str, tuple[int, str, str]]:
    addresses = [address for _, address in routes(SAMPLES)]
    searches = [f"{place}?q={CANARY}" for place in ("/incidents/", "/api/incidents/")]
    _, token = create_token(person, name="walk", by=person)
    return Walk(signed_in(person), token=token).over([*addresses, "/api/incidents/INC-1/", *searches]).seen


def _put_canaries(world: World) -> None:
    """Into every free text of the first incident's record, and into new records."""
    first = PostMortem.objects.get(pk=1)
    fill(world, first, CANARY)
    for model in (*LIVE, Incident):
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField) and not field.choices and field.name not in KEPT
        ]
        mine = model.objects.filter(pk=1) if model is Incident else model.objects.all()  # type: ignore[attr-defined]
        for row in mine:
            lengths = {name: row._meta.get_field(name).max_length or 1000 for name in texts}
            mine.filter(pk=row.pk).update(**{name: f"{CANARY} {name}"[: lengths[name]] for name in texts})
    incident = Incident.objects.get(pk=1)
    incident.tags.create(name=CANARY)
    incident.services.create(name=CANARY, slug=CANARY)


def test_what_was_not_published_is_not_seen(world: World) -> None:
    published = PostMortem.objects.get(pk=1)
    published.closed_at, published.state = timezone.now() - timedelta(hours=3), PostMortem.State.TO_SHARE
    published.save()
    before = _walk(world.sam)
    assert "Checkout outage" not in str(before)
    summary = reports.summary_of(published)
    explain_missing(summary.postmortem, by=world.ada)
    reports.publish(summary, by=world.ada)
    _put_canaries(world)
    after = _walk(world.sam)
    shown = [address for address, seen in after.items() if "Checkout outage 1" in seen[2]]
    assert {
        "/",
        "/incidents/INC-1/",
        "/incidents/INC-1/summary/",
        "/api/incidents/INC-1/",
        "/api/incidents/",
    } <= set(shown)
    told = [address for address, seen in after.items() if CANARY in seen[2].replace(f"q={CANARY}", "")]
    assert not told
    assert not [address for address, seen in after.items() if "Bo Ek" in seen[2]]
    assert not [address for address in after if "evidence" in address and after[address][0] == 200]
    reports.take_back(summary, by=world.ada)
    summary.refresh_from_db()
    explain_missing(summary.postmortem, by=world.ada)
    reports.publish(summary, by=world.ada)
    assert CANARY in signed_in(world.sam).get("/incidents/INC-1/").content.decode()


def test_a_named_stakeholder_sees_nothing_before_publication(world: World) -> None:
    secret = make_person("Sara Named", role=User.Role.STAKEHOLDER)
    Incident.objects.get(pk=1).named_people.add(secret)
    assert signed_in(secret).get("/incidents/INC-1/").status_code == 404
