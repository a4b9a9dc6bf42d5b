"""Impact by formula, and answers that become something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]


def test_the_cost_follows_its_formula_for_everyone(enter: Enter) -> None:
    one, other = enter(0), enter(1)
    for each in (one, other):
        each.look_at("Impact")
    for label, value in (("People", "7"), ("Hours each", "2.5"), ("Cost of an hour", "90")):
        one.page.locator(".formula").get_by_label(label, exact=True).fill(value)
    expect(one.page.locator(".formula")).to_contain_text("= 1,575 EUR")
    expect(other.page.locator(".formula")).to_contain_text("= 1,575 EUR")
    one.page.get_by_label("Users affected", exact=True).fill("12,500")
    one.page.get_by_label("Users affected: estimate").check()
    expect(other.page.get_by_label("Users affected", exact=True)).to_have_value("12,500")
    expect(other.page.get_by_label("Users affected: estimate")).to_be_checked()


def test_what_is_no_number_is_said_beside_the_field_and_not_sent(enter: Enter) -> None:
    one = enter(0)
    one.look_at("Impact")
    contacts = one.page.get_by_label("Support contacts", exact=True)
    for typed, said in (
        ("many", "Write a number"),
        ("-7", "below nought"),
        ("1e400", "at most 2,147,483,647"),
    ):
        contacts.fill(typed)
        contacts.blur()
        expect(one.page.locator(".fact").filter(has=contacts)).to_contain_text(said)
        expect(contacts).to_have_value(typed)
    contacts.fill("34")
    contacts.blur()
    expect(one.page.get_by_text("not saved yet")).to_have_count(0)
    share = one.page.get_by_label("Share of requests that failed", exact=True)
    share.fill("250")
    share.blur()
    expect(one.page.get_by_text("This can be at most 100")).to_be_visible()
    one.look_at("Close")
    expect(one.page.get_by_text("“250” is not saved as share of requests that failed")).to_be_visible()
    expect(one.page.locator(".gate")).to_contain_text("the meeting has not begun")
    expect(one.page.locator(".gate")).not_to_contain_text("✓")
    one.look_at("Impact")
    expect(share).to_have_value("250")
    expect(one.page.get_by_text("This can be at most 100")).to_be_visible()
    one.page.reload()
    expect(contacts).to_have_value("34")


def test_an_answer_becomes_an_action_or_an_entry(enter: Enter) -> None:
    one = enter(0)
    one.look_at("Prevention")
    question = one.page.locator(".room-bank .prompt").first
    question.get_by_role("button", name="Answer").click()
    one.page.keyboard.type("14:20 Check the template in CI")
    one.page.keyboard.press("Enter")
    question.get_by_role("button", name="make it an action").click()
    question.get_by_role("button", name="put it on the timeline").click()
    one.look_at("Timeline")
    one.sees("Check the template in CI")
    one.look_at("Actions")
    expect(one.page.locator(".act textarea")).to_have_value("14:20 Check the template in CI")


def test_a_parked_item_becomes_an_action_and_is_settled(enter: Enter) -> None:
    one = enter(0)
    one.look_at("Prevention")
    one.page.get_by_label("Park something for later").fill("Name an owner of the runbook")
    one.page.keyboard.press("Enter")
    one.page.locator(".parked").get_by_role("button", name="make it an action").click()
    expect(one.page.locator(".parked")).to_contain_text("settled")
    one.look_at("Actions")
    expect(one.page.locator(".act textarea")).to_have_value("Name an owner of the runbook")
