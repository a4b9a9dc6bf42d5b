"""Somebody in the meeting room, with a browser of their own."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, expect

from tests.live.server import Server

_SEEN = """text => new Promise((seen) => {
  const there = () => document.querySelector('.tl')?.textContent.includes(text);
  const look = () => there() && (watcher.disconnect(), seen(Date.now()));
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})"""


class Attendee:
    """A browser context signed in as one person, at the room's page."""

    def __init__(self, browser: Browser, server: Server, session: str, room: int, **context: Any) -> None:
        home = f"http://127.0.0.1:{server.port}/"
        self.address = f"{home}incidents/INC-{room}/room/"
        self.context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | context))
        self.context.add_cookies([{"name": "followthrough_session", "value": session, "url": home}])
        self.problems: list[str] = []
        self.come_in()

    def come_in(self, step: str = "") -> None:
        """Opens the room in a new tab."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._note)
        self.page.goto(self.address + (f"#{step}" if step else ""))
        expect(self.page.locator(".stage")).to_be_visible()

    def leave(self) -> None:
        self.context.close()

    def look_at(self, step: str) -> None:
        self.page.get_by_role("navigation", name="Agenda").get_by_role("link", name=step).click()

    def write(self, line: str) -> None:
        """Adds a line to the timeline."""
        self.page.get_by_label("What you saw").fill(line)
        self.page.keyboard.press("Enter")

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

    def sees(self, text: str) -> None:
        expect(self.entry(text)).to_be_visible()

    def sees_no(self, text: str) -> None:
        expect(self.entry(text)).to_have_count(0)

    def wait_for(self, text: str) -> float:
        """The moment, in milliseconds since 1970, at which the timeline first shows `text`."""
        return float(self.page.evaluate(_SEEN, text))

    def _note(self, message: ConsoleMessage) -> None:
        offline = "WebSocket" in message.text or "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not offline and "favicon" not in message.text:
            self.problems.append(message.text)
