"""Finding anything by keyboard: the palette everywhere, in the meeting room too, on a phone and in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.room.test_looks import AXE, SERIOUS

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def test_the_palette_from_any_page(arrive: Arrive) -> None:
    one = arrive("Arjun", 36, viewport=PHONE, color_scheme="dark")
    page, palette = one.page, one.page.get_by_role("dialog", name="Find anything")
    page.keyboard.press("/")
    field = palette.get_by_role("combobox", name="Find anything")
    expect(field).to_be_focused()
    page.keyboard.type("certificate")
    expect(palette.get_by_role("option", name="Certificate").first).to_be_visible()
    expect(palette.locator("mark").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("option", selected=True)).to_have_count(1)
    page.evaluate(AXE.read_text())
    violations = page.evaluate(SERIOUS)
    assert violations == [], violations
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    field.fill("ACT-3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/actions/ACT-3/")
    one.open("room/")
    page.locator("#room h1, #room h2").first.wait_for()
    page.keyboard.press("Control+k")
    field.fill("insights")
    expect(palette.get_by_role("option", name="Insights")).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
