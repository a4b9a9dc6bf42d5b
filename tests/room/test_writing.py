"""Two people write in the same text, one of them without a network for a while; an earlier version comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.live.server import Server
from tests.room.attendee import Attendee
from tests.shared_data import run_python

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def _notes(who: Attendee) -> Locator:
    """The shared notes on causes, with their editor open and the cursor in them."""
    who.look_at("Causes")
    who.page.get_by_label("Shared notes on causes").focus()
    field = who.page.locator(".side [contenteditable=true]")
    expect(field).to_be_focused()
    return field


def _rest(server: Server) -> None:
    """As if nobody had written for a while: the worker keeps a version."""
    script = "import django; django.setup(); from datetime import timedelta; from followthrough.writing import tasks; "
    script += "tasks.AT_REST = timedelta(); tasks.keep_versions()"
    run_python("-c", script, data=server.data)


def test_two_write_one_is_cut_off_and_a_version_comes_back(enter: Enter, server: Server) -> None:
    one, other = enter(0), enter(1)
    first, second = _notes(one), _notes(other)
    one.page.keyboard.type("## Cache\nIt **expired**")
    expect(second.locator("h2")).to_have_text("Cache")
    expect(second.locator("p")).to_have_text("It **expired**")
    expect(second.locator(".cursor")).to_have_attribute("data-name", "Member")
    second.press("Control+End")
    other.page.keyboard.press("Enter")
    for mine, theirs in zip(" at night.", "They say: ", strict=True):
        one.page.keyboard.type(mine)
        other.page.keyboard.type(theirs)
    for field in (first, second):
        expect(field.locator("p")).to_have_text(["It **expired** at night.", "They say: "])
    other.page.keyboard.type("@member 01")
    expect(other.page.get_by_role("option", name="@Member 01")).to_be_visible()
    other.page.keyboard.press("Enter")
    expect(first.locator("a.mention")).to_have_text("@Member 01")
    _rest(server)

    one.context.set_offline(True)
    first.press("Control+End")
    one.page.keyboard.press("Enter")
    one.page.keyboard.type("written offline")
    other.page.keyboard.type("and meanwhile online")
    expect(one.page.get_by_text("kept on this machine")).to_be_visible()
    one.context.set_offline(False)
    for field in (first, second):
        expect(field).to_contain_text("written offline")
        expect(field).to_contain_text("and meanwhile online")
    paragraphs = "h2, p"
    assert first.locator(paragraphs).all_text_contents() == second.locator(paragraphs).all_text_contents()

    one.page.get_by_role("link", name="History of").click()
    versions, text = one.page.get_by_role("navigation", name="Versions"), one.page.locator("main .prose")
    expect(text).to_contain_text("written offline")
    versions.get_by_role("link", name="Member").last.click()
    expect(text).not_to_contain_text("offline")
    one.page.get_by_role("button", name="Bring this version back").click()
    expect(one.page.get_by_text("The version is back")).to_be_visible()
    expect(second).not_to_contain_text("written offline")
    expect(second).to_contain_text("Member 01")
    expect(versions.get_by_text("brought back")).to_be_visible()
    versions.get_by_role("link").nth(2).click()
    expect(text).to_contain_text("written offline")


def test_words_that_were_refused_come_back_with_the_reason(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    field, theirs = _notes(one), _notes(other)
    field.focus()
    one.page.keyboard.type("kept. ")
    expect(theirs).to_have_text("kept. ")
    one.page.keyboard.insert_text("too much " * 2_500)
    refusal = one.page.get_by_role("alert")
    expect(refusal).to_contain_text("20,000 fit here")
    expect(refusal).to_contain_text("too much too much")
    expect(field).to_have_text("kept. ")
    one.page.keyboard.type("on it goes")
    expect(field).to_contain_text("on it goes")


def test_a_mention_leads_to_the_entry(enter: Enter) -> None:
    one = enter(0)
    one.look_at("Timeline")
    one.write("14:11 alert fired")
    one.sees("alert fired")
    field = _notes(one)
    field.press("@")
    one.page.keyboard.type("alert")
    one.page.get_by_role("option", name="alert fired").click()
    address = field.locator("a.mention").get_attribute("href")
    one.open_tab()
    one.page.goto(one.home.rstrip("/") + str(address))
    expect(one.entry("alert fired")).to_be_in_viewport()
