"""Causes, findings, impact, and what would have prevented it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.demo import Person
from tests.journeys.story import WHYS, Story


def build_the_causes_by_keyboard(story: Story) -> None:
    """Five whys with category, evidence and findings, without a mouse."""
    one, other = story.one, story.other
    other.press("Next: Causes")
    expect(one.page.locator(".at-causes")).to_be_visible()
    keys = one.page.keyboard
    one.tab_to("Problem:")
    keys.press("Enter")
    for why in WHYS:
        keys.type(why)
        keys.press("Tab")
    keys.press("Shift+Tab")
    keys.type("Arjun should have checked the setting")
    keys.press("Escape")
    expect(other.page.get_by_text("One chain is five deep and ends in the system")).to_be_visible()
    act = other.page.get_by_role("group", name="Why 5: Arjun should have")
    expect(act.locator(".hint")).to_have_text(re.compile("^What was seen and known at that moment"))
    keys.press("Control+Delete")
    expect(act).to_have_count(0)
    _choose(one, "Category", "process")
    _choose(one, "Evidence", "six servers", "streaming back")
    keys.press("Escape")
    _choose(one, "Make a finding", "root")
    one.tab_to("Why 5", "Shift+Tab")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    _choose(one, "Category", "config")
    _choose(one, "Make a finding", "contributing")
    found = other.page.get_by_role("region", name="Findings").get_by_role("listitem")
    expect(found).to_have_count(2)
    root = other.page.get_by_role("group", name="Why 5: Growing was rehearsed")
    expect(root).to_contain_text("2 pieces of evidence")
    expect(root).to_contain_text("root cause · Process")


def _choose(person: Person, button: str, *words: str) -> None:
    """Opens a list by keyboard and chooses what each of `words` finds."""
    keys = person.page.keyboard
    person.tab_to(button)
    keys.press("Enter")
    for each in words:
        keys.press("ControlOrMeta+A")
        keys.type(each)
        keys.press("Enter")


def name_findings(story: Story) -> None:
    """Findings without a cause, the fishbone, and a second branch."""
    one, other = story.one, story.other
    findings = one.card("Findings")
    for kind, words in (
        ("what went well", "Everyone who could help was at hand"),
        ("luck", "Card payments had a fallback"),
        ("detection gap", "Missing rows were noticed by people first"),
        ("trigger", "Said twice"),
    ):
        findings.get_by_role("button", name="▾").click()
        one.page.get_by_role("option", name=kind).click()
        one.page.get_by_label("Another finding").fill(words)
        one.press("Add", within=findings)
    found = other.card("Findings").get_by_role("listitem")
    expect(found).to_have_count(6)
    other.press("Remove the finding: Said twice")
    expect(findings.get_by_role("listitem")).to_have_count(5)
    one.press("Fishbone")
    expect(one.page.locator(".fishbone svg")).to_contain_text("Configuration")
    one.press("Five whys")
    one.press("Add a branch")
    one.page.keyboard.type("Nobody was told that the cluster grows")
    one.page.keyboard.press("Escape")
    branch = other.page.get_by_role("group", name="Why 1: Nobody was told")
    branch.get_by_role("textbox").click()
    other.press("Move up")
    first = one.page.get_by_role("group", name="Why 1:").first
    expect(first).to_have_accessible_name("Why 1: Nobody was told that the cluster grows")


def count_the_impact(story: Story) -> None:
    """Numbers, an estimate, the formula, and what the record suggests."""
    one, other = story.one, story.other
    other.press("Next: Impact")
    expect(one.page.locator(".at-impact")).to_be_visible()
    for label, value in {
        "Users affected": "1,200,000",
        "Share of requests that failed": "12.5",
        "Support contacts": "900",
        "Data lost": "None; rows were hidden for a time",
        "People": "8",
        "Hours each": "3.5",
        "Cost of an hour": "95",
    }.items():
        one.page.get_by_label(label, exact=True).fill(value)
        one.page.keyboard.press("Tab")
    one.page.get_by_label("Users affected: estimate").check()
    expect(other.page.get_by_label("Users affected", exact=True)).to_have_value("1,200,000")
    expect(other.page.get_by_label("Users affected: estimate")).to_be_checked()
    expect(other.page.get_by_role("region", name="People’s time")).to_contain_text("= 2,660")
    expect(other.page.get_by_text("Primary database earns 30,000")).to_be_visible()
    other.page.get_by_role("button", name="Use this:").last.click()
    expect(one.page.get_by_label("Revenue lost", exact=True)).not_to_have_value("")
    one.page.get_by_label("Support contacts", exact=True).fill("many")
    one.page.keyboard.press("Tab")
    expect(one.page.get_by_role("alert")).to_contain_text("Write a number")


def answer_what_would_have_prevented_it(story: Story) -> None:
    """Answers are given, changed, removed, and become actions and entries."""
    one, other = story.one, story.other
    other.press("Next: Prevention")
    question = one.page.locator(".prompt").filter(has_text="single change")
    for who, words in (
        (one, "Page the on-call when known rows are missing"),
        (other, "Growing by one server first"),
    ):
        asked = who.page.locator(".prompt").filter(has_text="single change")
        who.press("Answer", within=asked)
        who.page.keyboard.type(words)
        who.page.keyboard.press("Enter")
    expect(question.locator(".given")).to_have_count(2)
    mine = question.locator(".given").filter(has_text="Page the on-call")
    one.press("edit", within=mine)
    one.page.keyboard.type(" for a minute")
    one.page.keyboard.press("Enter")
    theirs = other.page.locator(".given").filter(has_text="missing for a minute")
    other.press("make it an action", within=theirs)
    one.press("put it on the timeline", within=question.locator(".given").filter(has_text="by one server"))
    one.press("Undo", within=one.page.locator(".toast").filter(has_text="Put on the timeline"))
    other.press("remove", within=other.page.locator(".given").filter(has_text="by one server"))
    expect(question.locator(".given")).to_have_count(1)
