"""Who gets a summary, what they are mailed, and who opened it; the review before."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.notifications.models import Message
from followthrough.people.models import Membership, User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.reports import operations
from followthrough.reports.models import Comment, Reader, Review, ShareLink, Summary
from followthrough.reports.operations import draft_review
from followthrough.reports.queries import address_of
from tests.factories import explain_missing, make_incident, make_person, make_postmortem, make_team, signed_in
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
OUTSIDE = "ann@customer.example.org"


@pytest.fixture
def jonas() -> User:
    return make_person("Jonas Lind")


@pytest.fixture
def stella() -> User:
    return make_person("Stella Brandt", role=User.Role.STAKEHOLDER)


@pytest.fixture
def marta() -> User:
    return make_person("Marta Ruiz")


@pytest.fixture
def summary(jonas: User, stella: User, marta: User) -> Summary:
    """Of a closed meeting where Jonas, who facilitates, and Marta took part."""
    incident = make_incident("Checkout returned 502")
    postmortem = make_postmortem(
        incident, state=PostMortem.State.TO_SHARE, closed_at=timezone.now(), facilitator=jonas
    )
    for person in (jonas, marta):
        Participant.objects.create(postmortem=postmortem, person=person)
    ActionItem.objects.create(
        postmortem=postmortem, number=7, text="Alert", owner=marta, due_on="2026-12-09", state="committed"
    )
    explain_missing(postmortem, by=jonas)
    return operations.summary_of(postmortem)


def page_of(summary: Summary) -> str:
    return f"/incidents/INC-{summary.pk}/summary/"


def _choice_in(page: str) -> str:
    return page.split('class="recipients"')[1].split("</fieldset>", maxsplit=1)[0]


def publish(summary: Summary, by: User, **said: Any) -> str:
    address = f"{page_of(summary)}publication/"
    answer = signed_in(by).post(
        address,
        {"chosen": "yes", **said},
        headers={"Referer": f"http://testserver{page_of(summary)}"},
        follow=True,
    )
    return answer.content.decode()


def test_publishing_shows_who_gets_it(summary: Summary, jonas: User) -> None:
    page = signed_in(jonas).get(page_of(summary)).content.decode()
    ticked = re.findall(r'name="person" value="\d+" checked>([^<]+)', _choice_in(page))
    assert ticked == ["Jonas Lind", "Marta Ruiz", "Stella Brandt"]


def test_people_teams_and_addresses_are_chosen(
    summary: Summary, jonas: User, stella: User, marta: User
) -> None:
    team, ken = make_team("Payments"), make_person("Ken Sato")
    Membership.objects.create(person=ken, team=team)
    lucia = make_person("Lucia Vega")
    page = publish(
        summary, jonas, person=[marta.pk], team=[team.pk], others=f"lucia vega, Ann <{OUTSIDE.upper()}>"
    )
    assert "Published. 4 readers are told." in page
    assert {str(reader) for reader in Reader.objects.all()} == {
        "Marta Ruiz",
        "Ken Sato",
        "Lucia Vega",
        OUTSIDE,
    }
    told = Message.objects.filter(kind="summary_published")
    assert set(told.values_list("person", flat=True)) == {marta.pk, ken.pk, lucia.pk}
    assert told.filter(references=[["incident", summary.pk]]).count() == 3
    assert not Message.objects.filter(person=stella).exists()


def test_who_opened_it_is_counted_and_named_to_few(
    summary: Summary, jonas: User, stella: User, marta: User
) -> None:
    publish(summary, jonas, person=[stella.pk, marta.pk], others=OUTSIDE)
    assert "0 of 3 opened it" in signed_in(jonas).get(page_of(summary)).content.decode()
    for _ in range(2):
        assert "opened it" not in signed_in(stella).get(page_of(summary)).content.decode()
    link = ShareLink.objects.get()
    Client().get(re.sub("http://[^/]+", "", address_of(link)))
    page = signed_in(jonas).get(page_of(summary)).content.decode()
    assert "2 of 3 opened it" in page
    assert "Stella Brandt" in page
    seen = signed_in(marta).get(page_of(summary)).content.decode()
    assert "3 of 3 opened it" in seen
    assert "Stella Brandt" not in seen


def test_an_address_outside_is_mailed_a_link_of_its_own_once(
    summary: Summary, jonas: User, mailbox: Mailbox
) -> None:
    publish(
        summary, jonas, others=f"{OUTSIDE}, bob@customer.example.org", note="Tell us what your users saw."
    )
    ann = type("Ann", (), {"email": OUTSIDE})
    (mail,) = mailbox.sent_to(ann)
    body = mail.get_body(("plain",)).get_content()
    for words in (
        "Jonas Lind asks: Tell us what your users saw.",
        "It lasted 38 min.",
        "1 action, due on 9 December 2026.",
    ):
        assert words in body
    assert mail["Subject"] == f"Summary of INC-{summary.pk}: Checkout returned 502"
    mine, other = (
        Reader.objects.get(address=address).link for address in (OUTSIDE, "bob@customer.example.org")
    )
    assert address_of(mine) in body
    assert address_of(other) not in body
    assert round((mine.expires_at - timezone.now()).total_seconds() / 86_400) == 30
    summary.refresh_from_db()
    operations.take_back(summary, by=jonas)
    publish(summary, jonas, person=[jonas.pk])
    mine.refresh_from_db()
    assert mine.revoked_at
    assert len(mailbox.sent_to(ann)) == 1


def test_the_mail_is_seen_before_it_goes(summary: Summary, jonas: User, marta: User) -> None:
    said = {"chosen": "yes", "person": [marta.pk], "others": OUTSIDE, "note": "Please look at the dates."}
    for headers in ({}, {"HX-Request": "true"}):
        answer = signed_in(jonas).post(f"{page_of(summary)}mail/", said, headers=headers)
        page = answer.content.decode()
        for words in ("To 2: Marta Ruiz; outside", OUTSIDE, "Please look at the dates.", "It lasted 38 min."):
            assert words in page
    assert not Reader.objects.exists()
    assert not Message.objects.filter(kind="summary_published").exists()


@pytest.mark.parametrize(
    ("others", "words"),
    [("Nobody Known", "Nobody who may read it is called"), ("a@b@c", "is no e-mail address")],
)
def test_who_cannot_be_told_is_said_before_anything_is_sent(
    summary: Summary, jonas: User, others: str, words: str
) -> None:
    assert words in publish(summary, jonas, others=others)
    summary.refresh_from_db()
    assert summary.state == Summary.State.DRAFT


def test_nobody_learns_of_a_restricted_incident(
    summary: Summary, jonas: User, stella: User, marta: User
) -> None:
    incident = summary.postmortem.incident
    Incident.objects.filter(pk=incident.pk).update(visibility=Incident.Visibility.RESTRICTED)
    incident.named_people.add(jonas)
    summary.refresh_from_db()
    page = signed_in(jonas).get(page_of(summary)).content.decode()
    choice = _choice_in(page)
    assert "Jonas Lind" in choice
    assert "Stella" not in choice
    assert "Marta" not in choice
    assert "goes to nobody outside" in publish(summary, jonas, others=OUTSIDE)
    assert "Nobody who may read it is called" in publish(summary, jonas, others="Stella Brandt")
    operations.publish(Summary.objects.get(), by=jonas)
    assert {str(reader) for reader in Reader.objects.all()} == {"Jonas Lind"}
    assert not Message.objects.filter(person__in=[stella, marta]).exists()
    assert not ShareLink.objects.exists()


def test_a_version_after_it_was_restricted_goes_to_nobody_outside(
    summary: Summary, jonas: User, stella: User
) -> None:
    publish(summary, jonas, person=[jonas.pk, stella.pk], others=OUTSIDE)
    incident = summary.postmortem.incident
    Incident.objects.filter(pk=incident.pk).update(visibility=Incident.Visibility.RESTRICTED, title="Renamed")
    incident.named_people.add(jonas)
    told = Message.objects.filter(person=stella).count()
    operations.publish_again(Summary.objects.get(), by=jonas)
    assert {str(reader) for reader in Reader.objects.all()} == {"Jonas Lind"}
    assert Message.objects.filter(person=stella).count() == told


def test_reviewers_comment_and_agree(summary: Summary, jonas: User, marta: User, stella: User) -> None:
    ken = make_person("Ken Sato")
    Participant.objects.create(postmortem=summary.postmortem, person=ken)
    client, other = signed_in(jonas), signed_in(marta)
    client.post(f"{page_of(summary)}review/", {"chosen": "yes", "person": [marta.pk, ken.pk]})
    other.post(f"{page_of(summary)}comments/", {"section": "causes", "text": "Say that nobody owns it."})
    other.post(f"{page_of(summary)}agreement/", {"agreed": "yes"})
    page = client.get(page_of(summary)).content.decode()
    for words in (
        "1 of 2 have agreed",
        "Say that nobody owns it.",
        '<a href="#causes">Why it happened</a>',
        "1 comment not settled",
    ):
        assert words in page
    assert Message.objects.filter(person=jonas, subject__startswith="Marta Ruiz commented").count() == 1
    said = Comment.objects.get()
    client.post(f"{page_of(summary)}comments/{said.pk}/settlement/", {"settled": "yes"})
    summary.refresh_from_db()
    operations.edit_prose(summary, section="causes", text="Nobody owns it.", by=jonas)
    page = client.get(page_of(summary)).content.decode()
    assert "agreed before the last change" in page
    assert "not settled" not in page
    for each in (other, signed_in(ken)):
        each.post(f"{page_of(summary)}agreement/", {"agreed": "yes"})
    assert "2 of 2 have agreed" in client.get(page_of(summary)).content.decode()
    assert Message.objects.filter(person=jonas, subject__startswith="Everybody has agreed").count() == 1
    publish(summary, jonas, person=[stella.pk])
    assert "Say that nobody owns it." not in signed_in(stella).get(page_of(summary)).content.decode()


def test_only_who_was_asked_agrees_and_only_to_a_draft(summary: Summary, jonas: User, marta: User) -> None:
    with pytest.raises(DomainError, match="not in review"):
        draft_review.agree(summary, by=marta)
    operations.submit(summary, by=jonas)
    with pytest.raises(DomainError, match="You were not asked"):
        draft_review.agree(summary, by=jonas)
    assert Review.objects.count() == 1
    operations.publish(summary, by=jonas)
    with pytest.raises(DomainError, match="text is fixed"):
        draft_review.comment(summary, text="Too late", by=marta)
