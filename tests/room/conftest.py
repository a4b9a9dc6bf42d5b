"""Real browsers in real rooms; each test has a room of its own on the shared server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.live.conftest import make_server, organisation, server
from tests.live.server import Server
from tests.room.attendee import Attendee

__all__ = ["make_server", "organisation", "server"]

expect.set_options(timeout=20_000)  # milliseconds: what comes is not waited for, and a busy machine is slow
_rooms = count()
DESK = {"width": 1440, "height": 900}
NOT_NEEDED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,"
    "HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,"
    "PreconnectToSearch,TcpPortRandomizationWin,ThirdPartyStoragePartitioning"
)
"""What Playwright turns off, and the address bar's lists: they take most of the work of opening a window."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium; while it runs, Django takes what this thread does for async code."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = None if own.exists() else "/usr/bin/chromium"
        running = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", f"--disable-features={NOT_NEEDED}"]
        )
        yield running
        running.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Only as long as this folder's tests, so that it hinders no others."""
    with open_browser() as running:
        yield running


@pytest.fixture
def room(server: Server) -> int:
    rooms: list[int] = server.organisation["rooms"]
    return rooms[next(_rooms) % len(rooms)]


@pytest.fixture
def enter(browser: Browser, server: Server, room: int) -> Iterator[Callable[..., Attendee]]:
    """Brings somebody into the room: a member by number, or "facilitator". Scripts may report no errors."""
    attendees: list[Attendee] = []

    def enter(who: int | str = 0, **context: Any) -> Attendee:
        session = server.sessions[who] if isinstance(who, int) else server.organisation[who]
        known = browser.new_context(**({"viewport": DESK} | context))
        known.add_cookies([{"name": "followthrough_session", "value": session, "url": server.home}])
        attendees.append(Attendee(known, server.home, room))
        attendees[-1].come_in()
        return attendees[-1]

    yield enter
    for attendee in attendees:
        attendee.leave()
        assert attendee.problems == []
