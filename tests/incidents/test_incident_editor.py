"""Editing an incident: what several people change at once, and what a change leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.server import FormValues
from followthrough.incidents import operations
from tests.factories import BEGAN, make_incident, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    operations.seed_defaults()
    person = make_person("Ada Okafor")
    client.force_login(person)
    return person


def edited(client, incident, **values):
    """The form of `incident` as its page shows it, with `values` written into it, and what the answer was."""
    form = FormValues(client.get(f"/incidents/{incident.key}/edit/").content.decode())
    return client.post(f"/incidents/{incident.key}/edit/", form.values | values)


def test_another_kind_keeps_beginning_end_and_status(client, person):
    incident = make_incident()
    for kind in ("launch", "outage"):
        assert edited(client, incident, kind=kind).status_code == 302
        incident.refresh_from_db()
        assert (incident.kind, incident.status) == (kind, "resolved")
        assert (incident.began_at, incident.ended_at) == (BEGAN, BEGAN + timedelta(minutes=38))


def test_two_who_edit_different_things_both_count(client, person):
    incident = make_incident()
    page = FormValues(client.get(f"/incidents/{incident.key}/edit/").content.decode())
    assert edited(client, incident, tags="theirs", resolved_at="2026-11-20T18:00").status_code == 302
    mine = page.values | {"title": "Mine"}
    assert client.post(f"/incidents/{incident.key}/edit/", mine).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.ended_at.hour) == ("Mine", 18)
    assert [tag.name for tag in incident.tags.all()] == ["theirs"]


def test_two_who_edit_the_same_are_told_whatever_it_is(client, person):
    incident = make_incident()
    page = FormValues(client.get(f"/incidents/{incident.key}/edit/").content.decode())
    edited(client, incident, tags="theirs", resolved_at="2026-11-20T18:00", data_lost="on")
    mine = page.values | {"tags": "mine", "resolved_at": "2026-11-20T19:00", "title": "Mine"}
    told = client.post(f"/incidents/{incident.key}/edit/", mine)
    notice = told.content.decode().split('role="alert"')[1].split("</dl>")[0]
    assert "theirs" in notice
    assert "20 Nov 2026 18:00" in notice
    assert "Data was lost" not in notice
    incident.refresh_from_db()
    assert [tag.name for tag in incident.tags.all()] == ["theirs"]
    again = FormValues(told.content.decode()).values
    assert client.post(f"/incidents/{incident.key}/edit/", again).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.data_lost) == ("Mine", True)
    assert [tag.name for tag in incident.tags.all()] == ["mine"]


def test_who_restricts_an_incident_and_who_reported_it_still_see_it(client, person):
    reporter = make_person()
    incident = make_incident(created_by=reporter)
    assert edited(client, incident, visibility="restricted").status_code == 302
    assert client.get(f"/incidents/{incident.key}/").status_code == 200
    assert set(incident.named_people.all()) == {person, reporter}
