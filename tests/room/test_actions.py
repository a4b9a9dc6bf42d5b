"""Deciding: actions with owner and date, the gate that counts down, and closing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.room.attendee import Attendee, close_meeting

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]

SPECIFIC = "Alert when orders-db pool use passes 80 % for 2 min"


def with_findings(enter: Enter) -> Page:
    """The facilitator at the actions of a started meeting with two findings."""
    one = enter("facilitator")
    page = one.page
    one.look_at("Welcome")
    start = page.locator(".stage").get_by_role("button", name="Start meeting")
    start.click()
    expect(start).to_have_count(0)
    one.look_at("Causes")
    for kind, text in (
        ("detection gap", "The pool alerts only at 100 %"),
        ("handoff gap", "Storage was paged late"),
    ):
        page.locator(".finding-row.new").get_by_role("button").first.click()
        page.get_by_role("option", name=kind).click()
        page.get_by_label("Another finding").fill(text)
        page.keyboard.press("Enter")
    one.look_at("Actions")
    return page


def add_action(page: Page, finding: str, text: str) -> None:
    page.get_by_role("region", name=finding).get_by_role("button", name="Add action").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def test_the_gate_counts_down_and_the_meeting_closes(enter: Enter) -> None:
    page = with_findings(enter)
    side = page.locator(".gate")
    expect(side).to_contain_text("None of two findings covered")
    add_action(page, "The pool alerts only at 100 %", SPECIFIC)
    row = page.locator(".act").filter(has=page.locator(f'[data-text="{SPECIFIC}"]'))
    expect(row).to_contain_text("specific")
    expect(side).to_contain_text("has no owner, has no date")
    row.get_by_role("button", name="Commit").click(force=True)
    expect(page.get_by_text("Choose an owner and a date first.")).to_be_visible()
    row.get_by_role("button", name="choose an owner").click()
    page.keyboard.type("member 07")
    page.keyboard.press("Enter")
    row.get_by_role("button", name="pick a date").click()
    page.get_by_role("button", name="2 weeks").click()
    expect(row.get_by_text("asked", exact=True)).to_be_visible()
    expect(page.get_by_text("accepted by 0 of 1 owner")).to_be_visible()
    expect(side).to_contain_text("One of two findings covered")
    page.get_by_role("button", name="No action…").click()
    page.get_by_role("button", name="Record the reason").click()
    expect(page.get_by_text("Say why, so that nobody wonders later.")).to_be_visible()
    page.keyboard.type("The new pager rotation covers it")
    page.get_by_role("button", name="Record the reason").click()
    expect(side).to_contain_text("Every finding is covered")
    close(page)


def close(page: Page) -> None:
    page.get_by_role("navigation", name="Agenda").get_by_role("link", name="Close").click()
    close_meeting(page, ".stage")
    expect(page.get_by_role("heading", name="Closed. Thank you, everyone.")).to_be_visible()
    links = page.locator(".next a")
    expect(links.first).to_have_attribute(
        "href", page.url.split("room/")[0].split(":", 2)[2].split("/", 1)[1].join(["/", "summary/"])
    )
    expect(links.nth(1)).to_contain_text("check-in")
    expect(page.get_by_role("button", name="Add an action")).to_have_count(0)


def test_what_is_left_leads_to_its_place(enter: Enter) -> None:
    page = with_findings(enter)
    page.locator(".gate").get_by_role("button", name="“Storage was paged late”").click()
    expect(
        page.get_by_role("region", name="Storage was paged late").get_by_role("button", name="Add action")
    ).to_be_focused()
    add_action(page, "Storage was paged late", "Improve monitoring")
    page.locator(".gate").get_by_role("button", name="“Improve monitoring”").click()
    assert page.evaluate("document.activeElement.closest('.act textarea, .act') !== null")


def test_a_vague_wording_gets_a_better_form_or_is_accepted(enter: Enter) -> None:
    page = with_findings(enter)
    finding = page.get_by_role("region", name="The pool alerts only at 100 %")
    finding.get_by_role("button", name="Add action").click()
    page.keyboard.type("Improve monitoring of the database")
    expect(finding.locator(".act.new .hint")).to_contain_text("Which signal")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    row = page.locator(".act").filter(has=page.locator(".hint"))
    expect(row).to_contain_text("Which signal")
    row.get_by_role("button", name="Use this wording").click()
    field = page.locator(".act textarea").first
    expect(field).to_have_value(re.compile("^Alert when"))
    page.keyboard.press("Control+a")
    page.keyboard.type("Look into alerts")
    page.get_by_role("button", name="Accept as it is").click()
    expect(page.locator(".act").first).to_contain_text("accepted as it is")


def test_a_reason_for_no_action_is_taken_back(enter: Enter) -> None:
    page = with_findings(enter)
    finding = page.get_by_role("region", name="Storage was paged late")
    finding.get_by_role("button", name="No action…").click()
    page.keyboard.type("The vendor mends it in May")
    page.keyboard.press("Enter")
    expect(finding).to_contain_text("No action: The vendor mends it in May")
    finding.get_by_role("button", name="Take it up again").click()
    expect(finding.get_by_role("button", name="Add action")).to_be_visible()


def test_an_action_is_declined_with_a_reason_and_taken_up_again(enter: Enter) -> None:
    page = with_findings(enter)
    add_action(page, "Storage was paged late", SPECIFIC)
    row = page.get_by_role("region", name="Storage was paged late").get_by_role("listitem")
    row.get_by_role("button", name="Decline:").click()
    page.get_by_role("button", name="Record the reason").click()
    expect(row).to_contain_text("Say why, so that nobody wonders later.")
    page.get_by_label("Why will this not be done?").fill("The pager is replaced in June")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why will this not be done?")).to_have_count(0)
    page.reload()
    expect(row).to_contain_text("declined: The pager is replaced in June")
    expect(row.get_by_role("button", name="Commit")).to_have_count(0)
    row.get_by_role("button", name="Take it up again").click()
    expect(row.get_by_role("button", name="Commit")).to_be_visible()


def test_enter_goes_on_to_the_next_action_and_removal_can_be_undone(enter: Enter) -> None:
    page = with_findings(enter)
    finding = page.get_by_role("region", name="The pool alerts only at 100 %")
    finding.get_by_role("button", name="Add action").click()
    for text in ("Add one", "Add two"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(finding.locator("textarea")).to_have_count(2)
    page.keyboard.press("Escape")
    finding.get_by_role("button", name="Remove: Add two").click()
    expect(finding.locator("textarea")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(finding.locator("textarea")).to_have_count(2)


def test_low_priorities_and_no_prevention_are_pointed_out(enter: Enter) -> None:
    page = with_findings(enter)
    add_action(page, "The pool alerts only at 100 %", SPECIFIC)
    expect(page.locator(".stage")).to_contain_text("No action prevents this from happening again")
    page.locator(".act").get_by_role("button", name="medium priority").click()
    page.get_by_role("option", name="low priority").click()
    expect(page.locator(".stage")).to_contain_text("Every action is low priority")
    page.locator(".act").get_by_role("button", name="detects").click()
    page.get_by_role("option", name="prevents").click()
    expect(page.locator(".stage")).not_to_contain_text("No action prevents")


def test_only_the_facilitator_closes(enter: Enter) -> None:
    with_findings(enter)
    member = enter(3)
    member.look_at("Close")
    expect(member.page.locator(".stage")).to_contain_text("Petra closes the meeting")
    expect(member.page.get_by_role("button", name="Close meeting")).to_have_count(0)


def test_a_line_says_who_and_by_when(enter: Enter) -> None:
    page = with_findings(enter)
    page.get_by_role("region", name="The pool alerts only at 100 %").get_by_role(
        "button", name="Add action"
    ).click()
    field, parts = page.get_by_label("New action"), page.locator(".said-parts")
    page.keyboard.type("Freeze the cart by Friday")
    expect(parts.get_by_role("button")).to_have_text(re.compile(r"^Fri \d+ \w+ ✕$"))
    page.keyboard.press("Backspace")
    expect(parts.get_by_role("button")).to_have_count(0)
    expect(field).to_have_value("Freeze the cart by Friday")
    page.keyboard.press("Enter")
    expect(page.locator('.act [data-text="Freeze the cart by Friday"]')).to_be_visible()
    page.keyboard.type("Page when the pool is full, owned by member !high")
    expect(parts.locator(".asks")).to_be_visible()
    page.keyboard.press("Enter")
    expect(parts.locator(".asks")).to_be_focused()
    parts.get_by_role("button", name="Member 07").click()
    expect(field).to_have_value("Page when the pool is full, owned by Member 07 !high")
    expect(parts.get_by_role("button", name="high priority")).to_be_visible()
    expect(parts.get_by_role("button", name="Member 07")).to_be_visible()
    page.keyboard.press("Enter")
    row = page.locator(".act").filter(has=page.locator('[data-text="Page when the pool is full"]'))
    expect(row).to_contain_text("high priority")
    expect(row.locator(".owned")).to_contain_text("Member")


def test_the_actions_page_reads_the_same_line(enter: Enter) -> None:
    page = enter("facilitator").page
    page.goto(page.url.split("room/")[0] + "actions/")
    field, parts = page.get_by_label("What will be done"), page.locator(".said-parts")
    field.press_sequentially("Page when the pool is full by Friday, owned by Member 07 !high")
    expect(parts.get_by_role("button")).to_have_count(3)
    expect(page.get_by_label("Priority")).to_have_value("high")
    expect(page.get_by_label("Owner").locator("option:checked")).to_contain_text("Member 07")
    field.press("Backspace")
    expect(page.get_by_label("Priority")).to_have_value("medium")
    expect(parts.get_by_role("button")).to_have_count(2)
    page.get_by_label("If none: where it comes from").fill("Agreed on later")
    page.get_by_role("button", name="Add action").click()
    expect(page.get_by_role("heading", name="Page when the pool is full !high")).to_be_visible()
