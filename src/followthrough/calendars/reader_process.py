"""The reader process, a sandbox: a question as JSON comes in, an answer as JSON goes out.

A process of its own can be stopped when a calendar takes too long or too much memory, leaves no memory behind, and
sees neither the database nor the server's key. Imports are late, so that an unchanged calendar costs next to nothing.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPException
from ipaddress import ip_network
from typing import Any

from followthrough.core.safe_http import AddressRefused, HttpAnswer, SafeHttpClient

MAX_MEMORY_BYTES = 1_500_000_000
"""Bytes of address space that reading may take."""
Question = dict[str, Any]


def main() -> None:
    """Answers the one question on standard input."""
    _limit_memory()
    question = json.load(sys.stdin)
    json.dump(answer(question), sys.stdout)


def answer(question: Question) -> dict[str, Any]:
    """What was found, or {"error": why not, in words}."""
    try:
        return _ANSWERS[question["do"]](question)
    except AddressRefused as refusal:
        return {"error": str(refusal)}
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file brings about, it is only unreadable
        return {"error": next((words for kind, words in _IN_WORDS if isinstance(error, kind)), _UNREADABLE)}


_UNREADABLE = "What is there could not be read as a calendar."
_IN_WORDS: list[tuple[type[Exception], str]] = [
    (ssl.SSLError, "The server could not prove who it is: its certificate is not valid."),
    (socket.gaierror, "There is no server of that name."),
    (TimeoutError, "The server took too long to answer."),
    (HTTPException, "The server's answer could not be understood."),
    (OSError, "The server could not be reached."),
    (MemoryError, "The calendar is too large to be read."),
]


def read_address(question: Question) -> dict[str, Any]:
    """Busy times from a secret ICS address; {"unchanged": true} where the server says so."""
    asked = {"If-None-Match": question["etag"], "If-Modified-Since": question["last_modified"]}
    address = question["address"].replace("webcal://", "https://", 1)
    headers = {"Accept": "text/calendar"} | {name: value for name, value in asked.items() if value}
    found = _http_client(question).request("GET", address, headers=headers)
    if found.status_code == 304:
        return {"unchanged": True}
    _refuse_unless_read(found)
    kept = {"etag": found.headers.get("etag", ""), "last_modified": found.headers.get("last-modified", "")}
    return _reading(question, [found.text]) | kept


def read_account(question: Question) -> dict[str, Any]:
    """Busy times from all calendars of a CalDAV account."""
    server, (start, end) = _server(question), _between(question)
    return _reading(question, server.texts(start, end)) | {"etag": "", "last_modified": ""}


def put_event(question: Question) -> dict[str, Any]:
    """Writes an event into a CalDAV calendar."""
    _server(question).put(question["name"], question["text"])
    return {"done": True}


def remove_event(question: Question) -> dict[str, Any]:
    """Takes an event out of a CalDAV calendar."""
    _server(question).remove(question["name"])
    return {"done": True}


def look_for_calendar(question: Question) -> dict[str, Any]:
    """Whether there is a calendar at the address; its name."""
    (calendar,) = _server(question).calendars()[:1]
    return {"name": str(calendar.get_display_name() or "")}


def days_off(question: Question) -> dict[str, Any]:
    """Public holidays of a country or its region in the given years: {"days": {ISO date: name}}."""
    import holidays  # noqa: PLC0415 - heavy, and only this process needs it

    region = question["region"] or None
    found = holidays.country_holidays(
        question["country"], subdiv=region, years=question["years"], language="en_US"
    )
    return {"days": {day.isoformat(): name for day, name in sorted(found.items())}}


def countries(_: Question) -> dict[str, Any]:
    """Every country whose holidays are known: {"countries": {code: name}}."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - heavy, and only this process needs it

    names = {row[1]: _spaced(row[0]) for row in COUNTRIES.values()}
    return {"countries": dict(sorted(names.items(), key=lambda row: row[1]))}


def regions(question: Question) -> dict[str, Any]:
    """The regions of a country that have holidays of their own: {"regions": {code: name}}."""
    from holidays import country_holidays  # noqa: PLC0415 - heavy, and only this process needs it

    kind = type(country_holidays(question["country"]))
    called = {code: name for name, code in reversed(getattr(kind, "subdivisions_aliases", {}).items())}
    return {"regions": {code: called.get(code, code) for code in kind.subdivisions}}


_ANSWERS: dict[str, Callable[[Question], dict[str, Any]]] = {
    "read address": read_address,
    "read account": read_account,
    "put event": put_event,
    "remove event": remove_event,
    "look for calendar": look_for_calendar,
    "days off": days_off,
    "countries": countries,
    "regions": regions,
}


def _http_client(question: Question) -> SafeHttpClient:
    allowed = [ip_network(network) for network in question["allowed"]]
    return SafeHttpClient(allowed=allowed, seconds=question["seconds"], most=question["most"])


def _server(question: Question) -> Any:
    from followthrough.calendars.caldav_client import Server  # noqa: PLC0415 - only this process needs it, and what it brings

    return Server(_http_client(question), question["address"], question["username"], question["password"])


def _between(question: Question) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(question["start"], UTC), datetime.fromtimestamp(question["end"], UTC)


def _reading(question: Question, texts: list[str]) -> dict[str, Any]:
    from followthrough.calendars.busy_times import busy_times  # noqa: PLC0415 - only this process needs it, and what it brings
    from followthrough.calendars.calendar_files import NotACalendar  # noqa: PLC0415 - the same

    start, end = _between(question)
    try:
        found = busy_times(
            texts, zone=question["zone"], start=start, end=end, mails=question["mails"], own=question["own"]
        )
    except NotACalendar as refusal:
        return {"error": str(refusal)}
    return found._asdict()


def _refuse_unless_read(found: HttpAnswer) -> None:
    if found.status_code in {401, 403}:
        raise AddressRefused("The server refused. The secret address may have been renewed; copy it again.")
    if found.status_code in {404, 410}:
        raise AddressRefused("There is no calendar at this address any more. Copy the address again.")
    if found.status_code != 200:
        raise AddressRefused(f"The server has trouble of its own (it answered {found.status_code}).")


def _spaced(name: str) -> str:
    """ "UnitedStates" as people write it."""
    return "".join(f" {sign}" if sign.isupper() and place else sign for place, sign in enumerate(name))


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


if __name__ == "__main__":
    main()
