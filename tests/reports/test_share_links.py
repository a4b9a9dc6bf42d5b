"""Share links rest while their incident is restricted and end with their maker's access."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.incidents.operations import change_incident
from followthrough.people import operations as people
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.reports import operations, queries
from followthrough.reports.models import ShareLink, Summary
from tests.factories import explain_missing, make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db
OPEN, RESTRICTED = Incident.Visibility.OPEN, Incident.Visibility.RESTRICTED


@pytest.fixture
def administrator() -> User:
    return make_person("Ada Admin", role="administrator")


@pytest.fixture
def maker() -> User:
    return make_person("Jonas Lind")


@pytest.fixture
def link(maker: User) -> ShareLink:
    """A link to the published summary of an open incident."""
    postmortem = make_postmortem(make_incident(), state=PostMortem.State.TO_SHARE, closed_at=timezone.now())
    summary = operations.summary_of(postmortem)
    explain_missing(postmortem, by=maker)
    operations.publish(summary, by=maker)
    return operations.share(summary, by=maker)


def _answers(link: ShareLink) -> set[int]:
    address = f"/s/{queries.secret_of(link)}/"
    pages = (address, *(f"{address}summary.{ending}" for ending in ("json", "md", "html", "pdf")))
    return {Client().get(page).status_code for page in pages}


def _show_to(link: ShareLink, visibility: str, *, by: User) -> None:
    change_incident(Incident.objects.get(pk=link.summary_id), visibility=visibility, by=by)


def test_links_rest_while_restricted_and_wake_again(link: ShareLink, administrator: User) -> None:
    address = f"/s/{queries.secret_of(link)}/feedback/"
    assert _answers(link) == {200}
    _show_to(link, RESTRICTED, by=administrator)
    assert _answers(link) == {404}
    assert Client().post(address, {"useful": "yes"}).status_code == 404
    _show_to(link, OPEN, by=administrator)
    assert _answers(link) == {200}


def test_no_link_is_made_of_a_restricted_incident(link: ShareLink, administrator: User) -> None:
    _show_to(link, RESTRICTED, by=administrator)
    with pytest.raises(DomainError, match="no link was made"):
        operations.share(Summary.objects.get(pk=link.summary_id), by=administrator)
    client = signed_in(administrator)
    client.post(f"/incidents/INC-{link.summary_id}/summary/links/", {"days": "7"})
    assert ShareLink.objects.count() == 1
    page = client.get(f"/incidents/INC-{link.summary_id}/summary/").content.decode()
    assert "These links rest" in page
    assert "Make a link" not in page


def test_the_form_that_restricts_says_which_links_rest(link: ShareLink, administrator: User) -> None:
    client, form = signed_in(administrator), f"/incidents/INC-{link.summary_id}/edit/"
    page = client.get(form).content.decode()
    assert "this link to its summary rests" in page
    assert "Made by Jonas Lind" in page
    operations.revoke(link, by=administrator)
    assert "resting-links" not in client.get(form).content.decode()


def test_links_end_when_their_maker_is_deactivated(link: ShareLink, maker: User, administrator: User) -> None:
    people.deactivate(maker, by=administrator)
    assert _answers(link) == {404}
    people.reactivate(maker, by=administrator)
    assert _answers(link) == {404}
    assert not queries.standing_links(Incident.objects.get()).exists()


def test_links_end_when_their_maker_may_no_longer_share(
    link: ShareLink, maker: User, administrator: User
) -> None:
    people.change_role(maker, role="stakeholder", by=administrator)
    assert _answers(link) == {404}
    people.change_role(maker, role="member", by=administrator)
    assert _answers(link) == {404}


def test_links_stand_when_their_maker_gets_another_role_that_shares(
    link: ShareLink, maker: User, administrator: User
) -> None:
    people.change_role(maker, role="administrator", by=administrator)
    assert _answers(link) == {200}


def test_one_visitor_answers_so_often_a_day_and_others_as_before(link: ShareLink) -> None:
    address = f"/s/{queries.secret_of(link)}/feedback/"
    codes = [Client().post(address, {"useful": "no"}, REMOTE_ADDR="192.0.2.7").status_code for _ in range(7)]
    refused = Client().post(address, {"useful": "no"}, REMOTE_ADDR="192.0.2.7")
    other = Client().post(address, {"useful": "yes"}, REMOTE_ADDR="192.0.2.8")
    assert codes == [302] * 5 + [refused.status_code] * 2
    assert "The earlier ones were" in refused.content.decode()
    assert other.status_code == 302
    given = Summary.objects.get(pk=link.summary_id).feedback
    assert (given.filter(useful=False).count(), given.filter(useful=True).count()) == (5, 1)
