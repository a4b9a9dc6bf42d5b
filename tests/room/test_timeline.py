"""The timeline's controls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.room.attendee import Attendee

pytestmark = pytest.mark.browser
Enter = Callable[..., Attendee]

LOG = "no time here\n[14:41] mei: orders-db is ours\n[14:42] jonas: rolling back\n[14:44] sana: errors fall"


def test_typed_times_land_where_they_belong(enter: Enter) -> None:
    one = enter(4)
    one.look_at("Timeline")
    for line in ("14:11 alert fired", "+20m rolled back", "2:05pm first 502", "and a graph to go with it"):
        one.write(line)
    expect(one.page.get_by_role("textbox", name="When was that?")).to_have_value("14:05")
    one.page.keyboard.press("Enter")
    rows = one.page.locator("li.ev[data-entry]")
    expect(rows).to_have_count(4)
    expect(rows.locator("time")).to_have_text(["14:05+2 min", "14:05+2 min", "14:11+8 min", "14:23+20 min"])


def test_a_time_that_cannot_be_and_a_refused_line_move_no_other(enter: Enter) -> None:
    one = enter(4)
    one.look_at("Timeline")
    one.write("14:11 alert fired")
    field, composer = one.page.get_by_label("What you saw"), one.page.locator("#compose")
    for line in ("+99999999999h far", "0001-01-01 00:00 ancient"):
        one.write(line)
        expect(composer).to_contain_text("This time cannot be right")
        expect(field).to_have_value(line)
    for number in (1, 2):
        one.write(f"15:3{number} " + "long " * 900)
    expect(one.page.get_by_text("2 changes could not be carried out")).to_be_visible()
    field.fill("25:99 nonsense")
    expect(composer).to_contain_text(
        "No time read yet: Enter asks whether it was 14:11, as the entry before."
    )
    one.page.keyboard.press("Enter")
    when = one.page.get_by_role("textbox", name="When was that?")
    when.fill("25:99")
    when.press("Enter")
    expect(composer).to_contain_text("This is not a time")
    when.fill("14.11")
    when.press("Enter")
    expect(one.entry("25:99 nonsense").locator("time")).to_have_text("14:11+8 min")
    one.page.get_by_text("2 changes could not be carried out").click()
    expect(one.page.get_by_role("button", name="Dismiss")).to_have_count(2)


def test_the_whole_timeline_by_keyboard(enter: Enter) -> None:
    one, other = enter(4), enter(5)
    other.look_at("Timeline")
    keys = one.page.keyboard
    keys.press("2")
    expect(one.page.get_by_label("What you saw")).to_be_focused()
    keys.type("14:11 alert fired")
    keys.press("Enter")
    keys.press("ArrowUp")
    expect(one.page.get_by_label("What happened")).to_be_focused()
    keys.type(" twice")
    keys.press("Enter")
    other.sees("alert fired twice")
    keys.press("m")
    expect(one.page.get_by_role("menuitem", name="Edit")).to_have_count(0)
    keys.press("Alt+m")
    expect(one.page.get_by_role("menuitem", name="Edit")).to_be_focused()
    keys.press("d")
    keys.press("Enter")
    expect(other.entry("alert fired twice")).to_contain_text("detected")
    expect(one.entry("alert fired twice")).to_be_focused()
    keys.press("Control+Delete")
    other.sees_no("alert fired twice")
    one.page.get_by_label("What you saw").press("Escape")
    keys.press("Control+z")
    other.sees("alert fired twice")
    keys.press("p")
    keys.type("Who owns the runbook?")
    keys.press("Enter")
    expect(other.page.get_by_text("Who owns the runbook?")).to_be_visible()
    keys.press("Escape")
    keys.press("?")
    expect(one.page.get_by_role("dialog", name="Keys")).to_contain_text("Park something")
    keys.press("Escape")
    keys.press("n")
    expect(one.page.get_by_label("What you saw")).to_be_focused()


def test_two_accounts_stand_side_by_side_until_one_is_settled(enter: Enter) -> None:
    one, other = enter(4), enter(5)
    for each in (one, other):
        each.look_at("Timeline")
    one.write("14:29 Storage was paged")
    other.write("14:33 the page reached Storage")
    one.sees("the page reached Storage")
    one.pair("Storage was paged", "the page reached Storage")
    expect(other.page.get_by_text("2 accounts of one moment, 4 min apart")).to_be_visible()
    other.entry("the page reached Storage").get_by_role("button", name="This account stands").click()
    one.sees_no("Storage was paged")
    one.sees("the page reached Storage")


def test_links_and_pictures_show_where_an_entry_comes_from(enter: Enter) -> None:
    one, other = enter(4), enter(5)
    for each in (one, other):
        each.look_at("Timeline")
    one.write("14:03 error rate passes 1 %")
    one.add_link("error rate passes", "https://graphs.example.org/lb", "load balancer graph")
    expect(other.entry("error rate passes").get_by_role("link", name="load balancer graph")).to_be_visible()
    one.add_picture("error rate passes", "graph.png")
    other.entry("error rate passes").get_by_role("button", name="Show the picture: graph.png").click()
    shown = other.page.get_by_role("dialog").get_by_role("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1
    one.entry("error rate passes").hover()
    one.page.get_by_role("button", name="Remove graph.png").click()
    expect(one.entry("error rate passes").get_by_role("img")).to_have_count(0)
    one.page.get_by_role("button", name="Undo").click()
    expect(one.entry("error rate passes").get_by_role("img")).to_be_visible()


def test_a_chat_log_is_previewed_chosen_from_and_not_taken_over_twice(enter: Enter) -> None:
    one, other = enter(4), enter(5)
    for each in (one, other):
        each.look_at("Timeline")
    for lines, already in ((3, 0), (1, 2)):
        dialog = one.preview(LOG)
        expect(dialog.get_by_text("already in the timeline")).to_have_count(already)
        expect(dialog.get_by_role("button", name=f"Take over {lines}")).to_be_visible()
        if already:
            one.page.keyboard.press("Escape")
            break
        dialog.get_by_text("1 line left out").last.click()
        expect(dialog.get_by_text("no time here")).to_be_visible()
        dialog.get_by_role("checkbox", name="rolling back").uncheck()
        dialog.get_by_role("button", name="Take over 2 messages").click()
    other.sees("orders-db is ours")
    other.sees_no("rolling back")


def test_a_person_s_words_stay_words(enter: Enter) -> None:
    one, other = enter(4), enter(5)
    for each in (one, other):
        each.look_at("Timeline")
    one.write(
        "14:40 saw <img src=x onerror=alert(1)> and `kubectl get` at javascript:alert(1) https://example.org/a"
    )
    other.sees("<img src=x onerror=alert(1)>")
    row = other.entry("<img src=x")
    expect(row.locator("code")).to_have_text("kubectl get")
    assert row.get_by_role("link").evaluate_all("all => all.map((each) => each.href)") == [
        "https://example.org/a"
    ]


def test_a_kinder_wording_is_offered_while_entries_and_answers_are_typed(enter: Enter) -> None:
    one = enter(4)
    page, keys = one.page, one.page.keyboard
    one.look_at("Timeline")
    judged = "The operator should have checked the queue"
    line, answer = page.get_by_label("What you saw"), page.get_by_label("Your answer to")
    line.fill(f"14:11 {judged}")
    expect(page.locator(".kinder")).to_contain_text("Try: “Nothing at the time prompted anyone to check")
    line.press("Enter")
    page.get_by_role("button", name="Answer", exact=True).first.click()
    answer.fill(judged)
    page.get_by_role("button", name="Keep as it is").click()
    expect(page.locator(".kinder")).to_have_count(0)
    answer.press("Enter")
    page.get_by_label("What you saw").press("ArrowUp")
    expect(page.get_by_label("What happened")).to_be_focused()
    keys.type(" twice")
    expect(page.locator(".kinder")).to_contain_text("knowing what is known now")
    keys.press("Enter")
    one.sees("queue twice")
    expect(page.locator(".kinder")).to_have_count(0)
