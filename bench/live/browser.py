"""The room in Chromium: how soon a large one can be used, and how smoothly one types in it while fifty others write."""

from __future__ import annotations

import asyncio
import gzip
import json
from itertools import pairwise
from pathlib import Path
from statistics import median
from uuid import uuid4

from playwright.async_api import Browser, Page, async_playwright

from bench.live.crowd import Crowd, crowd_in

ENTRIES, NODES, ACTIONS = 300, 60, 30
OTHERS, TYPED_SECONDS = 50, 8
VISITS = 6
"""With an empty cache each; the first warms the server and does not count."""
WINDOW_MS = 1000
READY = f"document.querySelectorAll('li.ev[data-entry]').length >= {ENTRIES} && document.getElementById('compose-line')"
INTERACTIVE = f"""
  const look = () => {{
    if (!({READY})) return requestAnimationFrame(look);
    setTimeout(() => (window.interactive_at = performance.now()));
  }};
  addEventListener("DOMContentLoaded", look);
"""
"""Notes the moment at which everything is there and the frame that showed it is done."""
FRAMES = """() => {
  window.frames_at = [];
  const note = (at) => { window.frames_at.push(at); requestAnimationFrame(note); };
  requestAnimationFrame(note);
}"""
SENTENCE = "14:11 the connection pool was at its limit and every request waited for the next free one, "


async def measure(address: str, room: int, sessions: list[str]) -> None:
    """Fills `room`, looks at it with an empty cache, then types in it among others."""
    async with crowd_in(address, [room], sessions, 1) as crowd:
        await _fill(crowd)
    async with async_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(
            executable_path=None if own.exists() else "/usr/bin/chromium", args=["--no-sandbox"]
        )
        print(f"A room with {ENTRIES} entries, {NODES} causes and {ACTIONS} actions in Chromium")
        visits = [await _first_view(browser, address, room, sessions[0]) for _ in range(VISITS)]
        print(
            f"  first view interactive after {median(visits[1:]):.0f} ms (median of {VISITS - 1}; promise ≤ 1000 ms)"
        )
        await _typing(browser, address, room, sessions)
        await browser.close()


async def _fill(crowd: Crowd) -> None:
    seat = crowd.seats[0]
    causes: list[str] = []
    for at in range(ENTRIES):
        await _do(seat, "entry.add", line=f"14:{at % 60:02} connection pool at {at} %", previous=None)
    for at in range(NODES):
        parent = causes[(at - 1) // 3] if causes else None
        causes.append(
            await _do(seat, "cause.add", parent=parent, text=f"The limit was never looked at, take {at}")
        )
    for at in range(ACTIONS):
        await _do(seat, "action.add", text=f"Alert when pool {at} is over 80 %", finding=None)
    await asyncio.sleep(5)


async def _do(seat: object, name: str, **args: object) -> str:
    key = str(uuid4())
    message = {"t": "do", "op": str(uuid4()), "do": name, "args": {"id": key, **args}, "base": None}
    await seat.socket.send(json.dumps(message))  # type: ignore[attr-defined]
    await asyncio.sleep(0.005)
    return key


async def _open(browser: Browser, address: str, room: int, session: str) -> Page:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    await context.add_cookies([{"name": "followthrough_session", "value": session, "url": address}])
    await context.add_init_script(INTERACTIVE)
    page = await context.new_page()
    await page.goto(f"{address}/incidents/INC-{room}/room/#timeline", wait_until="commit")
    return page


async def _first_view(browser: Browser, address: str, room: int, session: str) -> float:
    """Milliseconds from asking for the page until everything is there and a key arrives in the field."""
    page = await _open(browser, address, room, session)
    await page.wait_for_function("() => window.interactive_at")
    took: float = await page.evaluate("window.interactive_at")
    await page.get_by_label("What you saw").press("1")
    scripts = await page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js')).map((one) => one.name)"
    )
    size = 0
    for script in scripts:
        size += len(gzip.compress(await (await page.request.get(script)).body(), 6))
    print(f"  {took:.0f} ms; {len(scripts)} scripts, {size / 1024:.0f} KB compressed (promise ≤ 120 KB)")
    await page.context.close()
    return took


async def _typing(browser: Browser, address: str, room: int, sessions: list[str]) -> None:
    page = await _open(browser, address, room, sessions[0])
    await page.wait_for_function("() => window.interactive_at")
    async with crowd_in(address, [room], sessions[1:], OTHERS) as crowd:
        writing = asyncio.create_task(crowd.write(rate=OTHERS, seconds=TYPED_SECONDS + 2))
        await asyncio.sleep(1)
        await page.get_by_label("What you saw").fill("")
        await page.evaluate(FRAMES)
        await page.keyboard.type(SENTENCE * 2, delay=1000 * TYPED_SECONDS / len(SENTENCE * 2))
        moments: list[float] = await page.evaluate("window.frames_at")
        await writing
    lowest, longest = _lowest(moments), max(after - before for before, after in pairwise(moments))
    print(f"  typing with {OTHERS} others writing: never below {lowest} frames a second (promise ≥ 50),")
    print(f"  the longest frame {longest:.0f} ms, {len(moments)} frames in {moments[-1] - moments[0]:.0f} ms")


def _lowest(moments: list[float]) -> int:
    """The fewest frames in any second."""
    ends = [at for at in moments if at <= moments[-1] - WINDOW_MS]
    return min(sum(start <= at < start + WINDOW_MS for at in moments) for start in ends)
