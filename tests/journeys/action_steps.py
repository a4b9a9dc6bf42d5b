"""Actions, the gate that asks for them, and the close."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.demo import Person
from tests.journeys.story import CHECKED, CONTRIBUTED, GAP, PAGED, ROOT, VAGUE, WRITTEN, Story


def meet_the_gate(story: Story) -> None:
    """It names what is left, until each finding has an action or a reason for none."""
    one, other = story.one, story.other
    other.press("Next: Actions")
    other.press("Next: Close")
    other.page.get_by_role("button", name="Close meeting · 3 left").first.click(force=True)
    told = other.page.get_by_role("status").filter(has_text="Still to do")
    for finding in (CONTRIBUTED.replace("`", ""), ROOT, GAP):
        expect(told).to_contain_text(finding.split("auto_bootstrap")[0])
    one.look_at("Actions")
    other.look_at("Actions")
    other.press("Bring everyone here")
    _decide(one, CONTRIBUTED, "Improve the runbook")
    expect(other.card(CONTRIBUTED).locator(".hint")).to_contain_text("Accept as it is")
    other.card(CONTRIBUTED).get_by_role("textbox").fill(WRITTEN)
    other.page.keyboard.press("Escape")
    _decide(one, ROOT, VAGUE)
    other.press("Accept as it is", within=other.card(ROOT))
    _decide(other, ROOT, CHECKED)
    gap = one.card(GAP)
    one.press("No action…", within=gap)
    gap.get_by_label("Why is no action worth taking?").fill("Answered by the page on missing rows")
    one.press("Record the reason", within=gap)
    expect(other.card(GAP)).to_contain_text("No action: Answered by the page on missing rows")
    expect(one.page.locator(".gate")).to_contain_text("owner")


def _decide(person: Person, finding: str, text: str) -> None:
    """Adds an action to a finding."""
    group = person.card(finding)
    group.get_by_role("button", name=re.compile("Add (an )?action")).click()
    group.get_by_label("New action").fill(text)
    person.page.keyboard.press("Enter")
    person.page.keyboard.press("Escape")
    expect(group.get_by_role("listitem").filter(has=person.page.locator(".said"))).not_to_have_count(0)


def promise_actions(story: Story) -> None:
    """Owner, date, kind, priority, wording; their owner is not there, so they are asked."""
    one, other = story.one, story.other
    rows = one.page.locator("li.act[id]")
    expect(rows).to_have_count(4)
    for row in rows.all():
        row.get_by_role("button", name="choose an owner").click()
        one.page.get_by_role("option", name="Arjun Menon").click()
        row.get_by_role("button", name="pick a date").click()
        one.page.get_by_role("button", name="2 weeks").click()
    loose = one.card("Without a finding")
    loose.get_by_role("button", name="prevents").click()
    one.page.get_by_role("option", name="detects").click()
    loose.get_by_role("button", name="medium priority").click()
    one.page.get_by_role("option", name="high priority").click()
    loose.get_by_role("textbox").fill(PAGED)
    one.page.keyboard.press("Escape")
    expect(other.card("Without a finding")).to_contain_text("asked")
    expect(rows.get_by_text("asked", exact=True)).to_have_count(4)
    expect(one.page.get_by_text("accepted by 0 of 1 owner")).to_be_visible()
    expect(one.page.get_by_text("Every finding is covered")).to_be_visible()


def close_the_meeting(story: Story) -> None:
    """Both see the end; the 24 hours and the two weeks begin."""
    one, other = story.one, story.other
    other.press("Next: Close")
    other.page.locator(".stage").get_by_role("button", name="Close meeting").click()
    other.press("Close meeting", within=other.page.get_by_role("dialog"))
    for each in (one, other):
        expect(each.page.get_by_role("heading", name="Closed. Thank you, everyone.")).to_be_visible()
    one.page.get_by_role("link", name="The summary").click()
    expect(one.page.get_by_role("complementary", name="About this summary")).to_contain_text("23 h")
    one.open("check-in/")
    ahead = [f"{day:%A} {day.day}" for day in map(story.day_ahead, (14, 15, 16))]
    expect(one.page.locator(".lead")).to_contain_text(re.compile("|".join(ahead)))
