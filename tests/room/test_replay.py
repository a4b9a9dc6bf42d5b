"""Looking at how a meeting went, once it is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_the_slider_takes_the_record_back_to_any_moment(enter: Enter) -> None:
    one = enter("facilitator")
    page = one.page
    page.get_by_role("button", name="Start meeting").first.click()
    page.get_by_role("button", name="Next: Timeline").click()
    one.write("14:10 rolled out")
    page.get_by_label("What you saw").press("Escape")
    one.edit("rolled out", "rolled out to all")
    page.keyboard.press("Enter")
    expect(page.locator(".unsaved")).to_have_count(0)
    one.write("14:15 the wrong line")
    expect(page.locator(".unsaved")).to_have_count(0)
    one.choose("the wrong line", "Remove")
    one.sees_no("the wrong line")
    one.write("14:20 rolled back")
    for step in ("Causes", "Impact", "Prevention", "Actions", "Close"):
        page.get_by_role("button", name=f"Next: {step}").click()
    one.close_meeting()
    page.get_by_role("button", name="Replay the meeting").click()
    slider = page.get_by_label("Moment of the meeting")
    said = page.locator(".replay .meta")
    shown = page.locator(".at-timeline li.ev[data-entry] p")
    slider.focus()
    expect(said).not_to_be_empty()
    seen: list[list[str]] = []
    for _ in range(30):
        page.keyboard.press("ArrowRight")
        words = shown.all_text_contents()
        if words and words != (seen or [[]])[-1]:
            seen.append(words)
    after = "rolled out to all"
    assert seen == [["rolled out"], [after], [after, "the wrong line"], [after], [after, "rolled back"]]
    page.get_by_role("button", name="End the replay").click()
    expect(page.get_by_role("button", name="Replay the meeting")).to_be_visible()
