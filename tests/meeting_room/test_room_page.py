"""Who may open the meeting room's page."""

from __future__ import annotations

import pytest
from django.test import Client

from followthrough.people.models import User
from tests.factories import make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db


def _opens(person: User, path: str) -> int:
    client = Client()
    client.force_login(person)
    return client.get(path).status_code


def test_members_open_the_room_and_find_its_socket() -> None:
    postmortem = make_postmortem()
    client = Client()
    client.force_login(make_person())
    page = client.get(f"/incidents/{postmortem.key}/room/").content.decode()
    assert f'data-socket="/live/incidents/{postmortem.pk}/"' in page
    assert "data-csrf" in page


def test_stakeholders_and_people_who_may_not_see_the_incident_get_404() -> None:
    restricted = make_postmortem(make_incident(visibility="restricted"))
    open_one = make_postmortem()
    assert _opens(make_person(), f"/incidents/{restricted.key}/room/") == 404
    assert _opens(make_person(role=User.Role.STAKEHOLDER), f"/incidents/{open_one.key}/room/") == 404
    assert _opens(make_person(), f"/incidents/{make_incident().key}/room/") == 404
