"""Taking over a chat from another clock, and times as people say them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]

CHAT = "Sana Quist  9:11 AM\nalert fired\nTom Weber  9:14 AM\nlooking\nSana Quist  9:16 AM\nrolling back"


def test_a_chat_from_another_clock_is_taken_over_and_back_as_one(enter: Enter) -> None:
    one, other = enter(4), enter(5)
    for each in (one, other):
        each.look_at("Timeline")
    one.write("14.07 rolling back")
    other.sees("rolling back")
    dialog = one.preview("nothing with a time")
    expect(dialog).to_contain_text("there is nothing to take over")
    expect(dialog.get_by_role("button", name="Take over messages")).to_be_disabled()
    dialog.get_by_role("button", name="Back to the text").click()
    dialog.get_by_role("textbox").fill(CHAT)
    dialog.get_by_role("button", name="Show what it becomes").click()
    dialog.get_by_label("The log’s clock").select_option("America/New_York")
    expect(dialog.locator("time").first).to_contain_text("Nov")
    expect(dialog).to_contain_text("the same words stand at 14:07")
    dialog.get_by_role("button", name="Take over 2 messages").click()
    expect(other.entry("alert fired")).to_contain_text("Sana Quist, from Slack")
    other.sees("looking")
    one.page.get_by_label("What you saw").press("Escape")
    one.page.keyboard.press("Control+z")
    other.sees_no("alert fired")
    other.sees_no("looking")
    other.sees("rolling back")
    expect(one.page.get_by_text("Taken back: 2 messages from Slack")).to_be_visible()
    one.page.get_by_role("button", name="Redo").click()
    other.sees("looking")
    one.look_at("Causes")
    one.page.keyboard.press("n")
    expect(one.page.locator(".node textarea").first).to_be_focused()
