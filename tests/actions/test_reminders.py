"""Reminders of actions by time travel, and answers straight from the mail."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from followthrough.actions import operations
from followthrough.actions.models import ActionItem
from followthrough.actions.operations.acceptance import accept
from followthrough.activity.models import Activity
from followthrough.calendars.operations import choose_holidays
from followthrough.notifications.models import Deadline, Message
from followthrough.notifications.operations import escalation, notify
from followthrough.people.models import Membership, User
from followthrough.people.operations import change_profile, place_in_teams
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import set_state
from tests.clock import Clock
from tests.factories import make_incident, make_person, make_postmortem, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_person("Ada Okafor", team=make_team(), zone="Europe/Warsaw")


@pytest.fixture
def lead(owner: User) -> User:
    return make_person("Lee Der", team=owner.memberships.get().team, leads=True)


@pytest.fixture
def administrator() -> User:
    return make_person("Ad Min", role="administrator")


def promised(owner: User, due_on: date, **more: Any) -> ActionItem:
    postmortem = more.pop("postmortem", None) or make_postmortem()
    action = operations.add_action(
        postmortem, text="Alert at 80 % of the pool", owner=owner, due_on=due_on, by=owner
    )
    return operations.commit(action, by=owner)


def live(clock: Clock, days: int) -> list[tuple[str, datetime, str]]:
    """(who, when, what) of everything that was told in those days, looked at every hour."""
    for _ in range(24 * days):
        clock.go(hours=1)
        escalation.send_due_reminders()
    rows = Message.objects.select_related("person").order_by("created_at", "pk")
    return [(row.person.first_name, row.created_at, row.key.rsplit(":", 1)[1]) for row in rows]


def at(day: str, hour: int) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{hour:02}:00").replace(tzinfo=UTC)


def test_the_ladder_climbs_from_owner_to_lead_to_administrators(
    clock: Clock, owner: User, lead: User, administrator: User
) -> None:
    promised(owner, date(2026, 12, 3))
    assert live(clock, 30) == [
        ("Ada", at("11-30", 8), "before"),
        ("Ada", at("12-03", 8), "on"),
        ("Ada", at("12-07", 8), "again"),
        ("Lee", at("12-08", 8), "lead"),
        ("Ad", at("12-17", 8), "administrator"),
    ]


def test_a_weekend_is_never_disturbed(clock: Clock, owner: User, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    lead = make_person("Kai", team=owner.memberships.get().team, leads=True, zone="Pacific/Honolulu")
    promised(owner, date(2026, 12, 6))
    told = live(clock, 19)
    assert told[:2] == [("Ada", at("12-03", 8), "before"), ("Ada", at("12-04", 8), "on")]
    leaves = Message.objects.get(person=lead, key__endswith="lead").mail_after
    assert leaves == at("12-11", 19)


def test_a_public_holiday_is_disturbed_as_little(clock: Clock, owner: User, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    promised(owner, date(2026, 12, 28))
    assert Deadline.objects.get(kind="action").next_at == at("12-25", 8)
    team = owner.memberships.get().team
    choose_holidays(team, country="DE", by=owner)
    assert Deadline.objects.get(kind="action").next_at == at("12-24", 8)
    colleague = make_person("Bo", zone="Europe/Berlin")
    place_in_teams(colleague, teams=[team], leads=[], by=owner)
    clock.set("2026-12-24 20:00")
    message = notify(
        colleague, kind="action", key="x", subject="Due", references=[], wait_for_working_hours=True
    )
    assert message is not None
    assert message.mail_after == at("12-28", 8)


def test_reminders_outlive_the_closing_and_stop_when_it_is_done(clock: Clock, owner: User) -> None:
    action = promised(owner, date(2026, 12, 3), postmortem=make_postmortem(state="checked_in"))
    assert len(live(clock, 9)) == 1
    operations.complete(action, by=owner)
    assert len(live(clock, 30)) == 1
    assert not Deadline.objects.filter(kind="action").exists()
    operations.reopen(action, by=owner)
    assert Deadline.objects.get(kind="action").subject == action.number


def test_another_date_or_owner_moves_them(clock: Clock, owner: User) -> None:
    action, other = promised(owner, date(2026, 12, 3)), make_person("Bo")
    assert Deadline.objects.get(kind="action").next_at == at("11-30", 8)
    operations.change_action(action, due_on=date(2026, 12, 10), by=owner)
    assert Deadline.objects.get(kind="action").next_at == at("12-07", 8)
    operations.change_action(action, owner=other, by=owner)
    assert not Deadline.objects.filter(kind="action").exists()
    accept(action, by=other)
    assert Deadline.objects.get(kind="action").next_at == at("12-07", 9)
    facts = {"zone": "America/New_York"}
    change_profile(other, by=other, **facts)
    assert Deadline.objects.get(kind="action").next_at == at("12-07", 14)


def test_one_whose_owner_left_goes_to_the_lead(clock: Clock, owner: User, lead: User) -> None:
    incident = make_incident()
    incident.teams.add(owner.memberships.get().team)
    promised(owner, date(2026, 12, 3), postmortem=make_postmortem(incident))
    User.objects.filter(pk=owner.pk).update(is_active=False)
    told = live(clock, 9)
    assert told == [("Lee", at("11-30", 8), "before")]
    assert "Ada Okafor’s" in Message.objects.get().subject


def test_nobody_hears_of_a_restricted_incident_who_may_not_see_it(
    clock: Clock, owner: User, lead: User, administrator: User
) -> None:
    incident = make_incident(visibility="restricted")
    incident.named_people.add(owner)
    promised(owner, date(2026, 11, 30), postmortem=make_postmortem(incident))
    told = live(clock, 14)
    assert {name for name, _, _ in told} == {"Ada", "Ad"}


def test_a_proposal_has_two_working_days_after_the_meeting(clock: Clock, owner: User, lead: User) -> None:
    postmortem = make_postmortem(state="meeting")
    action = operations.add_action(postmortem, text="Rotate the keys", owner=owner, by=lead, here=[owner.pk])
    clock.set("2026-11-26 15:00")
    assert not Deadline.objects.filter(kind="action").exists()
    set_state(postmortem, PostMortem.State.TO_SHARE, by=lead)
    told = [row for row in live(clock, 8) if row[2] in {"before", "lead"}]
    assert told == [("Ada", at("11-30", 8), "before"), ("Lee", at("12-01", 8), "lead")]
    assert "nobody has committed to it" in Message.objects.get(person=lead, kind="escalation").subject
    address = link(Message.objects.get(person=owner, key__endswith="before"), "Commit to it")
    assert Client().post(address, {"due_on": "2026-01-01"}).status_code == 422
    Client().post(address, {"due_on": "2026-12-18"})
    action.refresh_from_db()
    assert (action.state, action.due_on) == ("committed", date(2026, 12, 18))


def link(message: Message, words: str) -> str:
    return dict(message.links)[words]


@pytest.fixture
def reminder(clock: Clock, owner: User) -> Message:
    """Ada's, of an action that is due in three days."""
    promised(owner, date(2026, 12, 3))
    live(clock, 8)
    return Message.objects.get()


def test_opening_a_link_changes_nothing_and_sending_its_form_does_so_once(
    reminder: Message, owner: User
) -> None:
    address, client = link(reminder, "Decline it"), Client(enforce_csrf_checks=True)
    page = client.get(address)
    action = ActionItem.objects.get()
    assert (page.status_code, action.state) == (200, "committed")
    assert client.post(address, {"reason": "The pool is gone"}).status_code == 403
    token = re.search(rb'csrfmiddlewaretoken" value="([^"]+)"', page.content)
    assert token
    form = {"csrfmiddlewaretoken": token[1].decode()}
    assert client.post(address, form).status_code == 422
    done = client.post(address, form | {"reason": "The pool is gone"})
    action.refresh_from_db()
    assert "is declined" in done.content.decode()
    assert (action.state, action.decline_reason) == ("declined", "The pool is gone")
    assert Activity.objects.get(verb="declined").actor == owner
    for words in ("Decline it", "It is done"):
        again = client.post(link(reminder, words), form | {"reason": "again"})
        assert again.status_code == 404
        assert "answered this already" in again.content.decode()


def test_it_can_be_handed_over_to_somebody_who_may_see_it(reminder: Message) -> None:
    other, stakeholder = make_person("Bo"), make_person(role="stakeholder")
    address = link(reminder, "Hand it over")
    assert Client().post(address, {"owner": stakeholder.pk}).status_code == 422
    assert "is given to Bo" in Client().post(address, {"owner": other.pk}).content.decode()
    action = ActionItem.objects.get()
    assert (action.owner, action.is_asked) == (other, True)
    assert "is yours" in Message.objects.get(person=other).subject


def test_it_can_be_put_off_without_moving_its_date(clock: Clock, reminder: Message) -> None:
    Client().post(link(reminder, "Remind me later"), {"days": "1"})
    assert ActionItem.objects.get().due_on == date(2026, 12, 3)
    assert Deadline.objects.get(kind="action").next_at == at("12-02", 8)
    assert Activity.objects.get(verb="snoozed").changes == {"reminder": [None, "2026-12-02"]}
    assert live(clock, 1)[-1][1] == at("12-02", 8)


def test_it_can_be_done(reminder: Message) -> None:
    assert Client().post(link(reminder, "It is done")).status_code == 200
    assert ActionItem.objects.get().state == "done"


@pytest.mark.parametrize("spoilt", ["forged", "handed on", "left", "hidden", "finished"])
def test_links_that_no_longer_hold_say_why(reminder: Message, owner: User, spoilt: str) -> None:
    action, address = ActionItem.objects.get(), link(reminder, "It is done")
    other = make_person("Bo")
    if spoilt == "forged":
        address = address.replace("/done/", "x/done/")
    elif spoilt == "handed on":
        operations.change_action(action, owner=other, by=other)
    elif spoilt == "left":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    elif spoilt == "hidden":
        action.postmortem.incident.visibility = "restricted"
        action.postmortem.incident.save()
    else:
        operations.complete(action, by=other)
    before = ActionItem.objects.get().version
    for ask in (Client().get, Client().post):
        assert ask(address).status_code == 404
    assert ActionItem.objects.get().version == before


def test_team_membership_decides_who_leads(clock: Clock, owner: User, lead: User) -> None:
    Membership.objects.filter(person=lead).delete()
    promised(owner, clock.now.date() + timedelta(days=1))
    assert {name for name, _, _ in live(clock, 12)} == {"Ada"}
