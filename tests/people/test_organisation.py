"""Whose organisation it is, its teams with their people, and many invitations at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from followthrough.people import invitation_mail
from followthrough.people.models import Invitation, Team, User
from tests.factories import make_person, make_service, make_team, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> User:
    return make_person("Ada Head", role="administrator")


def test_a_team_is_made_with_its_people_and_lead_on_one_page(head: User) -> None:
    ken, maya = make_person("Ken"), make_person("Maya", team=make_team("Payments"), leads=True)
    browser = signed_in(head)
    fields: dict[str, Any] = {"name": "Platform", "people": [ken.pk], "leads": [maya.pk]}
    assert browser.post("/settings/teams/", fields).status_code == 302
    team = Team.objects.get(name="Platform")
    rows = team.memberships.order_by("person__name").values_list("person__name", "leads")
    assert list(rows) == [("Ken", False), ("Maya", True)]
    assert maya.memberships.get(team__name="Payments").leads
    page = browser.get("/settings/teams/platform/").content.decode()
    assert page.count("checked") == 3
    browser.post("/settings/teams/platform/", {"name": "Platform", "people": [ken.pk], "leads": [ken.pk]})
    assert list(team.memberships.values_list("person__name", "leads")) == [("Ken", True)]


def test_many_are_invited_at_once_or_nobody(head: User) -> None:
    browser = signed_in(head)
    wrong = browser.post("/people/invitations/", {"email": "ken@example.org, maya@", "role": "member"})
    assert "“maya@” is no e-mail address. Nobody was invited yet." in wrong.content.decode()
    make_person("Old", email="old@example.org")
    known = {"email": "ken@example.org old@example.org", "role": "member"}
    assert "has an account already" in browser.post("/people/invitations/", known).content.decode()
    assert not Invitation.objects.exists()
    given = "Ken <ken@example.org>;\nmaya@example.org, KEN@example.org"
    page = browser.post("/people/invitations/", {"email": given, "role": "member"}).content.decode()
    assert "2 people are invited" in page
    assert sorted(Invitation.objects.values_list("email", flat=True)) == [
        "ken@example.org",
        "maya@example.org",
    ]


def test_invitations_say_whose_they_are(head: User) -> None:
    browser = signed_in(head)
    browser.post("/settings/organisation/", {"name": "Northwind"})
    assert "Northwind" in browser.get("/settings/").content.decode()
    browser.post("/people/invitations/", {"email": "ken@example.org", "role": "member"})
    invitation_mail.send_invitation(Invitation.objects.get(), "http://example.org/x")
    assert mail.outbox[0].subject == "You are invited to Northwind’s Followthrough"
    assert "Ada Head invites you to Northwind’s Followthrough" in mail.outbox[0].body


def test_member_is_the_first_role(head: User) -> None:
    page = signed_in(head).get("/people/invitations/").content.decode()
    assert page.index(">Member<") < page.index(">Administrator<")


def test_the_first_hour_begins_with_what_the_next_step_needs(head: User) -> None:
    browser = signed_in(head)
    first = browser.get("/").content.decode()
    order = ("Name your teams", "Invite the others", "Report an incident")
    places = [first.index(words) for words in order]
    assert places == sorted(places)
    make_service()
    make_person()
    later = browser.get("/").content.decode()
    assert "Name your teams" not in later
    assert "Invite the others" not in later
