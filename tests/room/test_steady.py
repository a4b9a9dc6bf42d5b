"""What one person has under their hands stays there while others change the page around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def add_finding(page: Page, text: str) -> None:
    page.get_by_label("Another finding").fill(text)
    page.keyboard.press("Enter")
    kinds = page.get_by_role("group", name="What kind of finding is it?")
    kinds.get_by_role("button", name="what went well").click()
    expect(finding(page, text)).to_be_visible()


def finding(page: Page, text: str) -> Locator:
    return page.locator(".finding-row").filter(has=page.locator(f'[data-text="{text}"]'))


def choose_kind(page: Page, text: str, kind: str) -> None:
    finding(page, text).get_by_role("button").first.click()
    page.get_by_role("option", name=kind).click()


def hold(locator: Locator) -> None:
    """Puts the mouse's button down on it, and not up again."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box
    locator.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    locator.page.mouse.down()


def test_a_press_counts_although_the_page_moved_under_it(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Causes")
    mouse = one.page.mouse
    hold(one.page.locator(".finding-row.new").get_by_role("button").first)
    for text in ("The pool alerts late", "Storage was paged late", "The runbook is old"):
        add_finding(other.page, text)
        expect(finding(one.page, text)).to_be_visible()
    mouse.up()
    expect(one.page.get_by_role("option", name="handoff gap")).to_be_visible()
    one.page.keyboard.press("Escape")
    hold(one.page.get_by_role("button", name="Remove the finding: The runbook is old"))
    mouse.move(300, 300)
    mouse.up()
    expect(finding(one.page, "The runbook is old")).to_be_visible()


def test_an_open_list_keeps_its_place_and_words(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Causes")
    for text in ("The pool alerts late", "Storage was paged late", "The runbook is old"):
        add_finding(other.page, text)
    page = one.page
    finding(page, "Storage was paged late").get_by_role("button").first.click()
    page.keyboard.type("hand")
    for text in ("Storage was paged late", "The runbook is old"):
        choose_kind(other.page, text, "root cause")
        expect(finding(page, text)).to_contain_text("root cause")
    page.keyboard.type("off")
    expect(page.get_by_role("combobox")).to_have_value("handoff")
    page.keyboard.press("Enter")
    expect(finding(other.page, "Storage was paged late")).to_contain_text("handoff gap")
    finding(page, "The runbook is old").get_by_role("button").first.click()
    page.get_by_role("heading", name="Findings").click()
    expect(page.get_by_role("combobox")).to_have_count(0)


def test_an_entry_keeps_its_menu_while_it_moves(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Timeline")
    for line in ("14:10 rolled out", "14:20 rolled back", "14:30 errors fell"):
        other.write(line)
    one.entry("rolled out").focus()
    one.page.keyboard.press("Alt+m")
    one.page.keyboard.press("ArrowDown")
    for text, time in (("rolled out", "14:40"), ("errors fell", "14:05")):
        other.entry(text).focus()
        other.page.keyboard.press("Enter")
        other.page.get_by_label("When", exact=True).fill(time)
        other.page.keyboard.press("Enter")
    expect(one.page.locator("li.ev[data-entry]").last).to_contain_text("rolled out")
    expect(one.page.get_by_role("menuitem", name="Add a link…")).to_be_focused()
