"""`followthrough serve --demo`, and somebody who uses it in a browser of their own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, Locator, Response, expect

from followthrough.sample.story import CHAPTERS
from tests.cli.commands import followthrough
from tests.live.server import Server
from tests.room.attendee import Attendee

MAKING_THE_SAMPLE = 240
"""Seconds that it may take, on a machine that does other things too."""


def make_sample(folder: Path) -> None:
    """An organisation as `followthrough demo` makes it, in a data folder."""
    made = followthrough("demo", data=folder)
    assert made.returncode == 0, made.stdout + made.stderr


class Demo(Server):
    """The command that a newcomer types."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, {})
        urlopen(f"{self.home}accounts/login/", timeout=MAKING_THE_SAMPLE).close()

    @property
    def arguments(self) -> list[str]:
        return ["followthrough", "serve", "--demo", "--data", str(self.data)]


class Person(Attendee):
    """Somebody who picks their name on the sample's sign-in page."""

    def __init__(self, context: BrowserContext, home: str, room: int, name: str) -> None:
        super().__init__(context, home, room)
        self.name = name
        self.incident = f"/incidents/INC-{room}/"
        self.open_tab()
        self.visit("/accounts/login/?next=/incidents/")
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def visit(self, path: str) -> Response:
        answer = self.page.goto(self.home.rstrip("/") + path)
        assert answer
        return answer

    def open(self, page: str = "") -> None:
        """One of the incident's own pages."""
        answer = self.visit(self.incident + page)
        assert answer.ok, answer.status

    def press(self, name: str, *, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).click()

    def is_told(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def card(self, title: str) -> Locator:
        return self.page.get_by_role("region", name=title)

    def began_at(self) -> datetime:
        """When the incident began, as its page says."""
        said = self.page.locator(".lead time").first.get_attribute("datetime")
        assert said
        return datetime.fromisoformat(said)


def number_of(slug: str) -> int:
    """The number of a sample incident; 40 of INC-40."""
    return 1 + next(index for index, chapter in enumerate(CHAPTERS) if chapter.slug == slug)
