"""From the incident's page to what its readers see: answers left out by a click, what is parked settled at the check-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from followthrough.actions import operations as actions
from followthrough.causes.operations import add_cause, add_finding
from followthrough.incidents.models import Impact
from followthrough.meeting_room.operations import contributions, lifecycle
from followthrough.meetings.models import Question
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import choose_facilitator
from tests.factories import explain_missing, make_entry, make_incident, make_person, make_postmortem
from tests.journeys.in_process_browser import Onlooker, open_stage

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
SAID = {
    "What worked and should be repeated?": "Going back zone by zone",
    "What did it cost in engineer hours, trust and service-level compliance?": "Two partners asked for credits",
}


@pytest.fixture
def arrive() -> Iterator[Callable[..., Onlooker]]:
    with open_stage() as arrive:
        yield arrive


@pytest.fixture
def sana() -> User:
    return make_person("Sana Qureshi")


@pytest.fixture
def held(sana: User) -> PostMortem:
    """A meeting that wrote down one of everything, answered two questions and parked one thing."""
    postmortem = make_postmortem(make_incident("Checkout returned 502", review="needed"))
    Impact.objects.create(incident=postmortem.incident, users_affected=1900)
    choose_facilitator(postmortem, sana, by=sana)
    lifecycle.start_meeting(postmortem, by=sana)
    make_entry(postmortem, "The pool is full", kind="alert", author=sana)
    cause = add_cause(postmortem, text="No check of templates", by=sana)
    finding = add_finding(postmortem, kind="root_cause", text="", cause=cause, by=sana)
    action = actions.add_action(
        postmortem,
        text="Reject a template with an empty pool size in the CI of the checkout",
        owner=sana,
        due_on=timezone.localdate() + timedelta(days=9),
        finding=finding,
        by=sana,
    )
    actions.commit(action, by=sana)
    for question, text in SAID.items():
        contributions.give_answer(
            postmortem, question=Question.objects.get(text=question), text=text, by=sana
        )
    contributions.park(postmortem, text="Move payments to its own cluster", by=sana)
    explain_missing(postmortem, by=sana)
    lifecycle.close_meeting(postmortem, by=sana)
    return postmortem


def looks_at_the_hub(page: Page) -> None:
    expect(page.locator("#actions")).to_contain_text("Reject a template with an empty pool size")
    expect(page.locator("#why")).to_contain_text("No check of templates")
    expect(page.locator("#why svg.fishbone")).to_be_visible()
    expect(page.locator("#timeline svg.strip").locator("visible=true")).to_be_visible()
    expect(page.locator("#meeting")).to_contain_text("led by Sana Qureshi")
    expect(page.locator("#said")).to_contain_text("Move payments to its own cluster")
    expect(page.get_by_text("No post-mortem needed")).to_have_count(0)
    page.locator("#summary").get_by_role("link", name="Write it").click()


def leaves_one_out(page: Page) -> None:
    page.get_by_role("button", name="Leave out: Two partners asked").click()
    expect(page.locator("#said-impact")).not_to_contain_text("Two partners")
    expect(page.locator("#left-out")).to_contain_text("Two partners asked for credits")
    expect(page.locator("#said-went_well")).to_contain_text("Going back zone by zone")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()


def reads_what_was_published(page: Page) -> None:
    expect(page.locator("#actions")).to_contain_text("0 of 1 done")
    expect(page.locator("#went_well")).to_contain_text("Going back zone by zone")
    expect(page.locator("#parked")).to_contain_text("to be settled at the check-in")
    expect(page.get_by_text("Two partners")).to_have_count(0)
    expect(page.locator("#content a[href*='/room/'], #content a[href*='/actions/']")).to_have_count(0)


def settles_it(page: Page) -> None:
    page.get_by_role("button", name="Settled: Move payments").click()
    expect(page.get_by_text("The summary says so as well")).to_be_visible()
    expect(page.locator("#parked")).to_have_count(0)


def test_the_hub_tells_it_all_and_its_readers_what_was_left_in(arrive, held, sana):
    one, reader = arrive(sana), arrive(make_person("Stella Reader", role=User.Role.STAKEHOLDER))
    address = held.incident.get_absolute_url()
    one.visit(address)
    one.does(looks_at_the_hub)
    one.does(leaves_one_out)
    reader.visit(address)
    reader.does(reads_what_was_published)
    one.visit(f"{address}check-in/")
    one.does(settles_it)
    reader.visit(address)
    reader.does(lambda page: expect(page.locator("#parked")).to_contain_text("settled"))
