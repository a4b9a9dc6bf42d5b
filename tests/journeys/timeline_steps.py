"""The meeting's first steps: the welcome, and the timeline that both write."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.story import Story


def follow_the_facilitator(story: Story) -> None:
    """Hands, the timer, and looking around while the meeting goes on."""
    one, other = story.one, story.other
    for each in (one, other):
        each.come_in()
        expect(each.page.get_by_text("I was afraid to stop the rollout")).to_be_visible()
    expect(one.page.get_by_text("starts the meeting")).to_be_visible()
    expect(one.page.get_by_role("button", name="Start meeting")).to_have_count(0)
    other.page.get_by_role("button", name="Start meeting").first.click()
    other.page.get_by_role("dialog").get_by_role("button", name="Start now").click()
    expect(one.page.get_by_role("timer")).to_be_visible()
    one.page.keyboard.press("Alt+h")
    expect(other.page.locator(".faces")).to_contain_text("1 with a raised hand")
    one.page.locator(".faces").click()
    one.page.get_by_role("button", name="Lower your hand").click()
    expect(other.page.locator(".faces")).not_to_contain_text("raised hand")
    other.press("Next: Timeline")
    expect(one.page.get_by_role("heading", name="What happened, minute by minute")).to_be_visible()
    one.look_at("Causes")
    expect(one.page.get_by_text("You are looking around")).to_be_visible()
    one.press("Back to Timeline")
    expect(one.page.get_by_role("heading", name="What happened, minute by minute")).to_be_visible()
    other.look_at("Impact")
    other.press("Bring everyone here")
    expect(one.page.locator(".at-impact")).to_be_visible()
    other.press("+5 min")
    other.look_at("Timeline")
    other.press("Bring everyone here")
    expect(one.page.locator(".at-timeline")).to_be_visible()


def write_the_timeline(story: Story) -> None:
    """Relative and clock times from both, seen by the other at once."""
    one, other = story.one, story.other
    lines = [
        (one, f"{story.clock(0)} Six servers join the cluster"),
        (other, "+4m `rows missing` alert fires"),
        (one, f"{story.began + timedelta(minutes=6):%I:%M%p} Marta acknowledges the page".lower()),
        (other, "+7m Web application shows empty accounts"),
        (one, "+20m Decision: take the new servers out again"),
        (other, f"{story.clock(48)} The last new server is out"),
        (one, f"{story.clock(60)} Balances agree again"),
    ]
    story.waits = [who.reaches(other if who is one else one, line) for who, line in lines]
    for words, offset in {
        "alert fires": "+4 min",
        "acknowledges": "+6 min",
        "last new server": "+48 min",
    }.items():
        expect(one.entry(words)).to_contain_text(offset)
    one.page.get_by_label("What you saw").fill("+8m I was not sure whom to call")
    one.page.keyboard.press("Shift+Enter")
    expect(other.entry("whom to call")).to_contain_text("anonymous")


def change_entries(story: Story) -> None:
    """Edited, removed, restored, and marked as milestones."""
    one, other = story.one, story.other
    one.edit("Web application shows", "The web application shows empty accounts")
    one.page.keyboard.press("Enter")
    other.sees("The web application shows")
    other.edit("acknowledges", "The on-call engineer acknowledges the page")
    other.page.get_by_label("When", exact=True).fill(story.clock(5))
    other.page.get_by_label("Kind", exact=True).last.select_option("Action")
    other.press("Save")
    expect(one.entry("engineer acknowledges")).to_contain_text("+5 min")
    other.choose("Balances agree", "Remove")
    one.sees_no("Balances agree")
    other.press("Undo")
    one.sees("Balances agree")
    other.choose("alert fires", "Alert")
    expect(one.entry("alert fires")).to_contain_text("alert")
    for words, name in {"alert fires": "detected", "Balances agree": "resolved"}.items():
        one.choose(words, name)
        expect(other.entry(words)).to_contain_text(name)
    other.choose("last new server", "Remove")
    other.page.keyboard.press("Escape")
    other.page.keyboard.press("Control+z")
    one.sees("last new server")


def settle_accounts_and_show_evidence(story: Story) -> None:
    """Two accounts of one moment, a link and a picture."""
    one, other = story.one, story.other
    one.write("+22m The first new server leaves")
    other.write("+25m A new server is taken out")
    one.sees("A new server is taken out")
    one.pair("first new server leaves", "A new server is taken out")
    expect(other.page.get_by_text("2 accounts of one moment, 3 min apart")).to_be_visible()
    other.entry("A new server is taken out").get_by_role("button", name="Not the same moment").click()
    expect(one.page.get_by_text("accounts of one moment")).to_have_count(0)
    one.pair("first new server leaves", "A new server is taken out")
    other.entry("first new server leaves").get_by_role("button", name="This account stands").click()
    one.sees_no("A new server is taken out")
    one.add_link("Six servers join", "https://graphs.example.org/cluster", "cluster size")
    expect(other.entry("Six servers join").get_by_role("link", name="cluster size")).to_be_visible()
    other.add_picture("alert fires", "missing-rows.png")
    one.entry("alert fires").get_by_role("button", name="Show the picture: missing-rows.png").click()
    expect(one.page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    one.page.keyboard.press("Escape")


def take_over_a_chat_log(story: Story) -> None:
    """What it becomes is shown first; nothing is added twice."""
    one, other = story.one, story.other
    log = f"[{story.clock(30)}] elena: streaming back takes 4 min a server\n[{story.clock(31)}] jonas: lunch?"
    dialog = one.preview(log)
    dialog.get_by_role("checkbox", name="lunch?").uncheck()
    one.press("Take over 1 message", within=dialog)
    other.sees("streaming back takes 4 min a server")
    other.sees_no("lunch?")
    expect(one.preview(log).get_by_text("already in the timeline")).to_have_count(1)
    one.page.keyboard.press("Escape")


def write_beside_the_step(story: Story) -> None:
    """Notes, the parking lot, and the step's questions."""
    one, other = story.one, story.other
    one.page.get_by_label("Shared notes on timeline").focus()
    expect(one.page.locator(".side [contenteditable=true]")).to_be_focused()
    one.page.keyboard.type("The change calendar was open on the wall.")
    shared = other.page.get_by_label("Shared notes on timeline")
    expect(shared).to_contain_text("The change calendar was open on the wall.")
    one.page.get_by_text("Only for you").click()
    one.page.get_by_label("Your own notes on timeline").fill("Ask Arjun how he felt")
    one.page.get_by_label("Your own notes on timeline").press("Escape")
    one.page.keyboard.press("p")
    one.page.keyboard.type("Who pays for a second cluster?")
    one.page.keyboard.press("Enter")
    one.page.keyboard.type("Rename the data centre")
    one.page.keyboard.press("Enter")
    one.page.keyboard.press("Escape")
    second = other.page.locator(".parked").filter(has_text="second cluster")
    other.press("mark settled", within=second)
    expect(one.page.locator(".parked.settled")).to_contain_text("second cluster")
    other.press("remove", within=other.page.locator(".parked").filter(has_text="Rename"))
    expect(one.page.locator(".parked")).to_have_count(1)
    question = one.page.locator(".prompt").filter(has_text="24 hours before")
    one.press("Answer", within=question)
    one.page.keyboard.type("Only the six servers")
    one.page.keyboard.press("Enter")
    expect(other.page.locator(".given")).to_contain_text("Only the six servers")
    expect(other.page.get_by_text("Ask Arjun how he felt")).to_have_count(0)
