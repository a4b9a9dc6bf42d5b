"""The incident's page after its meeting: everything that is known of it stands there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.check_ins.models import CheckInOutcome
from followthrough.core import panels
from followthrough.incidents.models import Impact
from followthrough.meeting_room.operations import contributions
from followthrough.meetings.models import Meeting, Question
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.reports import operations as reports
from tests.factories import make_entry, make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sana() -> User:
    return make_person("Sana Qureshi")


@pytest.fixture
def held(sana: User) -> PostMortem:
    """A post-mortem whose meeting was held, with one of everything."""
    incident = make_incident("Checkout returned 502", review="needed", review_reason="Severity is SEV1")
    now = timezone.now()
    postmortem = make_postmortem(
        incident, state=PostMortem.State.TO_SHARE, closed_at=now, facilitator=make_person("Jonas Lind")
    )
    begun = now - timedelta(minutes=65)
    Meeting.objects.create(
        postmortem=postmortem, state="held", starts_at=now + timedelta(days=1), started_at=begun, ended_at=now
    )
    Meeting.objects.create(postmortem=postmortem, kind="check_in", starts_at=now + timedelta(days=14))
    Participant.objects.create(postmortem=postmortem, person=sana)
    add_rows(postmortem, sana, 1)
    return postmortem


def add_rows(postmortem: PostMortem, owner: User, number: int) -> None:
    """One more of everything that a meeting writes down."""
    above = Cause.objects.create(postmortem=postmortem, text=f"The pool falls back ({number})")
    cause = Cause.objects.create(postmortem=postmortem, parent=above, text=f"A template was empty ({number})")
    finding = Finding.objects.create(
        postmortem=postmortem, cause=cause, kind="root_cause", text=f"No check of templates ({number})"
    )
    make_entry(postmortem, f"The alert fired ({number})", minute=number, kind="alert", author=owner)
    action = ActionItem.objects.create(
        postmortem=postmortem,
        number=30 + number,
        finding=finding,
        text=f"Reject empty values ({number})",
        owner=make_person(f"Owner {number}"),
        due_on=timezone.localdate() - timedelta(days=3),
        state="committed",
    )
    question = Question.objects.get(text="What worked and should be repeated?")
    contributions.give_answer(postmortem, question=question, text=f"Going back ({number})", by=owner)
    contributions.park(postmortem, text=f"A second cluster ({number})", by=owner)
    check_in = postmortem.meetings.get(kind="check_in")
    CheckInOutcome.objects.create(meeting=check_in, action=action, outcome="did_not_hold", by=owner)
    Participant.objects.create(postmortem=postmortem, person=make_person())


def card(page: str, name: str) -> str:
    """The words of the card with that id."""
    found = re.search(rf'<section class="card" id="{name}".*?</section>', page, re.DOTALL)
    words = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", found.group() if found else "", flags=re.DOTALL)
    return " ".join(words.split())


def page_of(postmortem: PostMortem, person: User) -> str:
    return signed_in(person).get(postmortem.incident.get_absolute_url()).content.decode()


def test_everything_that_the_meeting_wrote_down_stands_on_the_incidents_page(held, sana):
    page = page_of(held, sana)
    actions = card(page, "actions")
    assert "1 open · 1 late" in actions
    assert "Reject empty values (1)" in actions
    assert "ACT-31 · prevent, for the root cause · committed" in actions
    assert "did not hold on" in actions
    assert "Owner 1" in actions
    assert "3 days late" in actions
    why = card(page, "why")
    assert "Root cause: No check of templates (1) The pool falls back (1)" in why
    assert 'class="fishbone"' in page
    assert "The alert fired (1)" in page
    assert 'class="strip"' in page
    assert "Not published yet" in card(page, "summary")
    assert "1 did not hold" in card(page, "check-ins")
    said = card(page, "said")
    assert (
        "What worked and should be repeated? Going back (1) Parked A second cluster (1) for the check-in"
        in said
    )
    assert page.index('id="actions"') < page.index('id="what-happened"') < page.index('id="why"')


def test_the_meeting_is_told_as_it_was_and_no_longer_asked_for(held, sana):
    page = page_of(held, sana)
    meeting = card(page, "meeting")
    begun = held.closed_at - timedelta(minutes=65)
    assert f"Held {begun:%a} {begun.day} {begun:%b %Y} {begun:%H:%M}" in meeting
    assert "1 h, led by Jonas Lind" in meeting
    assert "Sana Qureshi" in meeting
    assert "Severity is SEV1" in meeting
    assert "No post-mortem needed" not in page
    assert "Ask for a post-mortem" not in page


def test_before_the_meeting_the_page_offers_to_go_without_one_and_shows_no_empty_cards(sana):
    incident = make_incident(review="needed")
    page = page_of(make_postmortem(incident), sana)
    assert "No post-mortem needed" in page
    for name in ("actions", "why", "timeline", "meeting", "summary", "check-ins", "said"):
        assert f'id="{name}"' not in page


def test_a_meeting_that_decided_nothing_says_so(held, sana):
    ActionItem.objects.all().delete()
    assert "No action was agreed." in card(page_of(held, sana), "actions")


def test_what_it_closed_without_is_told_with_the_reason(held, sana):
    held.omissions.create(what="causes", reason="The vendor does not say", by=sana)
    assert card(page_of(held, sana), "omissions") == "Closed without No cause The vendor does not say"


def test_the_number_of_queries_does_not_grow(held, sana, django_assert_num_queries):
    client = signed_in(sana)
    address = held.incident.get_absolute_url()
    client.get(address)
    with django_assert_num_queries(1000, exact=False) as one:
        client.get(address)
    for number in range(2, 40):
        add_rows(held, sana, number)
    with django_assert_num_queries(len(one)):
        page = client.get(address).content.decode()
    assert "39 · 39 open · 39 late" in card(page, "actions")
    assert "And 19 more" in card(page, "actions")
    assert "39 entries" in page


def test_milestones_are_told_before_what_is_less_telling(held, sana):
    for minute in range(2, 40):
        make_entry(held, f"Somebody looked at graph {minute}", minute=minute)
    make_entry(held, "Traffic was back", minute=39.5, milestone="resolved")
    page = page_of(held, sana)
    assert "Traffic was back" in page
    assert "The alert fired (1)" in page
    assert "Somebody looked at graph 39" not in page


def test_amounts_are_written_as_people_write_them_and_do_not_contradict_each_other(held, sana):
    Impact.objects.create(
        incident=held.incident,
        users_affected=12000,
        share_of_requests="100.00",
        objective_minutes="79.0",
        revenue_lost="12000.00",
        hours_each="3.50",
        people=4,
        data_lost="1,900 orders",
        estimates=["revenue_lost"],
    )
    page = page_of(held, sana)
    impact = card(page, "impact")
    for said in ("12,000", "100 %", "79 minutes", "EUR 12,000 estimate", "4 people × 3.5 h = 14 hours"):
        assert said in impact
    assert "1,900 orders" in impact
    assert page.count("Data lost") == 1


def test_what_is_kept_of_the_page_is_drawn_anew_once_somebody_changes_something(held, sana, monkeypatch):
    monkeypatch.setattr(panels, "KEPT_SECONDS", 60)
    assert "committed" in card(page_of(held, sana), "actions")
    actions.start(ActionItem.objects.get(), by=sana)
    assert "in progress" in card(page_of(held, sana), "actions")


def test_a_stakeholder_sees_the_same_page_with_less(held, sana):
    summary = reports.summary_of(held)
    Impact.objects.create(incident=held.incident, users_affected=1900, notes="Only for us")
    reports.publish(summary, by=sana)
    add_rows(held, sana, 2)
    item = ActionItem.objects.get(number=31)
    actions.start(item, by=sana)
    page = page_of(held, make_person(role=User.Role.STAKEHOLDER))
    assert "Reject empty values (1) ACT-31 · prevent · in progress Owner 1" in card(page, "actions")
    assert "0 of 1 done" in card(page, "actions")
    assert "No check of templates (1)" in card(page, "causes")
    assert 'class="fishbone"' in page
    assert 'class="strip"' in page
    assert "1,900" in card(page, "impact")
    assert "Going back (1)" in card(page, "went_well")
    assert "A second cluster (1)" in card(page, "parked")
    for hidden in (
        "(2)",
        "Only for us",
        "/room/",
        "/check-in/",
        "/actions/ACT-",
        "Sana Qureshi",
        "History",
        "did not hold",
    ):
        assert hidden not in page, hidden
