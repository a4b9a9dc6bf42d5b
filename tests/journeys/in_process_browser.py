"""Browsers whose pages come straight from this thread, so that a test can set its clock and read its rows.

The browsers live in a thread of their own, since Django takes whatever runs beside Playwright for async code; what they
ask for is answered here while the test waits for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import Empty, Queue
from typing import Any, TypeVar

from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.room.conftest import open_browser

HOME = "http://127.0.0.1:8000"
Result = TypeVar("Result")


class Stage:
    """Where the browsers run, and the requests of theirs that wait for an answer."""

    def __init__(self) -> None:
        self.asked: Queue[Callable[[], None]] = Queue()
        self.thread = ThreadPoolExecutor(1)

    def run(self, act: Callable[[], Result]) -> Result:
        """Carries `act` out among the browsers, answering them meanwhile."""
        acting = self.thread.submit(act)
        while not acting.done():
            try:
                self.asked.get(timeout=0.02)()
            except Empty:
                continue
        return acting.result()

    def ask(self, question: Callable[[], Result]) -> Result:
        """From among the browsers: what the test's own thread says to `question`."""
        answer: Future[Result] = Future()
        self.asked.put(lambda: answer.set_result(question()))
        return answer.result(60)


class Onlooker:
    """Somebody with a browser, signed in where `person` is given."""

    def __init__(self, stage: Stage, browser: Browser, person: Any) -> None:
        self.stage, self.client = stage, Client()
        if person:
            self.client.force_login(person)
        self.problems: list[str] = []
        self.page: Page = stage.run(lambda: self._open(browser))

    def _open(self, browser: Browser) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.route("**/*", self._answer)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _answer(self, route: Route) -> None:
        request = route.request
        path, body = request.url.removeprefix(HOME), request.post_data_buffer or b""
        kind = request.headers.get("content-type", "application/octet-stream")
        route.fulfill(**self.stage.ask(lambda: self._served(request.method, path, body, kind)))

    def _served(self, method: str, path: str, body: bytes, kind: str) -> dict[str, Any]:
        answer = self.client.generic(method, path, body, content_type=kind)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return {"status": answer.status_code, "headers": dict(answer.items()), "body": content}

    def visit(self, path: str) -> None:
        self.does(lambda page: page.goto(HOME + path))

    def does(self, act: Callable[[Page], Result]) -> Result:
        """Something in this person's page."""
        return self.stage.run(lambda: act(self.page))


@contextmanager
def open_stage() -> Iterator[Callable[..., Onlooker]]:
    """Brings somebody in; at the end no script may have reported an error."""
    stage, opened, here = Stage(), ExitStack(), []
    browser = stage.run(lambda: opened.enter_context(open_browser()))

    def arrive(person: Any = None) -> Onlooker:
        here.append(Onlooker(stage, browser, person))
        return here[-1]

    try:
        yield arrive
    finally:
        stage.run(opened.close)
        stage.thread.shutdown()
    assert [problem for one in here for problem in one.problems] == []
