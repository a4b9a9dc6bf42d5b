"""The directory, profiles, teams and tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from followthrough.actions.operations import add_action
from followthrough.activity.models import Activity
from followthrough.core.errors import Conflict
from followthrough.people import operations, queries
from followthrough.people.models import ApiToken, Team, User
from tests.factories import make_person, make_postmortem, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    """The signed-in, only administrator."""
    person = make_person("Admin", role="administrator")
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    "removal",
    [
        lambda person: operations.deactivate(person, by=person),
        lambda person: operations.change_role(person, role="member", by=person),
    ],
)
def test_last_administrator_stays(administrator: User, removal: Callable[[User], None]) -> None:
    make_person(role="administrator", is_active=False)
    with pytest.raises(Conflict, match="only administrator"):
        removal(administrator)
    administrator.refresh_from_db()
    assert administrator.is_administrator
    assert administrator.is_active
    make_person(role="administrator")
    removal(administrator)


def test_people_are_listed_by_team_with_their_clock(client: Client, administrator: User) -> None:
    team = make_team("Payments")
    make_person("Ana Costa", team=team, leads=True, zone="Asia/Tokyo")
    make_person("Gone Person", team=team, is_active=False)
    page = client.get("/people/").content.decode()
    listed, _, deactivated = page.partition("Deactivated")
    assert "Team lead" in listed
    assert "Asia/Tokyo" in listed
    assert "Gone Person" not in listed
    assert "Gone Person" in deactivated


@pytest.mark.parametrize("number", [1, 50])
def test_people_page_asks_the_same_number_of_queries(
    client: Client, administrator: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = make_team()
    for _ in range(number):
        make_person(team=team)
        operations.invite(email=f"{_}@example.org", role="member", team=team, by=administrator)
    client.get("/people/")
    with django_assert_num_queries(11):
        client.get("/people/")


def test_administrator_changes_role_and_teams(client: Client, administrator: User) -> None:
    first, second, person = make_team("First"), make_team("Second"), make_person()
    facts = {"role": "stakeholder", "teams": [first.pk, second.pk], "leads": [second.pk]}
    assert client.post(f"/people/{person.pk}/", facts).status_code == 302
    person.refresh_from_db()
    assert person.role == "stakeholder"
    assert {(row.team, row.leads) for row in person.memberships.all()} == {(first, False), (second, True)}
    changes = Activity.objects.filter(kind="people.user", record=str(person.pk)).values_list(
        "changes", flat=True
    )
    assert {"teams": [[], ["First", "Second (lead)"]]} in changes


def test_lead_must_be_in_the_team(client: Client, administrator: User) -> None:
    team, person = make_team("First"), make_person()
    page = client.post(f"/people/{person.pk}/", {"role": "member", "leads": [team.pk]})
    assert "Only somebody in the team leads it" in page.content.decode()
    assert not person.memberships.exists()


def test_deactivation_revokes_tokens_and_can_be_undone(client: Client, administrator: User) -> None:
    person = make_person()
    _, secret = operations.create_token(person, name="script", by=person)
    client.post(f"/people/{person.pk}/deactivation/")
    person.refresh_from_db()
    assert not person.is_active
    client.post(f"/people/{person.pk}/reactivation/")
    person.refresh_from_db()
    assert person.is_active
    assert queries.person_of_token(secret) is None


PAGES = ["/people/1/", "/people/invitations/", "/settings/teams/", "/settings/"]


@pytest.mark.parametrize("path", PAGES)
def test_members_may_not_decide_about_others(client: Client, path: str) -> None:
    make_person()
    client.force_login(make_person())
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("role", ["member", "administrator"])
def test_stakeholders_do_not_see_the_directory(client: Client, role: str) -> None:
    client.force_login(make_person(role="stakeholder"))
    assert client.get("/people/").status_code == 404
    client.force_login(make_person(role=role))
    assert client.get("/people/").status_code == 200


def profile(**changed: object) -> dict[str, object]:
    return {
        "name": "Ana Costa",
        "title": "Engineer",
        "zone": "Asia/Tokyo",
        "work_starts": "08:30",
        "work_ends": "16:30",
        "working_days": ["0", "2"],
        "willing_to_facilitate": "",
    } | changed


def test_profile_is_saved(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    assert client.post("/profile/", profile()).status_code == 302
    person.refresh_from_db()
    assert (person.zone, person.working_days, person.willing_to_facilitate) == ("Asia/Tokyo", [0, 2], False)
    assert person.days_in_words == "Mon, Wed"
    assert Activity.objects.get(verb="changed").changes["zone"] == ["UTC", "Asia/Tokyo"]


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Olympus"}, {"work_ends": "08:00"}, {"working_days": ["9"]}])
def test_wrong_profile_changes_nothing(client: Client, wrong: dict[str, object]) -> None:
    person = make_person()
    client.force_login(person)
    assert client.post("/profile/", profile(**wrong)).status_code == 200
    person.refresh_from_db()
    assert person.zone == "UTC"


def test_token_is_shown_once_and_stops_when_revoked(client: Client) -> None:
    person = make_person()
    client.force_login(person)
    page = client.post("/profile/tokens/", {"name": "deploy script"}).content.decode()
    secret = page.partition('id="secret" value="')[2].partition('"')[0]
    assert queries.person_of_token(secret) == person
    assert secret not in client.get("/profile/").content.decode()
    token = ApiToken.objects.get()
    assert token.used_at
    client.post(f"/profile/tokens/{token.pk}/revocation/")
    assert queries.person_of_token(secret) is None


def test_tokens_of_others_are_out_of_reach(client: Client) -> None:
    token, _ = operations.create_token(make_person(), name="theirs", by=make_person())
    client.force_login(make_person(role="administrator"))
    assert client.post(f"/profile/tokens/{token.pk}/revocation/").status_code == 404


def test_teams_come_and_go(client: Client, administrator: User) -> None:
    client.post("/settings/teams/", {"name": "Payments", "what": "Takes money"})
    team = Team.objects.get()
    again = client.post("/settings/teams/", {"name": "payments"})
    assert again.status_code == 200
    client.post(f"/settings/teams/{team.slug}/", {"name": "Billing", "what": ""})
    team.refresh_from_db()
    assert (team.name, team.slug) == ("Billing", "payments")
    person = make_person(team=team)
    assert client.post(f"/settings/teams/{team.slug}/removal/").status_code == 409
    operations.place_in_teams(person, teams=[], leads=[], by=administrator)
    client.post(f"/settings/teams/{team.slug}/removal/")
    assert not Team.objects.exists()


def test_settings_index_leads_to_every_settings_page(client: Client, administrator: User) -> None:
    page = client.get("/settings/").content.decode()
    links = {part.partition('"')[0] for part in page.partition("<main")[2].split('href="')[1:]}
    assert {"/people/", "/settings/teams/"} <= links
    for link in links:
        assert client.get(link).status_code == 200, link


def test_open_actions_are_said_before_somebody_is_deactivated(client: Client, administrator: User) -> None:
    person = make_person("Ana Costa")
    assert "open action" not in client.get(f"/people/{person.pk}/").content.decode()
    operation = {"text": "Add a staged rollout", "kind": "prevent", "priority": "high", "by": administrator}
    add_action(make_postmortem(), owner=person, due_on=date(2026, 1, 5), **operation)
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert "Ana Costa still has 1 open action, 1 of them past the date" in page


@pytest.mark.parametrize("name", ["平台", "Платформа", "🔥", "결제팀", "فريق", "データ基盤"])
def test_a_team_may_have_any_name_and_gets_an_address(client: Client, name: str) -> None:
    client.force_login(make_person(role="administrator"))
    for said in (name, f"{name} 二", name):
        client.post("/settings/teams/", {"name": said})
    found = list(Team.objects.filter(name__startswith=name))
    assert len({team.slug for team in found if team.slug}) == len(found) == 2
    assert name in client.get(f"/settings/teams/{found[0].slug}/").content.decode()
