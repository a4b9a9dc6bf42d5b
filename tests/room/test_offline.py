"""Whoever loses the network goes on typing; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_what_is_typed_offline_is_sent_after_the_tab_was_closed_and_opened_again(enter: Enter) -> None:
    one, other = enter(2), enter(3)
    for each in (one, other):
        each.look_at("Timeline")
    one.context.set_offline(True)
    expect(one.page.get_by_text("Offline")).to_be_visible()
    one.write("14:12 typed without a network")
    one.write("14:13 and another line")
    expect(one.page.get_by_text("Offline: 2 changes kept on this machine")).to_be_visible()
    expect(one.entry("typed without a network")).to_contain_text("not saved yet")
    other.sees_no("typed without a network")
    one.page.close()
    one.context.set_offline(False)
    one.come_in("timeline")
    other.sees("typed without a network")
    other.sees("and another line")
    expect(one.entry("and another line")).not_to_contain_text("not saved yet")
    expect(one.entry("and another line")).to_have_count(1)


def test_the_page_catches_up_by_itself(enter: Enter) -> None:
    one, other = enter(2), enter(3)
    for each in (one, other):
        each.look_at("Timeline")
    one.context.set_offline(True)
    one.write("14:14 mine, meanwhile")
    other.write("14:15 theirs, meanwhile")
    one.context.set_offline(False)
    one.sees("theirs, meanwhile")
    other.sees("mine, meanwhile")
    expect(one.page.get_by_text("Offline")).to_have_count(0)


def test_a_half_written_line_survives_a_reload(enter: Enter) -> None:
    one = enter(2)
    one.look_at("Timeline")
    one.page.get_by_label("What you saw").fill("14:16 half a line")
    one.page.reload()
    expect(one.page.get_by_label("What you saw")).to_have_value("14:16 half a line")
    expect(one.page.locator(".compose output")).to_have_text("14:16")
