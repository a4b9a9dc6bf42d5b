"""The why tree: built by keyboard, seen by everyone, turned into findings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]

_TREE = """() => [...document.querySelectorAll('.node textarea')].map((field) => {
  const why = field.closest('.node').querySelector('.q').textContent.slice(4);
  return why + ' ' + field.value;
})"""


def tree(page: Page) -> list[str]:
    """The causes from top to bottom, each behind its depth."""
    found: list[str] = page.evaluate(_TREE)
    return found


def shows(page: Page, rows: list[str]) -> None:
    """The tree becomes these rows, which others' changes take a moment for."""
    page.wait_for_function(f"rows => JSON.stringify(({_TREE})()) === JSON.stringify(rows)", arg=rows)


def node(page: Page, text: str) -> Locator:
    return page.locator(".node:not(.problem)").filter(has=page.locator(f'[data-text="{text}"]'))


def at_causes(enter: Enter, who: int | str = 0) -> Page:
    one = enter(who)
    one.look_at("Causes")
    return one.page


def build(page: Page) -> None:
    """Two answers to the first why, and one below the first of them; all without a mouse."""
    keys = page.keyboard
    page.locator("#cause-problem").focus()
    keys.press("Enter")
    keys.type("orders-db refused connections")
    keys.press("Tab")
    keys.type("each worker opened 40")
    keys.press("Enter")
    keys.type("the alert came late")
    keys.press("Shift+Tab")


def test_the_tree_is_built_by_keyboard_and_seen_by_others(enter: Enter) -> None:
    one, other = at_causes(enter, 0), at_causes(enter, 1)
    build(one)
    built = ["1 orders-db refused connections", "2 each worker opened 40", "1 the alert came late"]
    shows(one, built)
    shows(other, built)
    one.keyboard.press("Alt+ArrowUp")
    moved = ["1 the alert came late", "1 orders-db refused connections", "2 each worker opened 40"]
    shows(one, moved)
    expect(other.locator(".node textarea").first).to_have_value("the alert came late")
    one.keyboard.press("ArrowDown")
    one.keyboard.type(" at 14:18")
    expect(other.locator(".node textarea").nth(1)).to_have_value("orders-db refused connections at 14:18")
    one.reload()
    expect(one.locator(".node textarea")).to_have_count(3)
    shows(one, [moved[0], moved[1] + " at 14:18", moved[2]])


def test_tab_indents_an_empty_node_and_backspace_removes_it(enter: Enter) -> None:
    page = at_causes(enter)
    build(page)
    for key in ("Enter", "Tab"):
        page.keyboard.press(key)
    assert tree(page)[-1] == "2 "
    page.keyboard.press("Backspace")
    assert len(tree(page)) == 3
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(page.locator(".node textarea")).to_have_count(4)


def test_escape_leaves_the_tree_to_the_tab_key(enter: Enter) -> None:
    page = at_causes(enter)
    build(page)
    page.keyboard.press("Escape")
    before = len(tree(page))
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Why?")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA"
    assert len(tree(page)) == before


def test_the_mouse_does_what_the_keys_do(enter: Enter) -> None:
    page = at_causes(enter)
    build(page)
    node(page, "each worker opened 40").locator("textarea").click()
    page.get_by_role("button", name="Why?").click()
    page.keyboard.type("the pool size was empty")
    page.get_by_role("button", name="Beside").click()
    page.keyboard.type("no limit on the server")
    page.get_by_role("button", name="Move up").click()
    page.get_by_role("button", name="Move out a level").click()
    assert tree(page)[1:4] == [
        "2 each worker opened 40",
        "3 the pool size was empty",
        "2 no limit on the server",
    ]
    page.get_by_role("button", name="Remove this cause").click()
    expect(page.locator(".node textarea")).to_have_count(4)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".node textarea")).to_have_count(5)


def test_a_cause_is_given_category_evidence_and_made_a_finding(enter: Enter) -> None:
    one = enter(0)
    one.look_at("Timeline")
    one.write("14:18 pool at 100 %")
    one.look_at("Causes")
    page = one.page
    build(page)
    cause = node(page, "each worker opened 40")
    cause.locator("textarea").click()
    page.get_by_role("button", name="Category").click()
    page.keyboard.type("conf")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Evidence", exact=True).click()
    page.keyboard.type("pool")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(cause).to_contain_text("14:18 pool at 100 %")
    page.get_by_role("button", name="Make a finding").click()
    page.get_by_role("option", name="root cause").click()
    expect(cause).to_contain_text("root cause · Configuration")
    finding = page.locator(".finding-row").filter(has_text="root cause")
    finding.locator("textarea").fill("No limit on connections")
    page.reload()
    expect(finding.locator("textarea")).to_have_value("No limit on connections")
    finding.get_by_role("button", name="Remove").click()
    expect(cause).not_to_contain_text("root cause")
    page.get_by_role("button", name="Undo").click()
    expect(cause).to_contain_text("root cause · Configuration")


def test_a_chain_that_ends_at_a_persons_act_is_nudged(enter: Enter) -> None:
    page = at_causes(enter, "facilitator")
    page.get_by_role("button", name="Add the first answer").click()
    page.keyboard.type("The on-call engineer did not page Storage")
    nudged = page.locator(".node.nudge")
    expect(nudged).to_contain_text("what made it look right at the time?")
    page.get_by_role("button", name="Add what lay behind this").click()
    page.keyboard.type("The runbook names no owner of orders-db")
    expect(page.locator(".node.nudge")).to_have_count(0)


def test_clicking_a_check_goes_to_its_cause(enter: Enter) -> None:
    page = at_causes(enter)
    build(page)
    page.get_by_role("button", name="Fishbone").click()
    expect(page.locator(".fishbone svg")).to_contain_text("each worker")
    page.locator(".side").get_by_role("button", name="“the alert came late” has no evidence").click()
    expect(node(page, "the alert came late").locator("textarea")).to_be_focused()


def test_two_who_write_in_one_cause_are_shown_both_texts(enter: Enter) -> None:
    one, other = at_causes(enter, 0), at_causes(enter, 1)
    build(one)
    field = node(other, "the alert came late").locator("textarea")
    field.click()
    other.context.set_offline(True)
    field.fill("the alert came 8 minutes late")
    node(one, "the alert came late").locator("textarea").fill("the alert fired at 100 % only")
    expect(one.locator(".unsaved")).to_have_count(0)
    one.wait_for_timeout(900)
    other.context.set_offline(False)
    asked = other.get_by_role("dialog", name="Changed while you were writing")
    expect(asked).to_contain_text("the alert fired at 100 % only")
    asked.get_by_role("button", name="Keep mine").click()
    expect(node(one, "the alert came 8 minutes late")).to_be_visible()


def test_sixty_causes_stay_smooth(enter: Enter) -> None:
    page = at_causes(enter)
    page.locator("#cause-problem").focus()
    page.keyboard.press("Enter")
    for number in range(60):
        page.keyboard.insert_text(f"cause {number}")
        page.keyboard.press("Tab" if number % 12 else "Enter")
    page.keyboard.type("last")
    milliseconds = page.evaluate(
        """async () => {
          const field = document.activeElement;
          const taken = [];
          for (let at = 0; at < 20; at++) {
            const began = performance.now();
            field.value += 'x';
            field.dispatchEvent(new InputEvent('input', { bubbles: true }));
            await new Promise(requestAnimationFrame);
            taken.push(performance.now() - began);
          }
          return taken.sort((one, other) => one - other)[5];
        }"""
    )
    assert len(tree(page)) == 61
    assert milliseconds < 50, "a quarter of the keys; what else runs here slows some of the others"
