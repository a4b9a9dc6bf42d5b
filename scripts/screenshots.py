"""Pictures of the product's pages on sample data, on a phone, a small and a large screen, light and dark.

`python scripts/screenshots.py --into FOLDER [NAME…]` takes them for looking at; with `--guide` it takes those of the
user guide. It opens a sample organisation of its own unless `--at` names one that runs. CONTRIBUTING says more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide" / "pictures"
WIDTHS = {390: 844, 1024: 768, 1440: 900}
"""Pixels: {width: height}."""
LARGEST = 60_000
"""Bytes that a picture of the guide may take."""
_SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """A page as one of the sample's people sees it, after `act` where there is something to do first."""

    path: str
    who: str = "Sana Qureshi"
    act: Act | None = None


def _paste_a_log(page: Page) -> None:
    page.get_by_role("button", name="Paste a chat log").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").first.fill(
        "[14:02] Jonas Weber: checkout is slow\n[14:05] Mei-Lin Tan: pool is full\nno time at all\n"
        "[14:11] Jonas Weber: rolled back"
    )
    dialog.get_by_role("button", name="Show what it becomes").click()
    dialog.get_by_text("Mei-Lin").first.wait_for()


def _open_a_shared_link(page: Page) -> None:
    links = page.locator("[id^=link-]")
    if not links.count():
        page.get_by_role("button", name="Make a link").click()
        links.first.wait_for()
    page.goto(links.first.input_value())


def _press(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


DRAFT, AHEAD, SECOND, SHARED = (f"/incidents/INC-{number}/" for number in (34, 36, 31, 32))
STAKEHOLDER, MEMBER = "Samuel Addo", "Jonas Lindqvist"
SHOTS = {
    "home": Shot("/"),
    "home-member": Shot("/", who=MEMBER),
    "home-stakeholder": Shot("/", who=STAKEHOLDER),
    "incident": Shot(SHARED),
    "incident-stakeholder": Shot(SHARED, who=STAKEHOLDER),
    "incident-ahead": Shot(AHEAD),
    "check-in": Shot(f"{SECOND}check-in/"),
    "corrections": Shot(f"{SHARED}corrections/"),
    "add-action": Shot(f"{SHARED}actions/"),
    "who-was-there": Shot(f"{SHARED}present/"),
    "review": Shot(f"{DRAFT}summary/"),
    "publish": Shot(f"{DRAFT}summary/", act=_press("See the mail")),
    "summary": Shot(f"{SHARED}summary/"),
    "summary-stakeholder": Shot(f"{SHARED}summary/", who=STAKEHOLDER),
    "shared": Shot(f"{SHARED}summary/", act=_open_a_shared_link),
    "inbox": Shot("/inbox/"),
    "inbox-asked": Shot("/inbox/", who="Adaeze Obi"),
    "actions": Shot("/actions/?who=all"),
    "board": Shot("/actions/?who=all&view=board"),
    "action": Shot("/actions/ACT-74/"),
    "action-asked": Shot("/actions/ACT-75/", who="Adaeze Obi"),
    "insights": Shot("/insights/"),
    "patterns": Shot("/patterns/"),
    "services": Shot("/patterns/services/"),
    "response": Shot("/patterns/response/"),
    "incidents": Shot("/incidents/"),
    "report": Shot("/incidents/new/"),
    "schedule": Shot("/incidents/INC-38/schedule/"),
    "attendees": Shot(f"{AHEAD}attendees/"),
    "pre-read": Shot(f"{AHEAD}pre-read/"),
    "room": Shot(f"{AHEAD}room/"),
    "timeline": Shot(f"{SHARED}room/#timeline"),
    "causes": Shot(f"{SHARED}room/#causes"),
    "room-actions": Shot(f"{SHARED}room/#actions"),
    "paste": Shot(f"{AHEAD}room/#timeline", act=_paste_a_log),
    "settings": Shot("/settings/"),
}
OF_THE_GUIDE = {
    "home": 700,
    "incident": 1000,
    "inbox-asked": 420,
    "pre-read": 800,
    "timeline": 720,
    "causes": 720,
    "room-actions": 620,
    "publish": 900,
    "check-in": 760,
    "schedule": 760,
    "actions": 620,
    "patterns": 760,
    "insights": 760,
}
"""Pixels of a page's height that the guide shows, from its top."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Takes the pictures and prints where they are, and what is too wide for its screen."""
    asked = _arguments(arguments)
    with _server(asked.at) as home, _browser() as browser:
        photographer = Photographer(browser, home)
        if asked.guide:
            for name, height in OF_THE_GUIDE.items():
                print(photographer.take_for_guide(name, height))
        else:
            asked.into.mkdir(parents=True, exist_ok=True)
            for name in asked.names or SHOTS:
                for line in photographer.take(name, asked.into):
                    print(line)


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(SHOTS)}; all where none is given"
    )
    parser.add_argument("--into", type=Path, default=Path("pictures"), help="the folder for them")
    parser.add_argument("--at", help="the address of a server with the sample organisation")
    parser.add_argument("--guide", action="store_true", help="take those of docs/guide instead")
    asked = parser.parse_args(given)
    if unknown := set(asked.names) - SHOTS.keys():
        parser.error(f"There is no page named {', '.join(sorted(unknown))}.")
    return asked


@contextmanager
def _server(at: str | None) -> Iterator[str]:
    """The address of a server on the sample organisation, without a slash at its end."""
    if at:
        yield at.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "followthrough", "serve", "--demo", "--data", data, "--port", "0"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
        try:
            said = next(line for line in running.stdout or [] if " is at " in line)
            yield said.split(" is at ")[1].split("/,")[0]
        finally:
            running.terminate()
            running.wait()


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = None if own.exists() else shutil.which(os.environ.get("CHROMIUM", "chromium"))
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


class Photographer:
    """Signed in as each of the sample's people that a picture asks for."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.browser, self.home = browser, home
        self.contexts: dict[str, BrowserContext] = {}

    def take(self, name: str, folder: Path) -> Iterator[str]:
        """Six pictures of one page, and a line for each width that it does not fit."""
        page = self._open(SHOTS[name])
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            if (too_wide := page.evaluate(_SIDEWAYS)) > 0:
                yield f"{name} is {too_wide} pixels too wide at {width}"
        yield f"{name}: {len(WIDTHS) * 2} pictures in {folder}"
        page.close()

    def take_for_guide(self, name: str, height: int) -> str:
        """One small picture of a page's upper part."""
        page = self._open(SHOTS[name])
        page.set_viewport_size({"width": 1280, "height": height})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        picture = Image.open(BytesIO(page.screenshot()))
        page.close()
        GUIDE.mkdir(parents=True, exist_ok=True)
        return _written_small(picture, GUIDE / f"{name}.webp")

    def _open(self, shot: Shot) -> Page:
        page = self._context(shot.who).new_page()
        page.goto(self.home + shot.path)
        page.wait_for_load_state("networkidle")
        if shot.act:
            shot.act(page)
            page.wait_for_load_state("networkidle")
        return page

    def _context(self, who: str) -> BrowserContext:
        if who not in self.contexts:
            self.contexts[who] = self.browser.new_context(locale="en-GB", timezone_id="Europe/London")
            page = self.contexts[who].new_page()
            page.goto(f"{self.home}/accounts/login/")
            page.get_by_role("button", name=who).click()
            page.wait_for_url(f"{self.home}/")
            page.close()
        return self.contexts[who]


def _written_small(picture: Image.Image, path: Path) -> str:
    for quality in (80, 65, 50, 35):
        picture.save(path, quality=quality, method=6)
        if path.stat().st_size <= LARGEST:
            return f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} KB"
    raise SystemExit(f"{path.name} stays larger than {LARGEST // 1000} KB. Show less of the page.")


if __name__ == "__main__":
    main()
