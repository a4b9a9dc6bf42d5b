"""Rounds of requests through Django's own handler, in process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from django.core.signals import got_request_exception
from django.test import Client

from fuzz import organisation
from fuzz.api import operations
from fuzz.discovery import discover
from fuzz.report import Found, failure
from fuzz.requests import Maker, Request, path_of

LONGEST_SECONDS = 10
"""No answer may take longer, however odd the question."""


class TooSlow(BaseException):
    """Past every `except Exception` of the product."""


def run(template: Path, maker: Maker, *, seed: int, number: int, count: int) -> Found:
    """`count` requests of round `number`, from a fresh organisation on; the same for the same seed."""
    organisation.give_back(template)
    rng, found = Random(f"{seed} pages {number}"), Found()
    visitors = Visitors(organisation.people())
    for index in range(count):
        request = maker.one(rng)
        where = f"ROUND={number} request {index}"
        answer = visitors.send(request, where, found)
        if answer is not None and (location := answer.headers.get("Location", "")).startswith("/"):
            visitors.send(Request(request.who, "GET", location), f"{where}, led on by {request}", found)
    return found


class Visitors:
    """A browser for each role, and one for nobody."""

    def __init__(self, people: dict[str, Any]) -> None:
        self.people = people
        self.clients: dict[str, Client] = {}
        self.errors: list[BaseException] = []
        got_request_exception.connect(self._note)

    def _note(self, **_: Any) -> None:
        import sys

        if error := sys.exc_info()[1]:
            self.errors.append(error)

    def _client(self, who: str) -> Client:
        if who not in self.clients:
            client = self.clients[who] = Client(raise_request_exception=False)
            if who:
                client.force_login(self.people[who])
        return self.clients[who]

    def send(self, request: Request, where: str, found: Found) -> Any:
        """The answer, or None where there was none; what failed is added to `found`."""
        self.errors.clear()
        try:
            with at_most(LONGEST_SECONDS):
                answer = self._ask(request)
        except TooSlow as error:
            found.failures.append(failure(error, where, str(request)))
            self.clients.clear()
            return None
        except Exception as error:  # noqa: BLE001 - what escapes Django's handler is a failure too
            found.failures.append(failure(error, where, str(request)))
            return None
        found.answers[str(answer.status_code)] += 1
        if answer.status_code >= 500:
            error = self.errors[0] if self.errors else None
            found.failures.append(
                failure(error, where, str(request), f"{answer.status_code} of {path_of(request.address)}")
            )
        if answer.headers.get("Location", "").startswith("/accounts/login/"):
            self.clients.pop(request.who, None)
        return answer

    def _ask(self, request: Request) -> Any:
        environ = {}
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
        client = self._client(request.who)
        answer = client.generic(request.method, request.address, request.body, request.kind, **environ)
        if answer.streaming:
            b"".join(answer.streaming_content)
        return answer


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raises TooSlow in what takes longer."""

    def stop(*_: Any) -> None:
        raise TooSlow(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def maker(template: Path) -> Maker:
    """Looks at what there is to fuzz, which uses the organisation up."""
    secrets = organisation.secrets(template)
    organisation.give_back(template)
    more = [f"/s/{secret}/" for secret in secrets["shared"]]
    more += [f"/invitation/{secrets['invitation'][0]}/", f"/unsubscribe/{secrets['unsubscribe'][0]}/"]
    more += [f"/answers/{secrets['answer'][0]}/{way}/" for way in ("accepted", "maybe", "declined")]
    return Maker(discover(organisation.people(), more), operations(), secrets)
