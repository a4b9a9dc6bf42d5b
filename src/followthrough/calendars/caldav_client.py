"""CalDAV client, through the SSRF guard: finding a person's calendars, reading them, putting events into one.

Knows nothing of Django: it runs in the reading process.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from caldav.davclient import DAVClient
from caldav.elements import dav
from caldav.lib.error import AuthorizationError, DAVError

from followthrough.calendars.caldav_discovery import WELL_KNOWN, discover_servers
from followthrough.calendars.digest_auth import Challenge, challenge_in
from followthrough.core.safe_http import AddressRefused, HttpAnswer, SafeHttpClient

_CALENDAR = "{urn:ietf:params:xml:ns:caldav}calendar"


class _Session:
    """Stands where caldav keeps its HTTP library, so that every connection is the guard's."""

    def __init__(self, http_client: SafeHttpClient, username: str, password: str) -> None:
        self.http_client, self.username, self.password = http_client, username, password
        self.challenge: Challenge | None = None

    def request(
        self, method: str, url: str, *, data: Any = b"", headers: Mapping[str, str], **_: object
    ) -> HttpAnswer:
        body = data.encode() if isinstance(data, str) else data or b""
        answer = self._sent(method, url, body, headers)
        if answer.status_code == 401 and (challenge := challenge_in(answer.headers)):
            self.challenge = challenge
            answer = self._sent(method, answer.url, body, headers)
        if answer.status_code == 401:
            raise AddressRefused("The server did not accept the name and password.")
        return answer

    def _sent(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        known = {"Authorization": self._authorization(method, url)} if self.username else {}
        return self.http_client.request(method, url, body=body, headers=dict(headers) | known)

    def _authorization(self, method: str, url: str) -> str:
        if self.challenge:
            return self.challenge.answer(method, url, self.username, self.password)
        return f"Basic {b64encode(f'{self.username}:{self.password}'.encode()).decode()}"

    def close(self) -> None:
        """Nothing stays open."""


class Server:
    """One CalDAV server for one account."""

    def __init__(self, http_client: SafeHttpClient, address: str, username: str, password: str) -> None:
        self.http_client, self.address = http_client, address
        self.session = _Session(http_client, username, password)

    def _client(self, address: str) -> Any:
        client = DAVClient(address, enable_rfc6764=False)
        client.session = self.session  # type: ignore[assignment]
        return client

    def calendars(self) -> list[Any]:
        """The calendar at the address itself, else all of the account that hold events (RFC 6764, 4791)."""
        for start in discover_servers(self.address, "https"):
            if found := self._of_account(start):
                return found
        alone = self._client(self.address).calendar(url=self.address)
        if _CALENDAR in self._types(alone):
            return [alone]
        for start in (
            self.address,
            urljoin(self.address, WELL_KNOWN),
            *discover_servers(self.address, "http"),
        ):
            if found := self._of_account(start):
                return found
        raise AddressRefused(
            "The server answers, but there is no calendar of yours on it. Check the address."
        )

    def _types(self, calendar: Any) -> list[str]:
        try:
            return list(calendar.get_property(dav.ResourceType()) or [])
        except DAVError:
            return []

    def _of_account(self, start: str) -> list[Any]:
        try:
            landed = self.http_client.request("GET", start).url if start.endswith("/caldav") else start
            calendars = self._client(landed).principal().get_calendars()
        except (DAVError, AttributeError, TypeError, ValueError):
            return []
        return [one for one in calendars if "VEVENT" in one.get_supported_components()]

    def texts(self, start: datetime, end: datetime) -> list[str]:
        """Every event between the two moments as calendar files; only busy times where events may not be read."""
        texts: list[str] = []
        for calendar in self.calendars():
            try:
                texts += [found.data for found in calendar.search(event=True, start=start, end=end)]
            except AuthorizationError:
                texts.append(calendar.freebusy_request(start, end).data)
        return texts

    def put(self, name: str, text: str) -> None:
        """Writes one event into the calendar at the address, over what was there."""
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = self.session.request("PUT", self._place(name), data=text, headers=headers)
        _refuse_unless(answer, {200, 201, 204})

    def remove(self, name: str) -> None:
        """Takes one event out of the calendar; one that is not there is no matter."""
        answer = self.session.request("DELETE", self._place(name), headers={})
        _refuse_unless(answer, {200, 202, 204, 404, 410})

    def _place(self, name: str) -> str:
        (calendar,) = self.calendars()[:1]
        return urljoin(f"{str(calendar.url).rstrip('/')}/", name)


def _refuse_unless(answer: HttpAnswer, fine: set[int]) -> None:
    if answer.status_code in {403, 405}:
        raise AddressRefused("This account may not write into the calendar.")
    if answer.status_code not in fine:
        raise AddressRefused(f"The server answered {answer.status_code}, so the event was not written.")
