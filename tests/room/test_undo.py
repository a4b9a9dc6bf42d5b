"""Taking back one's own changes, and what people show each other without words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_own_changes_are_taken_back_and_done_again_but_never_somebody_elses(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Timeline")
    keys = one.page.keyboard
    one.write("14:10 rolled out")
    one.page.get_by_label("What you saw").press("Escape")
    one.edit("rolled out", "rolled out to all")
    keys.press("Enter")
    other.sees("rolled out to all")
    keys.press("Control+z")
    expect(other.entry("rolled out")).not_to_contain_text("to all")
    keys.press("Control+z")
    other.sees_no("rolled out")
    keys.press("Control+Shift+Z")
    keys.press("Control+Shift+Z")
    other.sees("rolled out to all")
    one.write("14:20 rolled back")
    other.sees("rolled back")
    one.page.get_by_label("What you saw").press("Escape")
    one.entry("rolled back").focus()
    for letter in ("u", "r", "h", "e", "Backspace"):
        keys.press(letter)
    keys.press("Control+Delete")
    for key in ("Control+z", "Control+Shift+Z", "Control+z"):
        other.sees_no("rolled back") if key == "Control+z" else other.sees("rolled back")
        keys.press(key)
    other.sees("rolled back")
    expect(one.page.get_by_text("Taken back: the removal of 14:20 rolled back").first).to_be_visible()
    keys.press("Control+z")
    other.sees_no("rolled back")
    expect(one.page.get_by_text("Taken back: 14:20 rolled back").first).to_be_visible()
    other.edit("rolled out to all", "rolled out to a tenth")
    other.page.keyboard.press("Enter")
    one.sees("rolled out to a tenth")
    keys.press("Control+z")
    expect(one.page.get_by_text("Somebody changed this after you")).to_be_visible()
    one.sees("rolled out to a tenth")


def test_reactions_hands_in_order_and_the_big_screen(enter: Enter) -> None:
    one, other = enter("facilitator"), enter(1)
    for who in (other, one):
        who.page.keyboard.press("Alt+h")
        expect(who.page.locator(".faces")).to_contain_text("raised hand")
    expect(one.page.locator(".facilitator")).to_contain_text("Hands: 1. Member, 2. Petra.")
    other.page.locator(".faces").click()
    other.page.get_by_role("button", name="Well done").click()
    expect(one.page.get_by_role("list", name="Reactions")).to_contain_text("Member")
    one.page.locator(".faces").click()
    expect(one.page.get_by_text("hand raised, no. 1")).to_be_visible()
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("b")
    expect(one.page.locator(".side")).to_be_hidden()
    one.page.keyboard.press("b")
    expect(one.page.locator(".side")).to_be_visible()
