"""From a closed meeting to a closed loop: late additions, corrections, a fix that did not hold, and two check-ins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import Locator, Page, expect

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.core.times import local
from followthrough.meeting_room.operations import lifecycle
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import choose_facilitator, open_postmortem
from tests.clock import Clock
from tests.factories import explain_missing, make_incident, make_person
from tests.journeys.in_process_browser import Onlooker, open_stage
from tests.mailbox import Mailbox

SETTLED = re.compile("every action is verified or declined", re.IGNORECASE)
pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def arrive() -> Iterator[Callable[..., Onlooker]]:
    with open_stage() as arrive:
        yield arrive


def closed(clock: Clock, priya: User, ken: User) -> tuple[PostMortem, ActionItem]:
    """Its meeting decided on one action, which its owner, who was not asked to the meeting, has done since."""
    postmortem = open_postmortem(make_incident(began_at=clock.now - timedelta(hours=50)), by=priya)
    choose_facilitator(postmortem, priya, by=priya)
    lifecycle.start_meeting(postmortem, by=priya)
    due_on = clock.now.date() + timedelta(days=5)
    text = "Alert at 80 % of the connection pool, done when a test fires it"
    action = actions.add_action(postmortem, text=text, owner=ken, due_on=due_on, by=ken)
    actions.commit(action, by=ken)
    explain_missing(postmortem, by=priya)
    lifecycle.close_meeting(postmortem, by=priya)
    return postmortem, actions.complete(action, by=ken)


def about(mails: list[EmailMessage], words: str) -> list[EmailMessage]:
    return [mail for mail in mails if words in mail["Subject"]]


def publish(page: Page) -> None:
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()


def correct_and_publish_again(page: Page) -> None:
    page.get_by_role("link", name="Correct the record").click()
    page.get_by_label("One more entry").fill("15:20 a customer wrote before any alert")
    page.get_by_role("button", name="Add entry").click()
    expect(page.get_by_role("status").filter(has_text="Corrected")).to_be_visible()
    page.get_by_role("link", name="Summary", exact=True).click()
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_role("heading", name="Added since version 1")).to_be_visible()


def add_one_more(page: Page) -> None:
    page.get_by_role("link", name="+ Action").first.click()
    page.get_by_label("What will be done").fill("Page the on-call engineer when the pool is full")
    page.get_by_label("Owner").select_option("Priya")
    page.get_by_label("Due").fill("2026-12-20")
    page.get_by_role("button", name="Add action").click()
    page.get_by_label("If none: where it comes from").fill("Remembered after the meeting")
    page.get_by_role("button", name="Add action").click()
    expect(page.get_by_role("status").filter(has_text="is added")).to_be_visible()


def card(page: Page, key: str) -> Locator:
    return page.locator(f"#{key}")


def unfold(row: Locator, name: str) -> None:
    row.locator("summary").filter(has_text=re.compile(f"^{name}$")).click()


def walk_through(failed: str, mine: str) -> Callable[[Page], None]:
    """The fix failed and gets its successor; the other is on track, after an answer that is taken back."""

    def walk(page: Page) -> None:
        row = card(page, failed)
        unfold(row, "It did not hold")
        row.get_by_label("What came back?").fill("The pool was full on Friday")
        row.get_by_label("What is done instead?").fill("Shed load at 80 % of the pool")
        row.get_by_label("Due").fill("2026-12-11")
        row.get_by_role("button", name="It did not hold").click()
        expect(row).to_contain_text("in its place")
        other = card(page, mine)
        other.get_by_role("button", name="Done", exact=True).click()
        page.get_by_role("status").get_by_role("button", name="Undo").click()
        other.get_by_role("button", name="On track").click()
        expect(other.locator(".said")).to_contain_text("On track")

    return walk


def finish(words: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.get_by_role("button", name="Finish the check-in").click()
        expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()

    return press


def settle(*keys: str) -> Callable[[Page], None]:
    def walk(page: Page) -> None:
        for key in keys:
            row = card(page, key)
            row.get_by_role("button", name="Done", exact=True).click()
            unfold(row, "It held")
            row.get_by_label("What shows it?").fill("A drill on Monday")
            row.get_by_label("Why can it be said already?").fill("It was drilled")
            row.get_by_role("button", name="It held").click()
            expect(row).to_contain_text("Verified")

    return walk


def test_the_loop_closes_when_everything_is_settled(
    clock: Clock, mailbox: Mailbox, arrive: Callable[..., Onlooker]
) -> None:
    clock.set("2026-11-23 14:00")
    priya, ken = make_person("Priya"), make_person("Ken", zone="Asia/Kolkata")
    stella = make_person("Stella", role="stakeholder")
    postmortem, fix = closed(clock, priya, ken)
    base = f"/incidents/{postmortem.key}/"

    first = Meeting.objects.get(kind="check_in")
    assert local(first.starts_at, "Asia/Kolkata").hour in range(9, 17)
    assert first.starts_at.hour in range(9, 17)
    assert len(about(mailbox.sent_to(ken), "the check-in is on")) == 1

    lead, reader = arrive(priya), arrive(stella)
    lead.visit(f"{base}summary/")
    lead.does(publish)
    clock.go(minutes=5)
    lead.does(correct_and_publish_again)
    assert [("version 2" in mail["Subject"]) for mail in mailbox.sent_to(stella)] == [False, True]
    reader.visit(f"{base}summary/")
    reader.does(lambda page: expect(page.locator("#since")).to_contain_text("a customer wrote"))
    lead.visit(base)
    lead.does(add_one_more)
    mine = ActionItem.objects.get(owner=priya)

    clock.now = first.starts_at
    lead.client.force_login(priya)
    lead.visit(f"{base}check-in/")
    lead.does(walk_through(fix.key, mine.key))
    lead.does(finish("The next one is on"))
    successor = ActionItem.objects.get(replaces=fix)
    second = Meeting.objects.get(kind="check_in", state="scheduled")
    assert len(about(mailbox.sent_to(ken), "the next check-in is on")) == 1
    lead.visit(base)
    lead.does(lambda page: expect(page.locator(".loop-card")).not_to_contain_text(SETTLED))

    clock.now = second.starts_at
    lead.client.force_login(priya)
    owner = arrive(ken)
    owner.visit(f"{base}check-in/")
    owner.does(settle(successor.key, mine.key))
    owner.does(finish("the loop is closed"))
    lead.visit(base)
    lead.does(lambda page: expect(page.locator(".loop-card")).to_contain_text(SETTLED))
    for person in (priya, ken, stella):
        subjects = [mail["Subject"] for mail in mailbox.sent_to(person)]
        assert len(subjects) == len(set(subjects))
