"""Clocks that are wrong and lines that are gone for long: the room shows the right time and loses nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_five_minutes_without_a_line_while_typing_and_a_clock_an_hour_off(enter: Enter) -> None:
    one, other = enter(4), enter("facilitator")
    other.page.get_by_role("button", name="Start meeting").first.click()
    one.page.clock.install(time=datetime.now(UTC) + timedelta(hours=1))
    one.page.reload()
    timer = one.page.get_by_role("timer")
    expect(timer).to_have_text(re.compile(r"^0[1-5]:\d\d$"))
    for each in (one, other):
        each.look_at("Timeline")
    one.context.set_offline(True)
    for at in range(3):
        one.write(f"14:1{at} typed offline, line {at}")
        one.page.clock.fast_forward("01:40")
    other.write("14:20 theirs, meanwhile")
    expect(one.page.get_by_text("Offline: 3 changes kept on this machine")).to_be_visible()
    one.context.set_offline(False)
    one.page.clock.fast_forward("00:21")
    for each in (one, other):
        each.sees("theirs, meanwhile")
        for at in range(3):
            expect(each.entry(f"typed offline, line {at}")).to_have_count(1)
    expect(one.page.locator(".unsaved")).to_have_count(0)
