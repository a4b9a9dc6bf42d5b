"""Every page on a phone, light and dark: nothing overflows sideways, nothing serious for those who cannot see or point."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.demo import Person
from tests.room.test_looks import AXE, SERIOUS

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
HELD, AHEAD, SHARED = "/incidents/INC-34/", "/incidents/INC-36/", "/incidents/INC-32/"
PAGES = (
    "/",
    "/yours/",
    "/due/summaries/",
    "/due/check-ins/",
    "/incidents/",
    "/incidents/?q=consul",
    "/incidents/?q=nothingofthekind",
    "/incidents/new/",
    "/incidents/import/",
    AHEAD,
    f"{AHEAD}edit/",
    f"{AHEAD}history/",
    f"{AHEAD}schedule/",
    f"{AHEAD}facilitator/",
    f"{AHEAD}attendees/",
    f"{AHEAD}pre-read/",
    f"{AHEAD}brief/",
    f"{AHEAD}room/",
    f"{HELD}room/",
    f"{HELD}summary/",
    f"{HELD}summary/?edit=overview",
    f"{SHARED}summary/",
    f"{SHARED}check-in/",
    f"{SHARED}corrections/",
    f"{SHARED}present/",
    f"{SHARED}actions/",
    "/actions/add/",
    "/choose/",
    "/meetings/",
    "/meetings/?show=past",
    "/actions/?who=all",
    "/actions/?who=all&view=board",
    "/actions/ACT-74/",
    "/patterns/",
    "/patterns/services/",
    "/patterns/response/",
    "/insights/",
    "/services/",
    "/services/dns/",
    "/services/new/",
    "/people/",
    "/profile/",
    "/inbox/",
    "/inbox/preferences/",
    "/settings/",
    "/settings/severities/",
    "/settings/rules/",
    "/settings/tags/",
    "/settings/hooks/",
    "/settings/questions/",
    "/settings/teams/",
    "/accounts/password/",
)


@pytest.fixture(scope="module")
def sana(arrive: Arrive) -> Person:
    return arrive("Sana Qureshi", 36, viewport=PHONE, reduced_motion="reduce")


@pytest.fixture(scope="module")
def samuel(arrive: Arrive) -> Person:
    return arrive("Samuel Addo", 32, viewport=PHONE, reduced_motion="reduce")


def is_for_everybody(one: Person) -> None:
    """What somebody has open now."""
    one.page.wait_for_load_state("networkidle")
    wide = one.page.evaluate(TOO_WIDE)
    assert wide <= 0, f"{wide} pixels too wide"
    one.page.evaluate(AXE.read_text())
    for scheme in ("light", "dark"):
        one.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert one.page.evaluate(SERIOUS) == [], scheme


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everybody_on_every_screen(sana: Person, path: str) -> None:
    assert sana.visit(path).status == 200
    is_for_everybody(sana)


@pytest.mark.parametrize("path", ["/", "/inbox/", SHARED, f"{SHARED}summary/"])
def test_a_stakeholders_page_is_for_everybody(samuel: Person, path: str) -> None:
    assert samuel.visit(path).status == 200
    is_for_everybody(samuel)


def test_the_html_file_is_read_on_a_phone(sana: Person) -> None:
    answer = sana.page.request.get(f"{sana.home.rstrip('/')}{SHARED}summary.html")
    sana.page.goto("about:blank")
    sana.page.set_content(answer.text())
    expect(sana.page.locator(".actions th").first).to_be_hidden()
    assert sana.page.evaluate(TOO_WIDE) <= 0
    drawn = sana.page.locator("svg:visible")
    expect(drawn).to_have_count(1)
    assert drawn.bounding_box()["height"] > 60  # type: ignore[index]


def test_a_log_is_pasted_on_a_phone(sana: Person) -> None:
    sana.visit(f"{AHEAD}room/#timeline")
    dialog = sana.preview("[14:02] Jonas: checkout is slow")
    expect(dialog.get_by_role("button", name="Take over 1 message")).to_be_in_viewport()
    is_for_everybody(sana)


def test_what_is_not_there_says_so(sana: Person) -> None:
    assert sana.visit("/incidents/INC-99999/").status == 404
    sana.problems.clear()
    assert "/" in sana.page.locator("main a").first.get_attribute("href")


def test_a_summary_is_edited_in_a_plain_form_without_scripts(arrive: Arrive) -> None:
    sana = arrive("Sana Qureshi", 34, java_script_enabled=False)
    sana.open("summary/")
    sana.follow("Edit In short")
    expect(sana.page.get_by_role("textbox", name="In short")).to_be_focused()


def test_a_half_written_time_of_another_kind_holds_no_report_up(sana: Person) -> None:
    sana.visit("/incidents/new/")
    page = sana.page
    page.get_by_label("Title").fill("The launch slipped a day")
    page.get_by_label("Acknowledged", exact=True).press_sequentially("11")
    unfit = page.locator(".incident-form:invalid")
    page.get_by_label("Kind", exact=True).select_option("launch")
    expect(unfit).to_have_count(0)
    expect(page.get_by_label("Actual start", exact=True)).to_be_enabled()


def test_the_weight_of_a_launch_says_nothing_of_what_is_broken(sana: Person) -> None:
    sana.visit("/incidents/new/")
    page = sana.page
    severity = page.locator("#id_severity option:checked")
    expect(severity).to_have_attribute("label", "")
    page.get_by_label("Kind", exact=True).select_option("launch")
    expect(severity).to_have_attribute("label", "SEV3")
    page.get_by_label("Kind", exact=True).select_option("outage")
    expect(severity).to_have_attribute("label", "")
