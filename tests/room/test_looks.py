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
_SERIOUS = """() => axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
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


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_overflows_sideways(enter: Enter, width: int) -> None:
    one = enter(6, viewport={"width": width, "height": 844})
    _furnish(one)
    for step in STEPS:
        one.look_at(step)
        assert (step, one.page.evaluate(_SIDEWAYS)) == (step, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(enter: Enter, scheme: str) -> None:
    one = enter("facilitator", color_scheme=scheme)
    _furnish(one)
    one.page.evaluate(AXE.read_text())
    for step in STEPS:
        one.look_at(step)
        assert (step, one.page.evaluate(_SERIOUS)) == (step, [])
