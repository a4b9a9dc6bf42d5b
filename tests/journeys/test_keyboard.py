"""The whole loop without a mouse: Tab, Enter, arrows and typing only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.demo import Demo
from tests.room.attendee import Attendee
from tests.room.conftest import DESK

pytestmark = pytest.mark.browser

GAP = "Nothing reads rows back while the cluster grows"
COMMENT = "Say which customers noticed it"
ACTION = "Add a read-back of 1,000 rows to each growth rehearsal, done when the July setting fails it"


@pytest.fixture
def one(browser: Browser, demo: Demo) -> Iterator[Attendee]:
    context = browser.new_context(viewport=DESK, locale="en-US")
    attendee = Attendee(context, demo.home, 0)
    attendee.open_tab()
    yield attendee
    attendee.leave()
    assert attendee.problems == []


def follow(one: Attendee, name: str) -> None:
    """Goes on to the page that a link or a form's button leads to."""
    one.tab_to(name)
    with one.page.expect_navigation():
        one.page.keyboard.press("Enter")


def press(one: Attendee, name: str) -> None:
    one.tab_to(name)
    one.page.keyboard.press("Enter")


def write(one: Attendee, field: str, words: str) -> None:
    one.tab_to(field)
    one.page.keyboard.type(words)


def told(one: Attendee, words: str) -> Locator:
    return one.page.get_by_role("status").filter(has_text=words)


def test_the_loop_without_a_mouse(one: Attendee) -> None:
    for step in (
        report_it,
        arrange_the_meeting,
        tell_what_happened,
        find_what_lay_behind,
        decide,
        close_the_meeting,
        share_the_summary,
        open_it_by_a_link,
        hold_the_check_in,
    ):
        step(one)


def report_it(one: Attendee) -> None:
    one.page.goto(f"{one.home}incidents/new/")
    follow(one, "SQ")
    write(one, "Title", "Rows were missing for a part of customers")
    write(one, "Severity", "SEV1")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for name, time in {"Started": "14:03", "Resolved": "3.03pm"}.items():
        write(one, name, f"{yesterday:%Y-%m-%d} {time}")
    write(one, "Person", "Jonas")
    follow(one, "Report it")
    expect(one.page.get_by_role("region", name="Post-mortem")).to_contain_text("SEV1")


def arrange_the_meeting(one: Attendee) -> None:
    follow(one, "Find a time")
    one.tab_to("Choose who comes")
    follow(one, "Choose")
    expect(one.page.get_by_role("status")).to_contain_text("The meeting is scheduled")
    follow(one, "Facilitator")
    write(one, "Person", "Sana")
    follow(one, "Ask them")
    follow(one, "Room")
    press(one, "Start meeting")
    expect(one.page.get_by_role("dialog").get_by_role("button", name="Not yet")).to_be_focused()
    one.page.keyboard.press("Shift+Tab")
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_role("timer")).to_be_visible()


def tell_what_happened(one: Attendee) -> None:
    press(one, "Next: Timeline")
    write(one, "What you saw", "14:11 alert fired")
    one.page.keyboard.press("Enter")
    one.page.keyboard.type("+20m rolled back")
    one.page.keyboard.press("Enter")
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("ArrowDown")
    expect(one.entry("Started")).to_be_focused()
    one.page.keyboard.press("ArrowDown")
    expect(one.entry("alert fired")).to_be_focused()
    one.page.keyboard.press("m")
    one.page.keyboard.type("d")
    one.page.keyboard.press("Enter")
    expect(one.entry("alert fired")).to_contain_text("detected")


def find_what_lay_behind(one: Attendee) -> None:
    keys = one.page.keyboard
    press(one, "Next: Causes")
    press(one, "Problem")
    keys.type("New servers answered for rows they did not hold")
    keys.press("Escape")
    press(one, "Make a finding")
    keys.type("root")
    keys.press("Enter")
    expect(one.page.get_by_role("group", name="Why 1: New servers")).to_contain_text("root cause")
    press(one, "which kind?")
    keys.type("detection")
    keys.press("Enter")
    write(one, "Another finding", GAP)
    keys.press("Enter")
    press(one, "Next: Impact")
    write(one, "Users affected", "1,200,000")
    press(one, "Next: Prevention")
    expect(one.page.get_by_role("heading", name="What would have stopped it")).to_be_visible()


def decide(one: Attendee) -> None:
    keys = one.page.keyboard
    press(one, "Next: Actions")
    press(one, "Add action")
    keys.type(ACTION)
    keys.press("Enter")
    keys.press("Escape")
    press(one, "choose an owner")
    keys.type("Sana")
    keys.press("Enter")
    press(one, "pick a date")
    press(one, "2 weeks")
    press(one, "Commit")
    press(one, "No action…")
    keys.type("The same rehearsal finds it")
    keys.press("Enter")
    expect(one.page.locator(".gate")).to_contain_text("Every finding is covered")


def close_the_meeting(one: Attendee) -> None:
    press(one, "Next: Close")
    press(one, "Close meeting")
    dialog = one.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Go on with the meeting")).to_be_focused()
    one.page.keyboard.press("Shift+Tab")
    expect(dialog.get_by_role("button", name="Close meeting")).to_be_focused()
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_role("heading", name="Closed. Thank you, everyone.")).to_be_visible()


def share_the_summary(one: Attendee) -> None:
    follow(one, "The summary")
    follow(one, "Ask for review")
    expect(told(one, "They were asked to read the draft")).to_be_visible()
    one.tab_to("Comment on")
    write(one, "Comment", COMMENT)
    follow(one, "Comment")
    follow(one, f"Settled: {COMMENT}")
    expect(one.page.get_by_role("button", name=f"Open again: {COMMENT}")).to_be_visible()
    press(one, "See the mail")
    expect(one.page.get_by_label("The mail as it would go out")).to_contain_text("Rows were missing")
    one.tab_to("Publish", key="Shift+Tab")
    with one.page.expect_navigation():
        one.page.keyboard.press("Enter")
    expect(told(one, "Published")).to_be_visible()


def open_it_by_a_link(one: Attendee) -> None:
    """As somebody without an account reads it; 30 days unless another time is chosen."""
    summary = one.page.url
    follow(one, "Make a link")
    link = one.page.get_by_label("Link 1")
    expect(one.page.locator(".share-link")).to_contain_text("until ")
    one.tab_to("Link 1")
    one.tab_to("Copy")
    one.page.goto(link.input_value())
    follow(one, "Yes")
    expect(told(one, "Thank you")).to_be_visible()
    one.page.goto(summary)


def hold_the_check_in(one: Attendee) -> None:
    follow(one, "INC-")
    follow(one, "See what comes")
    follow(one, "Done")
    press(one, "It held")
    write(one, "What shows it?", "The July setting failed a rehearsal")
    write(one, "Why can it be said already?", "It was rehearsed today")
    follow(one, "It held")
    follow(one, "Finish the check-in")
    expect(told(one, "the loop is closed")).to_be_visible()
