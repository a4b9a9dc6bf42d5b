"""No address that lets its holder in stands in any log line, of whatever logger."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import StringConverter
from django.urls.resolvers import RegexPattern

from followthrough.core.url_converters import Secret
from tests.factories import make_person

SECRET = "kR7xQ2vB9_dT-hs"
PUBLIC = {"key", "name"}
"""What words in addresses are called that let nobody in: those of incidents, milestones and texts."""


def _patterns(
    entries: list[URLPattern | URLResolver], before: tuple[object, ...] = ()
) -> Iterator[tuple[object, ...]]:
    for entry in entries:
        parts = (*before, entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, parts)
        else:
            yield parts


def _is_secret(part: object) -> bool:
    if isinstance(part, RegexPattern):
        return bool(part.regex.groups)
    converters = getattr(part, "converters", {}).values()
    return any(isinstance(one, Secret) for one in converters)


def _address(parts: tuple[object, ...]) -> str:
    """The address with the secret in every place that takes words, and sample values elsewhere."""

    def filled(match: re.Match[str]) -> str:
        kind = match[1] or "str"
        return {"incident": "INC-1", "action": "ACT-1", "int": "1"}.get(kind, SECRET)

    text = "".join(
        f"accounts/password/reset/key/1-{SECRET}/"
        if isinstance(part, RegexPattern) and part.regex.groups
        else str(part)
        for part in parts
    )
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", filled, text).lstrip("^/")


ADDRESSES = sorted(
    {_address(parts) for parts in _patterns(get_resolver().url_patterns) if any(map(_is_secret, parts))}
)


def test_every_pattern_that_takes_any_words_is_secret_or_known() -> None:
    lax = {
        name
        for parts in _patterns(get_resolver().url_patterns)
        for part in parts
        for name, one in getattr(part, "converters", {}).items()
        if type(one) is StringConverter
    }
    assert lax <= PUBLIC


def test_the_walk_meets_the_known_ones() -> None:
    beginnings = {address.partition(SECRET)[0] for address in ADDRESSES}
    known = {"/hooks/", "/feeds/", "/s/", "/invitation/", "/answers/", "/reminders/", "/unsubscribe/"}
    assert beginnings >= known | {"/accounts/password/reset/key/1-"}


class Heard(logging.Handler):
    """Every line as a handler of anybody's would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler = Heard()
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_log_nothing_of_a_secret(address: str, heard: Heard) -> None:
    make_person()
    for client in (Client(), Client(enforce_csrf_checks=True)):
        for path in (address, f"{address}x.exe", address.rstrip("/")):
            client.get(path)
            client.post(path, {"a": "b"}, headers={"referer": f"https://elsewhere.example{path}"})
            client.put(path)
    assert heard.lines
    assert not [line for line in heard.lines if SECRET in line]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", ["uvicorn.access", "django.request", "django.security.csrf", "anybody"])
def test_no_logger_lets_a_secret_out(address: str, name: str, heard: Heard) -> None:
    log = logging.getLogger(name)
    beginning, _, rest = address.partition(SECRET)
    quoted = address.replace("/", "%2F")
    log.warning("%s: %s", "Not Found", address)
    log.warning(f"{address} was asked for")  # noqa: G004 - as others do
    log.warning("%s%s%s", beginning, SECRET, rest)
    log.warning(f"{beginning}%s", SECRET + rest)  # noqa: G004
    log.warning("%(path)s", {"path": address})
    log.warning("%s", ValueError(address))
    log.warning(
        '%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", f"/accounts/login/?next={quoted}", "1.1", 302
    )
    try:
        raise KeyError(address)
    except KeyError:
        log.exception("It failed")
    log.warning("Who called", stack_info=True)
    assert len(heard.lines) == 9
    assert "KeyError" in heard.lines[7]
    assert not [line for line in heard.lines if SECRET in line]


def test_other_lines_stay_as_they_are(heard: Heard) -> None:
    logging.getLogger("anybody").warning("%s took %.1f %% of %d in /incidents/INC-1/summary/", "It", 2.5, 10)
    assert heard.lines == ["It took 2.5 % of 10 in /incidents/INC-1/summary/"]
