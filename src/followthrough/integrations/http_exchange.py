"""One HTTP exchange with a service: through the SSRF guard, rate limits read from its headers, refusals as errors."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from followthrough.core.deserialization import load_json
from followthrough.core.safe_http import AddressRefused, HttpAnswer, Network, SafeHttpClient

TIMEOUT_SECONDS = 10
MAX_ANSWER_BYTES = 20_000_000
NETWORKS_SETTING = "FOLLOWTHROUGH_INTEGRATION_NETWORKS"
LONGEST_PAUSE = timedelta(hours=2)
"""A service that asks for more is asked again after this."""
_NEXT_MINUTE = timedelta(minutes=1)


class TrackerError(Exception):
    """Something went wrong with a service; the message is for people."""


class ConnectionRefused(TrackerError):
    """The service does not let us in, or its address may not be reached: a person has to do something."""


class RateLimited(TrackerError):
    """The service wants no more before `until`."""

    def __init__(self, words: str, until: datetime) -> None:
        super().__init__(words)
        self.until = until


class Unavailable(TrackerError):
    """The service did not answer, or failed: what became of a write is not known."""


class IssueRefused(TrackerError):
    """The service refuses this one request; the same again would be refused again."""


class IssueGone(TrackerError):
    """The issue was deleted, or may no longer be seen."""


class IssueMoved(TrackerError):
    """The issue is elsewhere now."""

    def __init__(self, location: str) -> None:
        super().__init__("It has moved.")
        self.location = location


@dataclass(frozen=True)
class Exchange:
    """What was sent and what came back; no headers, which hold the token."""

    method: str
    path: str
    sent: str
    status: int
    answer: str
    took_ms: int


@dataclass(frozen=True)
class Answer:
    """What a service answered: its JSON, and the headers in lower case."""

    status: int
    data: Any
    headers: Mapping[str, str]


class HttpExchange:
    """Sends JSON to one service whose addresses begin with `base`."""

    def __init__(
        self, base: str, headers: Mapping[str, str], networks: Sequence[Network], *, name: str
    ) -> None:
        self.base, self.headers, self.networks, self.name = base.rstrip("/"), dict(headers), networks, name
        self.exchanges: list[Exchange] = []
        self.paused_until: datetime | None = None

    def get(self, path: str, **query: str | int) -> Answer:
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def send(self, method: str, path: str, payload: object = None, *, is_reading: bool = False) -> Answer:
        """The answer. Raises RateLimited before asking where the last answer said that nothing is left.

        What is only read, some by POST, is noted where it was refused.
        """
        now = datetime.now(UTC)
        if self.paused_until and now < self.paused_until:
            raise RateLimited(f"{self.name} lets in no more for now.", self.paused_until)
        body = b"" if payload is None else json.dumps(payload).encode()
        begun = time.monotonic()
        try:
            found = self._carry_out(method, path, body)
        except Unavailable as error:
            self._note(method, path, body, 0, str(error), begun)
            raise
        if not (is_reading or method == "GET") or found.status_code >= 400:
            self._note(method, path, body, found.status_code, found.text, begun)
        return self._judged(method, found, datetime.now(UTC))

    def _carry_out(self, method: str, path: str, body: bytes) -> HttpAnswer:
        guard = SafeHttpClient(
            allowed=self.networks,
            seconds=TIMEOUT_SECONDS,
            most=MAX_ANSWER_BYTES,
            redirects=0,
            networks_setting=NETWORKS_SETTING,
        )
        sent = self.headers | ({"Content-Type": "application/json"} if body else {})
        address = path if path.startswith(f"{self.base}/") else f"{self.base}{path}"
        try:
            return guard.request(method, address, body=body, headers=sent)
        except AddressRefused as error:
            raise ConnectionRefused(str(error)) from error
        except TimeoutError as error:
            raise Unavailable(f"{self.name} did not answer within {TIMEOUT_SECONDS} seconds.") from error
        except (OSError, HTTPException) as error:
            raise Unavailable(f"{self.name} could not be reached: {_cause(error)}.") from error

    def _judged(self, method: str, found: HttpAnswer, now: datetime) -> Answer:
        headers = {name.lower(): value for name, value in found.headers.items()}
        data = _json_of(found.content)
        answer = Answer(found.status_code, data, headers)
        pause = pause_of(answer, now)
        if found.status_code < 300:
            self.paused_until = pause
            return answer
        raise self._error(method, answer, pause)

    def _error(self, method: str, answer: Answer, pause: datetime | None) -> TrackerError:
        said = f"{self.name} answered {answer.status}{_told(answer.data)}"
        if pause and answer.status in {403, 429, 503}:
            return RateLimited(f"{self.name} asks us to wait.", pause)
        if answer.status == 401:
            return ConnectionRefused(f"{said}. Its token has run out or was revoked: renew it.")
        if answer.status in {404, 410}:
            return IssueGone(f"{self.name} says that it is not there: deleted, or no longer shown to us.")
        if answer.status >= 500 or answer.status == 408:
            return Unavailable(f"{said}.")
        if answer.status < 400 and method == "GET":
            return IssueMoved(answer.headers.get("location", ""))
        moved = "" if answer.status >= 400 else " It has moved or has another name now: give the new one."
        return IssueRefused(f"{said}.{moved}")

    def _note(self, method: str, path: str, body: bytes, status: int, answer: str, begun: float) -> None:
        took = round(1000 * (time.monotonic() - begun))
        self.exchanges.append(Exchange(method, path, body.decode(), status, answer, took))


def pause_of(answer: Answer, now: datetime) -> datetime | None:
    """Until when the answer asks us to wait, by Retry-After or by a budget that is used up; None where it does not."""
    if after := answer.headers.get("retry-after", ""):
        return min(_moment(after, now), now + LONGEST_PAUSE)
    for begin in ("x-ratelimit", "ratelimit", "x-ratelimit-requests"):
        if answer.headers.get(f"{begin}-remaining") == "0":
            reset = _moment(answer.headers.get(f"{begin}-reset", ""), now)
            return min(reset, now + LONGEST_PAUSE)
    return now + _NEXT_MINUTE if answer.status == 429 else None


def _moment(text: str, now: datetime) -> datetime:
    """Seconds from now, seconds or milliseconds since 1970, or a date; what is none of these is the next minute."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        number = int(text)
        if number < 10_000_000:
            return now + timedelta(seconds=number)
        return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return now + _NEXT_MINUTE


def _json_of(content: bytes) -> Any:
    try:
        return load_json(content) if content else None
    except ValueError:
        return None


def _told(data: Any) -> str:
    """ ": what is wrong", where the answer says so."""
    if not isinstance(data, dict):
        return ""
    words = data.get("message") or data.get("error") or data.get("errorMessages") or data.get("errors")
    return f": {str(words)[:300].rstrip('.')}" if words else ""


def _cause(error: BaseException) -> str:
    return str(getattr(error, "strerror", "") or error or type(error).__name__)[:200]
