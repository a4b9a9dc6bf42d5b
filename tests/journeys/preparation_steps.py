"""From "it is over" to everyone having read what is known."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.story import OPEN_INCIDENT, Story


def resolve_it(story: Story) -> None:
    """Its milestones are given; the rules ask for a post-mortem."""
    page = story.one.page
    story.one.visit("/incidents/")
    page.get_by_label("Status").select_option("Mitigated")
    expect(page.locator(".incident-list tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Monzo customers could not sign in").click()
    expect(story.one.card("Post-mortem")).to_contain_text("Not yet decided")
    story.one.card("Milestones").get_by_role("link", name="Change").click()
    for name, minute in {"Detected": 4, "Acknowledged": 6, "Mitigated": 48, "Resolved": 60}.items():
        page.get_by_label(f"{name}: known or not").select_option("at this time")
        at = story.began + timedelta(minutes=minute)
        page.get_by_label(name, exact=True).fill(f"{at:%Y-%m-%dT%H:%M}")
    story.one.press("Save the milestones")
    expect(page.get_by_text("Resolved", exact=True).first).to_be_visible()
    expect(story.one.card("Milestones")).to_contain_text("4 min")
    expect(story.one.card("Post-mortem")).to_contain_text("SEV1")
    expect(story.one.card("The way to the check-in")).to_contain_text("Scheduled: next")


def find_a_time(story: Story) -> None:
    """A proposed slot is chosen, moved, called off, and chosen again."""
    one, page = story.one, story.one.page
    one.follow("Find a time")
    slots = one.card("Proposed times").get_by_role("listitem").filter(has=page.get_by_role("button"))
    one.follow("90 min")
    expect(slots.first.locator(".reasons li").first).to_be_visible()
    one.follow("60 min")
    slots.first.get_by_role("button").click()
    one.is_told("The meeting is scheduled")
    expect(one.card("Who comes")).to_contain_text("Marta Zielińska")
    one.press("Yes")
    expect(page.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Day and time").fill(f"{story.began + timedelta(days=3):%Y-%m-%d}T03:00")
    one.press("Move it there")
    expect(page.get_by_role("alert")).to_contain_text("Before you choose this time")
    page.get_by_role("button", name="anyway").click()
    one.is_told("The meeting moved")
    page.get_by_role("button", name="Move here").first.click()
    one.is_told("The meeting moved")
    with page.expect_download() as calendar:
        one.follow("Calendar file")
    assert "SEQUENCE:2" in calendar.value.path().read_text()
    one.press("Call it off…")
    page.get_by_label("Why").fill("The database is being mended until then")
    one.press("Call it off")
    one.is_told("called off")
    slots.first.get_by_role("button").click()
    one.is_told("The meeting is scheduled")


def find_a_facilitator(story: Story) -> None:
    """Somebody who took part needs a reason; somebody neutral gives it back, then accepts."""
    one, page = story.one, story.one.page
    one.follow("Facilitator")
    page.get_by_label("Person").select_option("Arjun Menon")
    one.press("Ask them")
    expect(page.get_by_label("Why it has to be them")).to_have_accessible_description(re.compile("took part"))
    ask = one.card("Suggested").get_by_role("button").first
    name = (ask.get_attribute("aria-label") or "")[len("Ask ") : -len(" to facilitate")]
    ask.click()
    expect(one.card(name)).to_contain_text("Asked")
    story.other = other = story.arrive(name, OPEN_INCIDENT)
    other.open("facilitator/")
    other.press("Decline")
    other.is_told("You gave it back")
    page.reload()
    page.get_by_role("button", name=f"Ask {name} to facilitate").click()
    other.open()
    other.follow("Accept or hand on")
    other.press("Accept")
    expect(other.page.get_by_role("heading", name="The facilitator’s brief")).to_be_visible()
    other.follow("Facilitator")
    other.follow("Open your brief")
    expect(other.card("From blame to causes")).to_be_visible()
    expect(other.card("Who was there")).to_contain_text("Marta Zielińska")


def ask_those_who_come(story: Story) -> None:
    """A suggestion is taken; somebody else is asked, made optional, and removed."""
    one, page = story.one, story.one.page
    one.open("attendees/")
    asked = one.card("Asked").get_by_role("listitem")
    before = asked.count()
    page.get_by_role("button", name=re.compile("^Optional: ask ")).first.click()
    expect(asked).to_have_count(before + 1)
    page.get_by_label("Person").select_option("Owen Parry")
    page.get_by_label("Why").fill("Saw the web application fail")
    one.press("Ask them")
    owen = asked.filter(has_text="Owen Parry")
    expect(owen).to_contain_text("Saw the web application fail")
    owen.get_by_role("button", name="Required").click()
    expect(owen.get_by_role("button", name="Optional: Owen Parry")).to_be_visible()
    owen.get_by_role("button", name="Remove").click()
    expect(asked).to_have_count(before + 1)


def read_before_meeting(story: Story) -> None:
    """Readers are counted, and observations added, also without a name."""
    one, other = story.one, story.other
    other.open("pre-read/")
    lead = other.page.locator(".lead")
    expect(lead).to_contain_text("have read it")
    read = int(re.findall(r"(\d+) of", lead.inner_text())[-1])
    for words, secretly in (
        ("The growth rehearsal last month read nothing back", False),
        ("I was afraid to stop the rollout", True),
        ("Wrong incident, sorry", False),
    ):
        other.page.get_by_label("Something you saw or wonder about").fill(words)
        other.page.get_by_label("Without my name").set_checked(secretly)
        other.press("Add")
        expect(other.card("Seen beforehand")).to_contain_text(words)
    other.press("I have read it")
    expect(lead).to_contain_text(f"{read + 1} of")
    wrong = other.card("Seen beforehand").get_by_role("listitem").filter(has_text="Wrong incident")
    wrong.get_by_role("button", name="Take back").click()
    one.open("pre-read/")
    seen = one.card("Seen beforehand").get_by_role("listitem")
    expect(seen.filter(has_text="read nothing back")).to_contain_text(other.name)
    expect(seen.filter(has_text="afraid to stop")).to_contain_text("Anonymous")
    expect(seen.filter(has_text="afraid to stop")).not_to_contain_text(other.name)
    expect(seen).to_have_count(2)
    expect(one.page.locator(".lead")).to_contain_text(f"{read + 1} of ")
    one.press("I have read it")
    expect(one.page.locator(".lead")).to_contain_text(f"{read + 2} of ")
    other.page.reload()
    expect(
        other.page.locator(".readers").get_by_role("listitem").filter(has_text="Marta")
    ).not_to_contain_text("not yet")
