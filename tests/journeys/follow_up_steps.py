"""The summary and the check-in."""

from __future__ import annotations

import re
from html import unescape

from playwright.sync_api import Locator, Page, expect

from tests.documents import text_of
from tests.journeys.demo import Person
from tests.journeys.story import CHECKED, GAP, PAGED, ROOT, VAGUE, Story


def share_the_summary(story: Story) -> None:
    """Prose, names, review, publication, files, and a link that a stranger opens until it is revoked."""
    one, page = story.one, story.one.page
    one.open("summary/")
    one.follow("Edit In short")
    expect(page.get_by_role("textbox", name="In short")).to_be_focused()
    page.keyboard.press("Control+a")
    for words in ("Six servers answered ", "before", " they knew. Marta Zielińska led the way back."):
        page.keyboard.type(words)
        page.keyboard.press("Control+b")
    expect(page.locator("#writing-state")).to_have_text("Saved")
    one.open("summary/")
    expect(page.locator("#overview strong")).to_have_text("before")
    expect(page.locator("#overview")).to_contain_text("The on-call engineer led the way back")
    one.press("Show names")
    expect(page.locator("#overview")).to_contain_text("Marta Zielińska led the way back")
    one.press("Show roles instead")
    one.press("Ask for review")
    expect(page.get_by_text("in review", exact=True)).to_be_visible()
    one.press("Publish")
    one.is_told("Published")
    page.get_by_label("The link works for").select_option("7 days")
    one.press("Make a link")
    address = page.locator("#links input[readonly]").input_value()
    with story.browser.new_context(accept_downloads=True) as stranger:
        reader = stranger.new_page()
        assert reader.goto(address)
        _holds_what_was_entered(reader.locator("main").inner_text())
        for name, ending in (("PDF", "pdf"), ("Markdown", "md")):
            _holds_what_was_entered(_downloaded(reader, name, ending))
        reader.get_by_role("button", name="Yes").click()
        expect(reader.get_by_role("status")).to_contain_text("Thank you")
        page.reload()
        for name, ending in (("PDF", "pdf"), ("Markdown", "md"), ("HTML", "html"), ("JSON", "json")):
            _holds_what_was_entered(_downloaded(page, name, ending))
        one.press("Revoke")
        one.is_told("The link no longer works")
        answer = reader.goto(address)
        assert answer
        assert answer.status == 404


def _downloaded(page: Page, name: str, ending: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return text_of(download.value.path().read_bytes(), ending)


def _holds_what_was_entered(text: str) -> None:
    text = re.sub(r"</?(strong|code)>|`|\*\*", "", unescape(text))
    for words in (
        "Six servers answered before they knew",
        "Six servers join the cluster",
        "I was not sure whom to call",
        "streaming back takes 4 min a server",
        "cluster size",
        ROOT,
        GAP,
        "Answered by the page on missing rows",
        "Card payments had a fallback",
        "1,200,000",
        "2,660",
        CHECKED,
        PAGED.replace("`", ""),
        "Arjun Menon",
    ):
        assert words in text, words
    for words in ("A new server is taken out", "lunch?", "Said twice", "Marta Zielińska led"):
        assert words not in text, words


def hold_the_check_in(story: Story) -> None:
    """Each action is on track, done, held, did not hold, moved, handed over or declined; the loop stays open."""
    one, other = story.one, story.other
    for each in (one, other):
        each.open("check-in/")
    one.press("Finish the check-in")
    expect(one.page.get_by_role("main")).to_contain_text("not looked at yet")
    one.open("check-in/")
    checked, written, paged, vague = (
        _looked_at(one, words) for words in (CHECKED, "in the growth runbook", PAGED, VAGUE)
    )
    one.press("Done", within=checked)
    _unfold(checked, "It held")
    checked.get_by_label("What shows it?").fill("The July setting failed the rehearsal")
    checked.get_by_label("Why can it be said already?").fill("It was rehearsed today")
    one.press("It held", within=checked)
    expect(checked).to_contain_text("Verified")
    one.press("Done", within=written)
    other.page.reload()
    undone = _looked_at(other, "in the growth runbook")
    _unfold(undone, "It did not hold")
    undone.get_by_label("What came back?").fill("The page was not opened")
    undone.get_by_label("What is done instead?").fill("Show the page where the cluster is grown")
    other.press("It did not hold", within=undone)
    other.page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(undone.get_by_role("button", name="Too early to say")).to_be_visible()
    one.page.reload()
    one.press("On track", within=paged)
    _unfold(paged, "New date")
    paged.get_by_label("New date of").fill(f"{story.day_ahead(40):%Y-%m-%d}")
    one.press("Set", within=paged)
    _unfold(paged, "New owner")
    paged.get_by_label("New owner of").select_option("Elena Castillo")
    one.press("Hand over", within=paged)
    _unfold(vague, "Decline")
    vague.get_by_label("will not be done").fill("The read-back covers it")
    vague.get_by_role("button", name="Decline").click()
    expect(vague).to_contain_text("Declined: The read-back covers it")
    one.press("Finish the check-in")
    one.is_told("This check-in is finished. The next one is on")
    one.open()
    expect(one.card("The way to the check-in")).not_to_contain_text("The loop is closed")


def _looked_at(person: Person, words: str) -> Locator:
    return person.page.locator(".looked-at").filter(has_text=words.replace("`", ""))


def _unfold(action: Locator, name: str) -> None:
    action.locator("summary").filter(has_text=name).click()
