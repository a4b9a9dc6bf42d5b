"""Leading together in the browser: agenda, roles, votes, answers that wait, the closing round."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_the_agenda_is_shortened_and_the_lead_shared_and_handed_over(enter: Enter) -> None:
    lead, one = enter("facilitator"), enter(3)
    page = lead.page
    page.get_by_role("button", name="Start meeting").first.click()
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name="90 minutes").click()
    page.get_by_role("button", name="Leave out Impact").click()
    page.get_by_label("Minutes of Actions").fill("20")
    page.get_by_role("button", name="Save the agenda").click()
    agenda = one.page.locator(".room-agenda")
    expect(agenda).to_contain_text("20 min")
    expect(agenda).not_to_contain_text("Impact")
    expect(one.page.get_by_role("button", name="+5 min")).to_have_count(0)
    for part in ("Scribe", "Co-facilitator"):
        _choose(lead, part)
    expect(one.page.locator(".present")).to_contain_text("Co-facilitator, Scribe")
    expect(one.page.get_by_role("button", name="+5 min")).to_be_visible()
    expect(one.page.locator(".facilitator")).to_contain_text("min left")
    _choose(lead, "Co-facilitator", "nobody")
    expect(one.page.get_by_role("button", name="+5 min")).to_have_count(0)
    expect(one.page.locator(".facilitator")).to_have_count(0)
    _choose(lead, "Facilitator")
    expect(one.page.get_by_role("button", name="+5 min")).to_be_visible()
    expect(page.get_by_role("button", name="+5 min")).to_have_count(0)
    expect(page.locator(".facilitator")).to_have_count(0)


def _choose(lead: Attendee, part: str, who: str = "member 03") -> None:
    roles = lead.page.locator(".room-roles > div")
    roles.filter(has=lead.page.get_by_text(part, exact=True)).get_by_role("button").click()
    lead.page.keyboard.type(who)
    lead.page.keyboard.press("Enter")


def test_answers_wait_votes_order_and_the_round_closes(enter: Enter) -> None:
    lead, one = enter("facilitator"), enter(3)
    lead.page.get_by_role("button", name="Start meeting").first.click()
    lead.page.get_by_role("button", name="Next: Timeline").click()
    lead.page.get_by_role("button", name="Next: Causes").click()
    lead.page.get_by_role("button", name="Hide until all have written").click()
    expect(one.page.get_by_text("0 of 2 here have written").first).to_be_visible()
    one.page.get_by_role("button", name="Answer", exact=True).first.click()
    one.page.keyboard.type("The pool was too small")
    one.page.keyboard.press("Enter")
    expect(one.page.locator(".given")).to_contain_text("The pool was too small")
    expect(lead.page.get_by_text("1 of 2 here have written").first).to_be_visible()
    expect(lead.page.locator(".given")).to_have_count(0)
    lead.page.get_by_role("button", name="Answer", exact=True).first.click()
    lead.page.keyboard.type("Nobody watched the limit")
    lead.page.keyboard.press("Enter")
    for each, words in ((lead, "The pool was too small"), (one, "Nobody watched the limit")):
        expect(each.page.locator(".given").filter(has_text=words)).to_be_visible()
    expect(lead.page.get_by_role("button", name="Hide until all have written")).to_be_visible()
    for words in ("Who owns the runbook?", "Rename the data centre"):
        one.page.get_by_label("Park something for later").fill(words)
        one.page.keyboard.press("Enter")
    lead.page.get_by_role("button", name="Vote to talk about this: Rename the data centre").click()
    expect(one.page.locator(".parked").first).to_contain_text("Rename the data centre")
    one.look_at("Close")
    for row in one.page.locator(".closing-round fieldset").all():
        row.get_by_label("4").check()
    one.page.get_by_role("button", name="Send without my name").click()
    expect(one.page.get_by_text("Nobody can tell which answers are yours")).to_be_visible()
    one.page.reload()
    expect(one.page.get_by_text("You have answered.")).to_be_visible()
    lead.look_at("Close")
    expect(lead.page.locator(".closing-round")).to_contain_text("1 answer")
