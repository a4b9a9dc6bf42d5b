"""Somebody in the meeting room, with a browser of their own."""

from __future__ import annotations

import base64

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

_SEEN = """text => new Promise((seen) => {
  const there = () => document.querySelector('.tl')?.textContent.includes(text);
  const look = () => there() && (watcher.disconnect(), seen(Date.now()));
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})"""

_NAME_OF_FOCUSED = """() => {
  const { ariaLabel, labels, innerText } = document.activeElement;
  return (ariaLabel ?? labels?.[0]?.innerText ?? innerText ?? '').trim();
}"""
FARTHEST = 200
"""Times that Tab is pressed before a thing counts as out of reach."""
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def close_meeting(page: Page, place: str) -> None:
    """Presses the button at `place`, says why of what is missing, and closes."""
    page.locator(place).get_by_role("button", name="Close meeting").click()
    dialog = page.get_by_role("dialog")
    for part in ("timeline entry", "cause", "finding", "action"):
        why = dialog.get_by_role("button", name=f"Say why: no {part}")
        if why.count():
            why.click()
            page.keyboard.type("Only a rehearsal of the room")
            page.keyboard.press("Enter")
            expect(why).to_have_count(0)
    dialog.get_by_role("button", name="Close meeting").click()


class Attendee:
    """A browser context signed in as one person, who knows the way to the room of `INC-{room}`."""

    def __init__(self, context: BrowserContext, home: str, room: int) -> None:
        self.home = home
        self.address = f"{home}incidents/INC-{room}/room/"
        self.context = context
        self.problems: list[str] = []

    def come_in(self, step: str = "") -> None:
        """Opens the room in a new tab."""
        self.open_tab()
        self.page.goto(self.address + (f"#{step}" if step else ""))
        expect(self.page.locator(".stage")).to_be_visible()

    def open_tab(self) -> None:
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)

    def leave(self) -> None:
        self.context.close()

    def look_at(self, step: str) -> None:
        self.page.get_by_role("navigation", name="Agenda").get_by_role("link", name=step).click()

    def write(self, line: str) -> None:
        """Adds a line to the timeline."""
        self.page.get_by_label("What you saw").fill(line)
        self.page.keyboard.press("Enter")

    def close_meeting(self, place: str = ".bar") -> None:
        close_meeting(self.page, place)

    def entry(self, text: str) -> Locator:
        return self.page.locator("li.ev[data-entry]").filter(has_text=text)

    def edit(self, text: str, to: str) -> None:
        """Opens an entry by keyboard and types other words, without saving them."""
        self.entry(text).focus()
        self.page.keyboard.press("Enter")
        self.page.get_by_label("What happened").fill(to)

    def choose(self, text: str, item: str) -> None:
        """Chooses from an entry's menu."""
        self.entry(text).hover()
        self.entry(text).get_by_role("button", name="More for").click()
        self.page.get_by_role("menu").get_by_text(item, exact=True).click()

    def pair(self, text: str, other: str) -> None:
        """Says that two entries tell of the same moment."""
        self.choose(text, "Pair with another account…")
        self.page.get_by_role("dialog").get_by_role("button", name=other).click()

    def add_link(self, text: str, address: str, name: str) -> None:
        self.choose(text, "Add a link…")
        self.page.get_by_label("Address").fill(address)
        self.page.get_by_label("What it is").fill(name)
        self.page.get_by_role("button", name="Add the link").click()

    def add_picture(self, text: str, name: str) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.choose(text, "Add a picture or file…")
        chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": PICTURE})

    def preview(self, log: str) -> Locator:
        """Pastes a chat log and asks what it becomes; the dialog."""
        self.page.get_by_role("button", name="Paste a chat log").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("textbox").fill(log)
        dialog.get_by_role("button", name="Show what it becomes").click()
        return dialog

    def sees(self, text: str) -> None:
        expect(self.entry(text)).to_be_visible()

    def sees_no(self, text: str) -> None:
        expect(self.entry(text)).to_have_count(0)

    def reaches(self, other: Attendee, line: str) -> float:
        """Writes a line that begins with its time; the milliseconds until the other's timeline shows it."""
        field = self.page.get_by_label("What you saw")
        field.fill(line)
        field.focus()
        began = self.page.evaluate("Date.now()")
        self.page.keyboard.press("Enter")
        words = line.split(" ", 1)[1].replace("`", "")
        return float(other.wait_for(words) - began)

    def tab_to(self, name: str, key: str = "Tab") -> None:
        """Presses Tab, or Shift+Tab, until something whose name begins so has the focus."""
        for _ in range(FARTHEST):
            self.page.keyboard.press(key)
            if str(self.page.evaluate(_NAME_OF_FOCUSED)).startswith(name):
                return
        raise AssertionError(f"Tab does not lead to {name!r}.")

    def wait_for(self, text: str) -> float:
        """The moment, in milliseconds since 1970, at which the timeline first shows `text`."""
        return float(self.page.evaluate(_SEEN, text))

    def _note(self, message: ConsoleMessage) -> None:
        offline = "WebSocket" in message.text or "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not offline and "favicon" not in message.text:
            self.problems.append(message.text)
