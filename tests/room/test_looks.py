"""The room on every screen: nothing overflows, nothing serious for those who cannot see or point."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
STEPS = ("Welcome", "Timeline", "Causes", "Impact", "Prevention", "Actions", "Close")
_SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('.stage, .side, .bar')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || 'page')"""
SERIOUS = """() => axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target).join(' | ')))"""


def _furnish(attendee: Attendee) -> None:
    attendee.look_at("Timeline")
    for line in (
        "14:03 first `502` at the edge",
        "14:11 alert fired",
        "14:45 https://example.org/" + "long" * 40,
    ):
        attendee.write(line)
    attendee.sees("first 502")
    _find_causes(attendee)
    _decide(attendee)


def _find_causes(attendee: Attendee) -> None:
    attendee.look_at("Causes")
    page = attendee.page
    page.locator("#cause-problem").focus()
    page.keyboard.press("Enter")
    for text in (
        "orders-db refused connections",
        "an engineer forgot the pool size",
        "w" * 80,
        "and",
        "so",
        "on",
    ):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.get_by_label("Another finding").fill("The pool alerts only at 100 %")
    page.locator(".finding-row.new").get_by_role("button").first.click()
    page.get_by_role("option", name="detection gap").click()
    page.get_by_label("Another finding").press("Enter")


def _decide(attendee: Attendee) -> None:
    attendee.look_at("Actions")
    page = attendee.page
    page.get_by_role("region", name="The pool alerts only").first.get_by_role(
        "button", name="Add action"
    ).click()
    page.keyboard.type("Improve monitoring " + "x" * 60)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="choose an owner").first.wait_for()


def test_every_step_on_every_screen(enter: Enter) -> None:
    one = enter("facilitator", reduced_motion="reduce")
    _furnish(one)
    for width in (390, 1024, 1440):
        one.page.set_viewport_size({"width": width, "height": 844})
        for step in STEPS:
            one.look_at(step)
            assert (width, step, one.page.evaluate(_SIDEWAYS)) == (width, step, [])
    one.page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)
        for step in STEPS:
            one.look_at(step)
            assert (scheme, step, one.page.evaluate(SERIOUS)) == (scheme, step, [])
