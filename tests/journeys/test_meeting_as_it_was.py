"""Meetings that nobody can mistake afterwards: an empty one looks unfinished, one that began early is kept as it was held."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.live.conftest import make_server, organisation, server
from tests.live.server import Server
from tests.room.attendee import Attendee
from tests.room.conftest import enter, room

__all__ = ["enter", "make_server", "organisation", "room", "server"]

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]
MISSING = ("timeline entry", "cause", "finding", "action")
WHY = "The vendor keeps the logs and answers next month"


def opened(one: Attendee, page: str = "") -> Page:
    """One of the incident's own pages, in the same tab."""
    one.page.goto(one.address.removesuffix("room/") + page)
    return one.page


def start(one: Attendee) -> Locator:
    """Presses the button that starts the meeting; the dialog that may come."""
    one.page.get_by_role("button", name="Start meeting").first.click()
    return one.page.get_by_role("dialog")


def read(page: Page, ending: str) -> str:
    """The file with that ending of the summary that is open."""
    answer = page.request.get(page.url.replace("summary/", f"summary.{ending}"))
    assert answer.ok, answer.status
    return answer.text()


def test_an_empty_meeting_asks_for_reasons_and_looks_unfinished(enter: Enter, server: Server) -> None:
    lead, reader = enter("facilitator"), enter(0)
    start(lead)
    lead.look_at("Close")
    lead.page.locator(".stage").get_by_role("button", name=re.compile("^Close meeting")).click()
    close = lead.page.get_by_role("dialog").get_by_role("button", name="Close meeting without these")
    for part in MISSING:
        expect(close).to_be_disabled()
        say_why(lead.page, part)
    close.click()
    expect(reader.page.get_by_text("This meeting is over")).to_be_visible()

    publishing = opened(lead, "summary/")
    expect(publishing.locator("#lacks")).to_contain_text(f"No cause: {WHY}")
    publishing.once("dialog", lambda dialog: dialog.accept())
    publishing.get_by_role("button", name="Publish", exact=True).click()
    expect(publishing.get_by_role("status").filter(has_text="Published")).to_be_visible()

    looks_unfinished(opened(reader))
    page = opened(reader, "summary/")
    for part in MISSING:
        expect(page.get_by_role("region", name="What is missing")).to_contain_text(f"No {part}: {WHY}")
    assert all(f"No {part}" in read(page, "md") for part in MISSING)
    reader.context.add_cookies(
        [{"name": "followthrough_session", "value": server.organisation["stakeholder"], "url": server.home}]
    )
    expect(opened(reader).get_by_role("main")).to_contain_text(WHY)


def say_why(page: Page, part: str) -> None:
    """First in words that say nothing, which are not taken."""
    button = page.get_by_role("dialog").get_by_role("button", name=f"Say why: no {part}")
    button.click()
    page.keyboard.type("n/a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("does not say why")
    page.keyboard.press("Control+a")
    page.keyboard.type(WHY)
    page.keyboard.press("Enter")
    expect(button).to_have_count(0)


def looks_unfinished(page: Page) -> None:
    """The rail ticks nothing that did not happen."""
    loop = page.get_by_role("region", name="The way to the check-in")
    expect(loop).to_contain_text("It closed without these")
    expect(loop.get_by_text(": skipped")).not_to_have_count(0)
    expect(loop).to_contain_text("no timeline entry, no cause, no finding, no action")
    expect(loop).not_to_contain_text("The loop is closed")


def test_a_start_days_early_asks_and_is_kept_as_it_was_held(enter: Enter) -> None:
    lead, one = enter("facilitator"), enter(1)
    one.page.goto(f"{one.home}inbox/")
    planned = plan_it(lead, "Member 01")
    opened(lead, "room/")
    asked = start(lead)
    expect(asked).to_contain_text("It is planned for")
    expect(asked).to_contain_text("1 of 1 required person is not here: Member 01")
    asked.get_by_role("button", name="Not yet").click()
    expect(lead.page.get_by_role("timer")).to_have_count(0)
    start(lead).get_by_role("button", name="Start now").click()
    expect(lead.page.get_by_role("timer")).to_be_visible()
    lead.page.get_by_role("button", name="Not begun after all").click()
    expect(lead.page.get_by_role("button", name="Start meeting").first).to_be_visible()
    expect(opened(lead, "schedule/").locator(f"time[datetime='{planned}']")).not_to_have_count(0)
    one.page.goto(f"{one.home}inbox/")
    expect(one.page.get_by_role("main")).to_contain_text(re.compile("is on .* after all"))

    opened(one, "room/")
    opened(lead, "room/")
    expect(lead.page.locator(".present")).to_contain_text("Member 01")
    asked = start(lead)
    expect(asked).not_to_contain_text("not here")
    asked.get_by_role("button", name="Start now").click()
    expect(one.page.get_by_role("timer")).to_be_visible()
    lead.look_at("Close")
    lead.close_meeting(".stage")
    expect(one.page.get_by_text("This meeting is over")).to_be_visible()
    is_kept(lead, planned)


def plan_it(lead: Attendee, name: str) -> str:
    """Asks somebody to come and chooses the last of the proposed times; when it begins."""
    page = opened(lead, "attendees/")
    page.get_by_label("Person").select_option(name)
    page.get_by_label("The meeting waits for them").check()
    page.get_by_role("button", name="Ask them").click()
    expect(page.get_by_role("region", name="Asked")).to_contain_text(name)
    page = opened(lead, "schedule/")
    slot = page.locator(".slots > li").last
    starts = slot.locator("time").get_attribute("datetime")
    slot.get_by_role("button").click()
    expect(page.get_by_role("status").filter(has_text="The meeting is scheduled")).to_be_visible()
    assert starts
    return starts


def is_kept(lead: Attendee, planned: str) -> None:
    """Every page says when it was held and who was there instead of the plan; who leads corrects it."""
    meeting = opened(lead).get_by_role("region", name="The meeting")
    expect(meeting).to_contain_text("Held")
    expect(meeting).to_contain_text("Who was there: Member 01, Petra Neutral.")
    expect(lead.page.locator(f"time[datetime='{planned}']")).to_have_count(0)
    page = opened(lead, "present/")
    page.get_by_label("Member 01").uncheck()
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_role("status")).to_contain_text("The summary and its files say the same")
    expect(opened(lead).get_by_role("region", name="The meeting")).to_contain_text(
        "Who was there: Petra Neutral."
    )
    facts = opened(lead, "summary/").locator(".report-facts")
    expect(facts).to_contain_text("Post-mortem held")
    expect(facts).to_contain_text("1 person")
    lead.page.goto(f"{lead.home}meetings/?show=past")
    expect(lead.page.locator(".meeting-rows li").first).to_contain_text("1 was there")
