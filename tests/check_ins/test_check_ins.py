"""The check-in: planned, walked through, closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.check_ins import operations as check_ins
from followthrough.check_ins.models import CheckInOutcome
from followthrough.core.errors import DomainError
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import add_participant
from tests.factories import make_incident, make_person, make_postmortem, make_service, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return make_person("Lee Der")


@pytest.fixture
def postmortem(lead: User) -> PostMortem:
    """Its meeting was held two weeks ago and its check-in is today."""
    now = timezone.now()
    incident = make_incident(began_at=now - timedelta(days=17))
    incident.services.add(make_service("checkout"))
    found = make_postmortem(incident, state="shared", closed_at=now - timedelta(days=14))
    Meeting.objects.create(
        postmortem=found,
        state="held",
        starts_at=now - timedelta(days=14),
        started_at=now - timedelta(days=14),
    )
    check_ins.plan_check_in(found, by=lead)
    return found


def promised(postmortem: PostMortem, by: User, text: str = "Alert at 80 % of the pool") -> ActionItem:
    due_on = timezone.localdate() - timedelta(days=1)
    action = actions.add_action(postmortem, text=text, owner=by, due_on=due_on, by=by)
    return actions.commit(action, by=by)


def say(person: User, action: ActionItem, outcome: str, **more: object):
    address = f"/incidents/INC-{action.postmortem_id}/check-in/{action.key}/"
    answer = signed_in(person).post(address, {"outcome": outcome, **more}, follow=True)
    action.refresh_from_db()
    return answer


def test_it_is_planned_once_and_everyone_who_was_asked_is_told(lead: User):
    postmortem, guest = make_postmortem(), make_person()
    add_participant(postmortem, guest, by=lead)
    Meeting.objects.create(postmortem=postmortem, state="held", starts_at=timezone.now())
    first = check_ins.plan_check_in(postmortem, by=lead)
    assert check_ins.plan_check_in(postmortem, by=lead) == first
    assert Message.objects.filter(person=guest, kind="check_in").count() == 1
    assert Promise.objects.get(kind="check_in").due_at == first.ends_at


@pytest.mark.parametrize(
    ("outcome", "more", "state"),
    [
        ("done", {}, "done"),
        ("verified", {}, "verified"),
        ("declined", {"note": "The gateway is being replaced"}, "declined"),
    ],
)
def test_each_outcome_changes_the_action(postmortem, lead, outcome, more, state):
    action = promised(postmortem, lead)
    say(lead, action, outcome, **more)
    assert action.state == state
    assert CheckInOutcome.objects.get(action=action).outcome == outcome


def test_a_fix_that_did_not_hold_is_taken_up_again(postmortem: PostMortem, lead: User):
    action = promised(postmortem, lead)
    refused = say(lead, action, "did_not_hold")
    assert b"is not done yet, so it could not hold" in refused.content
    actions.complete(action, by=lead)
    say(lead, action, "did_not_hold")
    assert action.state == "committed"


def test_new_dates_and_owners_are_noted_and_the_new_owner_told(postmortem: PostMortem, lead: User):
    action, other = promised(postmortem, lead), make_person()
    later = timezone.localdate() + timedelta(days=7)
    assert b"Give a date ahead" in say(lead, action, "new_date", due_on="2020-01-01").content
    say(lead, action, "new_date", due_on=later.isoformat())
    say(lead, action, "new_owner", owner=other.pk)
    assert (action.due_on, action.owner) == (later, other)
    assert Message.objects.filter(person=other, kind="action").count() == 1
    assert list(CheckInOutcome.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "new_date",
        "new_owner",
    ]


def test_declining_needs_a_reason(postmortem: PostMortem, lead: User):
    action = promised(postmortem, lead)
    assert b"Say why it will not be done" in say(lead, action, "declined").content
    assert action.state == "committed"
    assert not CheckInOutcome.objects.exists()


def test_it_closes_only_when_every_open_action_was_looked_at(postmortem: PostMortem, lead: User):
    owner = make_person()
    first, second = promised(postmortem, lead), promised(postmortem, owner, "Renew the certificate by itself")
    address = f"/incidents/{postmortem.key}/check-in/"
    refused = signed_in(lead).post(f"{address}holding/", follow=True)
    assert f"{first.key} and {second.key} were not looked at yet".encode() in refused.content
    say(lead, first, "verified")
    later = (timezone.localdate() + timedelta(days=7)).isoformat()
    say(lead, second, "new_date", due_on=later)
    assert signed_in(lead).post(f"{address}holding/").status_code == 302
    postmortem.refresh_from_db()
    assert postmortem.state == PostMortem.State.CHECKED_IN
    assert Promise.objects.get(kind="check_in").kept_at
    assert second.key in Message.objects.get(person=owner, kind="check_in").subject
    with pytest.raises(DomainError, match="closed"):
        check_ins.record_outcome(Meeting.objects.get(kind="check_in"), second, outcome="done", by=lead)


def test_the_page_shows_progress_history_and_what_recurred(postmortem: PostMortem, lead: User):
    first = promised(postmortem, lead)
    promised(postmortem, lead, "Renew the certificate by itself")
    actions.complete(first, by=lead)
    again = make_incident("It came back", began_at=timezone.now() - timedelta(days=2))
    again.services.set(postmortem.incident.services.all())
    make_incident("Something else", began_at=timezone.now() - timedelta(days=2))
    page = signed_in(lead).get(f"/incidents/{postmortem.key}/check-in/")
    assert (page.context["progress"].share, page.context["usual"]) == (50, 60)
    assert [row.key for row in page.context["recurred"]] == [again.key]
    assert [row.action.is_open for row in page.context["looked"]] == [True, False]
    assert b"Lee Der committed to it" in page.content
    assert b"Did it hold?</p>" in page.content
    assert page.context["progress"].words == "Teams usually finish 60 %; 1 more gets you there."


def test_unfinished_actions_open_the_next_pre_read_of_the_service(postmortem: PostMortem, lead: User):
    promised(postmortem, lead, "Renew the certificate by itself")
    incident = make_incident()
    incident.services.set(postmortem.incident.services.all())
    page = signed_in(lead).get(f"/incidents/{make_postmortem(incident).key}/pre-read/")
    assert b"Renew the certificate by itself" in page.content
    other = make_postmortem(make_incident("Badges no longer opened the doors"))
    unrelated = signed_in(lead).get(f"/incidents/{other.key}/pre-read/")
    assert b"Renew the certificate by itself" not in unrelated.content


def test_the_check_in_moves_with_its_promise(postmortem: PostMortem, lead: User):
    day = timezone.localdate() + timedelta(days=3)
    facts = {"starts_at": f"{day}T10:00", "zone": "UTC"}
    signed_in(lead).post(f"/incidents/{postmortem.key}/check-in/time/", facts)
    check_in = Meeting.objects.get(kind="check_in")
    assert (check_in.starts_at.date(), check_in.revision) == (day, 1)
    assert Promise.objects.get(kind="check_in").due_at == check_in.ends_at


def test_what_the_check_in_said_stands_on_the_actions_page(postmortem: PostMortem, lead: User):
    action = promised(postmortem, lead)
    address = f"/actions/{action.key}/"
    assert b"There we ask whether it held" in signed_in(lead).get(address).content
    check_in = Meeting.objects.get(kind="check_in")
    check_ins.record_outcome(check_in, action, outcome="done", note="Live since Monday", by=lead)
    check_ins.record_outcome(check_in, action, outcome="did_not_hold", note="Fired at 3 a.m.", by=lead)
    page = signed_in(lead).get(address).content.decode()
    assert page.index("Fired at 3 a.m.") < page.index("Live since Monday")
