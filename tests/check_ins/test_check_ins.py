"""The check-in: planned, walked through, closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import holding
from followthrough.actions.operations.added_later import add_later
from followthrough.actions.queries import actions_of
from followthrough.actions.queries.holding import unsettled
from followthrough.check_ins import operations as check_ins
from followthrough.check_ins.models import CheckInOutcome
from followthrough.core.errors import DomainError
from followthrough.core.times import local
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import add_participant
from tests.clock import Clock
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


def promised(
    postmortem: PostMortem, by: User, text: str = "Alert at 80 % of the pool", *, due_in: int = -1
) -> ActionItem:
    due_on = timezone.localdate() + timedelta(days=due_in)
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
        ("verified", {"proof": "A drill fired it", "early_reason": "The drill was today"}, "verified"),
        ("on_track", {}, "committed"),
        ("declined", {"note": "The gateway is being replaced"}, "declined"),
    ],
)
def test_each_outcome_changes_the_action(postmortem, lead, outcome, more, state):
    action = promised(postmortem, lead, due_in=7)
    say(lead, action, outcome, **more)
    assert action.state == state
    assert CheckInOutcome.objects.get(action=action).outcome == outcome


def test_a_fix_that_did_not_hold_gets_its_successor_on_the_spot(postmortem: PostMortem, lead: User):
    action = promised(postmortem, lead)
    refused = say(lead, action, "did_not_hold", note="It struck again")
    assert b"is not done yet, so it could not hold" in refused.content
    actions.complete(action, by=lead)
    assert b"what came back" in say(lead, action, "did_not_hold").content
    later = (timezone.localdate() + timedelta(days=7)).isoformat()
    say(lead, action, "did_not_hold", note="It struck again", instead="Shed load at 80 %", due_on=later)
    successor = action.successors.get()
    assert (action.state, action.proof, action.has_failed) == ("done", "It struck again", True)
    assert (successor.owner, successor.state, successor.finding) == (lead, "committed", action.finding)
    assert list(unsettled(postmortem)) == [successor]
    assert b"The next one is on" in finish(lead, postmortem).content


def test_each_answer_can_be_taken_back_until_the_action_moves_on(postmortem: PostMortem, lead: User):
    action, other = promised(postmortem, lead, due_in=7), make_person()
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    before = holding.remember(action)
    answers = [
        ("on_track", {}),
        ("done", {}),
        ("verified", {"proof": "Drilled", "early_reason": "Drilled twice"}),
        ("new_date", {"due_on": later}),
        ("new_owner", {"owner": other.pk}),
        ("declined", {"note": "The gateway is replaced"}),
    ]
    for outcome, more in answers:
        say(lead, action, outcome, **more)
        undo(lead, action)
        assert holding.remember(action) == before, outcome
    assert not CheckInOutcome.objects.exists()
    actions.complete(action, by=lead)
    say(lead, action, "did_not_hold", note="It struck again", instead="Shed load at 80 %")
    undo(lead, action)
    assert not action.has_failed
    assert list(unsettled(postmortem)) == [action]
    say(lead, action, "too_early")
    actions.change_action(action, priority="low", by=lead)
    assert b"was changed meanwhile" in undo(lead, action).content
    assert CheckInOutcome.objects.count() == 1


def undo(person: User, action: ActionItem):
    said = CheckInOutcome.objects.latest("pk")
    address = f"/incidents/INC-{action.postmortem_id}/check-in/{action.key}/undo/{said.pk}/"
    answer = signed_in(person).post(address, follow=True)
    action.refresh_from_db()
    return answer


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


def finish(person: User, postmortem: PostMortem, **more: str):
    return signed_in(person).post(f"/incidents/{postmortem.key}/check-in/holding/", more, follow=True)


def test_it_finishes_only_when_every_action_that_can_be_was_looked_at(postmortem: PostMortem, lead: User):
    first = promised(postmortem, lead)
    second = promised(postmortem, make_person(), "Renew the certificate by itself")
    fresh = actions.complete(promised(postmortem, lead, "Page twice"), by=lead)
    page = finish(lead, postmortem).content.decode()
    assert f"{first.key} and {second.key} were not looked at yet" in page
    assert fresh.key not in page.partition("were not looked at yet")[0][-60:]


def test_the_loop_closes_only_when_each_action_is_verified_or_declined(
    postmortem: PostMortem, lead: User, clock: Clock
):
    clock.now = timezone.now()
    owner = make_person("Ken Ito", zone="Asia/Tokyo")
    first, second = promised(postmortem, lead), promised(postmortem, owner, "Renew the certificate by itself")
    say(lead, first, "declined", note="The gateway is replaced")
    later = timezone.localdate() + timedelta(days=7)
    say(lead, second, "new_date", due_on=later.isoformat())
    assert (
        b"the next check-in is planned"
        in signed_in(lead).get(f"/incidents/{postmortem.key}/check-in/").content
    )
    assert b"The next one is on" in finish(lead, postmortem).content
    postmortem.refresh_from_db()
    assert postmortem.state == PostMortem.State.SHARED
    held, ahead = Meeting.objects.filter(kind="check_in").order_by("pk")
    assert (held.state, ahead.state) == ("held", "scheduled")
    promise = Promise.objects.get(kind="check_in")
    assert (promise.kept_at, promise.due_at) == (None, ahead.ends_at)
    (message,) = Message.objects.filter(person=owner, key__startswith=f"meeting:{ahead.pk}:")
    assert second.text in message.body
    with pytest.raises(DomainError, match="closed"):
        check_ins.record_outcome(held, second, outcome="done", by=lead)
    clock.now = ahead.starts_at
    say(lead, second, "verified", proof="Renewed", early_reason="Renewed twice in a drill")
    assert b"the loop is closed" in finish(lead, postmortem).content
    postmortem.refresh_from_db()
    assert postmortem.state == PostMortem.State.CHECKED_IN
    assert Promise.objects.get(kind="check_in").kept_at


def test_what_is_added_after_the_loop_closed_opens_it_again(postmortem: PostMortem, lead: User):
    finish(lead, postmortem)
    assert Promise.objects.get(kind="check_in").kept_at
    owner = make_person()
    add_later(
        postmortem, text="Alert at 80 %", owner=owner, no_finding_reason="The pool filled up again", by=lead
    )
    ahead = Meeting.objects.get(kind="check_in", state="scheduled")
    assert Promise.objects.get(kind="check_in").due_at == ahead.ends_at
    assert postmortem.participants.filter(person=owner).exists()
    assert Message.objects.filter(person=owner, key__startswith=f"meeting:{ahead.pk}:").count() == 1


def test_owners_are_asked_and_each_is_told_once(lead: User):
    postmortem, owner = make_postmortem(facilitator=lead, closed_at=timezone.now()), make_person()
    promised(postmortem, owner, due_in=7)
    promised(postmortem, owner, "Renew the certificate by itself", due_in=7)
    Meeting.objects.create(postmortem=postmortem, state="held", starts_at=timezone.now())
    check_ins.plan_check_in(postmortem, by=lead)
    assert Message.objects.filter(person=owner, kind="check_in").count() == 1
    late = make_person()
    taken = promised(postmortem, lead, "Page twice", due_in=7)
    actions.change_action(taken, owner=late, by=lead)
    actions.change_action(taken, priority="high", by=lead)
    assert Message.objects.filter(person=late, kind="check_in").count() == 1


def test_it_is_set_where_it_suits_the_owners_hours_and_calendars(clock: Clock):
    """16:30 in Berlin is the middle of the night in Tokyo; a quarter of an hour of both working days is common."""
    clock.set("2026-11-23 15:30")
    lead = make_person(zone="Europe/Berlin")
    owner = make_person("Ken Ito", zone="Asia/Tokyo", work_starts=time(10), work_ends=time(19))
    postmortem = make_postmortem(facilitator=lead, closed_at=clock.now)
    promised(postmortem, owner, due_in=7)
    Meeting.objects.create(
        postmortem=postmortem, state="held", starts_at=clock.now, started_at=clock.now, zone="Europe/Berlin"
    )
    other = make_postmortem(facilitator=owner)
    Meeting.objects.create(postmortem=other, starts_at=datetime(2026, 12, 7, 8, tzinfo=UTC), minutes=120)
    check_in = check_ins.plan_check_in(postmortem, by=lead)
    assert local(check_in.starts_at, "Asia/Tokyo").hour in range(10, 19)
    assert local(check_in.starts_at, "Europe/Berlin").hour in range(9, 17)
    assert check_in.starts_at.date() == date(2026, 12, 8)


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
    assert [row.action for row in page.context["looked"]] == list(actions_of(postmortem))
    assert b"Lee Der committed to it" in page.content
    assert b"Whether it held can be said from" in page.content
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
