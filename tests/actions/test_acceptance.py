"""Owners know: told at once, asked where they were not there, and heard when they answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from followthrough.actions import operations
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance
from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.notifications.models import Deadline, Message
from followthrough.notifications.operations import escalation
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, make_team, signed_in

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 4)
TEXT = "Alert at 80 % of the pool"


@pytest.fixture
def ivy() -> User:
    return make_person("Ivy Okafor")


@pytest.fixture
def ken() -> User:
    return make_person("Ken Sato", team=make_team("Platform"), zone="Asia/Tokyo")


@pytest.fixture
def postmortem(ivy: User) -> PostMortem:
    return make_postmortem(facilitator=ivy)


def given(postmortem: PostMortem, owner: User, by: User, **more: Any) -> ActionItem:
    return operations.add_action(postmortem, text=TEXT, owner=owner, due_on=DUE, by=by, **more)


def told(person: User) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("subject", flat=True))


def link(person: User, words: str) -> str:
    return dict(Message.objects.filter(person=person).latest("pk").links)[words]


def test_whoever_is_given_an_action_is_told_at_once_and_asked(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy)
    assert (action.state, action.is_asked, action.state_words) == ("proposed", True, "Asked")
    message = Message.objects.get(person=ken)
    assert message.subject == f"ACT-1 is yours: {TEXT}"
    assert "Ivy Okafor gives it to you, due Friday 4 December." in message.body
    assert [words for words, _ in message.links] == ["Accept it", "Propose another date", "Hand it back"]
    assert told(ivy) == []


def test_each_new_owner_is_told_once_and_nobody_of_what_they_took(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ivy, ivy)
    operations.commit(action, by=ivy)
    operations.change_action(action, owner=ken, by=ivy)
    operations.change_action(action, owner=ken, due_on=date(2026, 12, 8), by=ivy)
    assert (action.state, action.is_asked) == ("proposed", True)
    operations.commit(action, by=ivy)
    assert len(told(ken)) == 1
    operations.change_action(action, owner=ivy, by=ivy)
    assert not action.awaits_answer
    clock.go(minutes=5)
    operations.change_action(action, owner=ken, by=ivy)
    assert len(told(ken)) == 2
    assert told(ivy) == []


def test_committing_for_somebody_else_asks_them_unless_they_are_there(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    absent = given(postmortem, ken, ivy)
    assert operations.commit(absent, by=ivy).state == "proposed"
    there = given(postmortem, ken, ivy, here=[ivy.pk, ken.pk])
    assert not there.is_asked
    operations.commit(there, by=ivy, here=[ivy.pk, ken.pk])
    assert (there.state, there.is_on_behalf, there.awaits_answer) == ("committed", True, True)
    page = signed_in(ivy).get(there.get_absolute_url()).content.decode()
    assert "by Ivy Okafor on Ken’s behalf" in page
    assert "Ask its owner" not in page
    assert len(told(ken)) == 2


def test_the_mail_accepts_with_one_press_and_only_once(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    given(postmortem, ken, ivy)
    address = link(ken, "Accept it")
    assert "Accept it?" in Client().get(address).content.decode()
    assert ActionItem.objects.get().is_asked
    assert "ACT-1 is yours" in Client().post(address).content.decode()
    action = ActionItem.objects.get()
    assert (action.state, action.accepted_at, action.committed_by) == ("committed", clock.now, ken)
    again = Client().get(address)
    assert again.status_code == 404
    assert "answered this already" in again.content.decode()
    assert not Deadline.objects.filter(kind="acceptance").exists()


LATER = date(2026, 12, 18)


def test_another_date_is_a_proposal_that_whoever_asked_agrees_to(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    given(postmortem, ken, ivy)
    address = link(ken, "Propose another date")
    assert Client().post(address, {"due_on": "2026-01-01"}).status_code == 422
    said = Client().post(address, {"due_on": LATER.isoformat()}).content.decode()
    assert "Ivy Okafor is asked whether Friday 18 December suits for ACT-1" in said
    action = ActionItem.objects.get()
    assert (action.state, action.due_on, action.proposed_due_on) == ("proposed", date(2026, 12, 4), LATER)
    assert told(ivy) == [f"Ken Sato proposes Friday 18 December for ACT-1: {TEXT}"]
    browser, theirs = signed_in(ivy), signed_in(ken)
    pages = {"/": "Agree to 18 Dec", "/inbox/": "Agree to 18 Dec", "/actions/ACT-1/": "Agree to 18 Dec"}
    pages |= {"/actions/?view=board&who=all": "proposed: ", f"/incidents/{postmortem.key}/": "proposed: "}
    for page, words in pages.items():
        assert words in browser.get(page).content.decode(), page
    assert "Asked of you" not in theirs.get("/").content.decode()
    assert theirs.post("/actions/ACT-1/date/", {"due_on": LATER.isoformat()}).status_code == 302
    assert ActionItem.objects.get().state == "proposed"
    browser.post("/actions/ACT-1/date/", {"due_on": LATER.isoformat()})
    action = ActionItem.objects.get()
    assert (action.state, action.due_on, action.committed_by) == ("committed", LATER, ken)
    assert told(ken)[-1] == f"Ivy Okafor agrees: ACT-1 is yours, due Friday 18 December: {TEXT}"
    assert "Agree to 18 Dec" not in browser.get("/").content.decode()


def test_where_it_does_not_suit_the_owner_is_asked_again(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy)
    operations.change_action(action, due_on=LATER, by=ken)
    assert (action.due_on, action.proposed_due_on) == (date(2026, 12, 4), LATER)
    assert told(ivy) == [f"Ken Sato proposes Friday 18 December for ACT-1: {TEXT}"]
    signed_in(ivy).post("/actions/ACT-1/date/", {"due_on": "2026-12-04"})
    action = ActionItem.objects.get()
    assert (action.is_asked, action.proposed_due_on) == (True, None)
    assert told(ken)[-1] == f"Ivy Okafor asks for ACT-1 by Friday 4 December: {TEXT}"
    acceptance.accept(action, due_on=LATER, by=ken)
    operations.change_action(action, due_on=LATER, by=ivy)
    assert (action.state, action.due_on) == ("committed", LATER)


def test_a_third_date_is_said_as_such_and_lies_ahead(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy)
    acceptance.accept(action, due_on=LATER, by=ken)
    asker = signed_in(ivy)
    asker.post("/actions/ACT-1/date/", {"due_on": "2026-11-20"})
    action.refresh_from_db()
    assert (action.due_on, action.proposed_due_on) == (date(2026, 12, 4), LATER)
    asker.post("/actions/ACT-1/date/", {"due_on": "2026-12-09"})
    action.refresh_from_db()
    assert (action.is_asked, action.due_on, action.proposed_due_on) == (True, date(2026, 12, 9), None)
    assert "asked for it by another date" in asker.get("/actions/ACT-1/").content.decode()


def test_whoever_is_given_it_by_the_proposed_date_has_promised_nothing(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    acceptance.accept(given(postmortem, ken, ivy), due_on=LATER, by=ken)
    action = ActionItem.objects.get()
    operations.change_action(action, owner=make_person("Mia Berg"), due_on=LATER, by=ivy)
    action = ActionItem.objects.get()
    assert (action.is_asked, action.due_on, action.proposed_due_on) == (True, LATER, None)
    assert action.committed_at is None


def test_an_owner_who_gives_it_on_may_change_its_date(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy)
    operations.change_action(action, owner=make_person("Mia Berg"), due_on=LATER, by=ken)
    assert ActionItem.objects.get().due_on == LATER


def test_a_proposed_date_climbs_to_whoever_asked_and_not_to_the_owner(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    head = make_person("Ad Min", role="administrator")
    acceptance.accept(given(postmortem, ken, ivy), due_on=LATER, by=ken)
    before = Message.objects.filter(person=ken).count()
    for _ in range(24 * 9):
        clock.go(hours=1)
        escalation.send_due_reminders()
    assert f"ACT-1 waits for your answer: {TEXT}" in told(ivy)
    assert f"Ivy Okafor has not answered for ACT-1: {TEXT}" in told(head)
    assert Message.objects.filter(person=ken).count() == before


def test_a_date_that_nobody_else_asked_for_is_simply_theirs(
    clock: Clock, postmortem: PostMortem, ken: User
) -> None:
    action = given(postmortem, ken, ken)
    operations.change_action(action, due_on=LATER, by=ken)
    assert (action.due_on, action.proposed_due_on) == (LATER, None)


def test_handed_back_it_looks_for_an_owner_again(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    given(postmortem, ken, ivy)
    Client().post(link(ken, "Hand it back"), {"reason": "I am away until January."})
    action = ActionItem.objects.get()
    assert (action.state, action.owner, action.asked_at) == ("proposed", None, None)
    assert told(ivy) == [f"Ken Sato hands ACT-1 back: {TEXT}"]
    assert "I am away until January." in Message.objects.get(person=ivy).body
    page = signed_in(ivy).get(action.get_absolute_url()).content.decode()
    assert "Handed back" in page
    assert "I am away until January." in page
    assert Activity.objects.filter(verb="handed back", actor=ken).exists()


def test_only_its_owner_answers(clock: Clock, postmortem: PostMortem, ivy: User, ken: User) -> None:
    action = given(postmortem, ken, ivy)
    for answer in (acceptance.accept, acceptance.hand_back):
        with pytest.raises(DomainError, match="ACT-1 is Ken Sato’s"):
            answer(action, by=ivy)  # type: ignore[operator]
    acceptance.accept(action, by=ken)
    with pytest.raises(DomainError, match="accepted ACT-1 already"):
        acceptance.accept(action, by=ken)


def test_one_without_a_date_asks_for_it(clock: Clock, postmortem: PostMortem, ivy: User, ken: User) -> None:
    operations.add_action(postmortem, text=TEXT, owner=ken, by=ivy)
    address = link(ken, "Accept it")
    assert Client().post(address).status_code == 422
    Client().post(address, {"due_on": "2026-12-18"})
    assert ActionItem.objects.get().due_on == date(2026, 12, 18)


def test_an_answer_that_was_given_elsewhere_is_not_asked_for_again(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy)
    acceptance.accept(action, by=ken)
    response = Client().get(link(ken, "Accept it"))
    assert response.status_code == 404
    assert "You accepted ACT-1 already" in response.content.decode()


def test_unanswered_in_two_working_days_it_climbs(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    team = ken.memberships.get().team
    lead, head = make_person("Lee Der", team=team, leads=True), make_person("Ad Min", role="administrator")
    clock.set("2026-11-26 14:00")
    given(postmortem, ken, ivy)
    for _ in range(24 * 9):
        clock.go(hours=1)
        escalation.send_due_reminders()
    rows = Message.objects.filter(about="acceptance:1").select_related("person").order_by("pk")
    steps = [(row.person, f"{row.created_at:%d %H}", row.key.rsplit(":", 1)[1]) for row in rows]
    assert [(who, when) for who, when, _ in steps] == [
        (ken, "26 14"),
        (ken, "30 00"),
        (lead, "01 00"),
        (head, "03 00"),
    ]
    assert rows[2].subject == f"Ken Sato has not answered for ACT-1: {TEXT}"
    acceptance.accept(ActionItem.objects.get(), by=ken)
    assert not Deadline.objects.filter(kind="acceptance").exists()


def test_what_is_asked_stands_first_with_its_answer_one_press_away(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    given(postmortem, ken, ivy)
    browser = signed_in(ken)
    rest = {"/": 'id="yours"', "/inbox/": "inbox-message", "/yours/": 'aria-label="Yours, in order"'}
    for page, first in rest.items():
        text = browser.get(page).content.decode()
        assert "Asked of you" in text
        assert "Ivy Okafor asks you to take it on" in text
        assert text.index("Asked of you") < text.index(first)
    response = browser.post("/actions/ACT-1/answer/", {"answer": "accept", "next": "/inbox/"})
    assert response.headers["Location"] == "/inbox/"
    assert "Asked of you" not in browser.get("/inbox/").content.decode()
    assert ActionItem.objects.get().state == "committed"


def test_who_is_asked_gets_one_question_not_two(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    page = signed_in(ken).get(given(postmortem, ken, ivy).get_absolute_url()).content.decode()
    assert "Do you take it on?" in page
    assert "Commit to it" not in page


def test_pages_say_by_how_many_owners_it_was_accepted(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy)
    mine = given(postmortem, ivy, ivy)
    operations.commit(mine, by=ivy)
    browser = signed_in(ivy)
    addresses = (
        action.get_absolute_url(),
        "/actions/?view=board&who=all",
        f"/incidents/{postmortem.key}/summary/",
    )
    for address in addresses:
        text = browser.get(address).content.decode()
        assert "accepted by 1 of 2 owners" in text
        assert "asked" in text.lower()


def test_an_owner_who_works_on_it_has_accepted_it(
    clock: Clock, postmortem: PostMortem, ivy: User, ken: User
) -> None:
    action = given(postmortem, ken, ivy, here=[ken.pk])
    operations.commit(action, by=ivy, here=[ken.pk])
    operations.start(action, by=ken)
    assert action.accepted_at
    assert not action.awaits_answer


def test_nobody_without_access_hears_of_a_restricted_one(clock: Clock, ivy: User, ken: User) -> None:
    incident = make_incident(visibility=Incident.Visibility.RESTRICTED)
    incident.named_people.add(ivy, ken)
    given(make_postmortem(incident), ken, ivy)
    incident.named_people.remove(ken)
    browser = signed_in(ken)
    for page in ("/", "/inbox/"):
        text = browser.get(page).content.decode()
        assert TEXT not in text
        assert "ACT-1" not in text
    assert Client().get(link(ken, "Accept it")).status_code == 404
