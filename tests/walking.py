"""Every GET address of the product: the routes with values that exist, and whatever the pages met on the way lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import product
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.urls.resolvers import RegexPattern, RoutePattern

Samples = Mapping[str, Sequence[Any]]
"""{kind of converter: values to fill in}"""

_LEADS_ON = re.compile(r'(?:href|src|action|hx-get|data-[\w-]+)="(/[^"#]*)')
_AT_RANDOM = (
    re.compile(r'name="(?:csrfmiddlewaretoken|token)" value="[^"]*"'),
    re.compile(r'(?<=class="clock"><time>)\d\d:\d\d'),
    re.compile(r"(?<=at )0x[0-9a-f]+"),
    re.compile(r"(?:X-CSRFToken|csrf)[^,}]*"),
)
_NOT_WALKED = ("/static/", "/accounts/logout", "/accounts/sample")


def routes(
    samples: Samples, patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """(name, address) of every pattern with each of the sample values."""
    for entry in patterns or get_resolver().url_patterns:
        for filled in _filled_in(entry.pattern, samples):
            if isinstance(entry, URLResolver):
                yield from routes(samples, entry.url_patterns, prefix + filled)
            else:
                yield entry.name or prefix + filled, prefix + filled


def _filled_in(pattern: Any, samples: Samples) -> Iterator[str]:
    if isinstance(pattern, RegexPattern):
        yield "accounts/password/reset/key/1-unknown/"
        return
    assert isinstance(pattern, RoutePattern)
    kinds = {converter: label for label, converter in get_converters().items()}
    names = list(dict.fromkeys(re.findall(r"<(?:\w+:)?(\w+)>", str(pattern))))
    choices = [samples.get(kinds[pattern.converters[name]], [1]) for name in names]
    for values in product(*choices):
        given = dict(zip(names, values, strict=True))
        yield re.sub(
            r"<(?:\w+:)?(\w+)>",
            lambda match: str(pattern.converters[match[1]].to_url(given[match[1]])),  # noqa: B023 - used at once
            str(pattern),
        )


class Walk:
    """What one person sees at each address: {address: (status, where it leads, text)}."""

    def __init__(self, client: Client, *, token: str = "", most: int = 3_000) -> None:
        self._client = client
        self._token = token
        self._most = most
        self.seen: dict[str, tuple[int, str, str]] = {}

    def over(self, addresses: Sequence[str], *, follows: bool = True) -> Walk:
        """Looks at all of them, and at what their pages lead to unless it `follows` nothing."""
        waiting = [address for address in dict.fromkeys(addresses) if not address.startswith(_NOT_WALKED)]
        while waiting:
            address = waiting.pop()
            if address in self.seen:
                continue
            assert len(self.seen) < self._most, "The walk does not end."
            text = self._look(address)
            if follows:
                found = {unescape(one) for one in _LEADS_ON.findall(text)}
                waiting += sorted(one for one in found - self.seen.keys() if not one.startswith(_NOT_WALKED))
        return self

    def _look(self, address: str) -> str:
        headers = (
            {"Authorization": f"Bearer {self._token}"} if address.startswith("/api/") and self._token else {}
        )
        answer = self._client.get(address, headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        is_pdf = answer.headers.get("Content-Type", "").startswith("application/pdf")
        text = "" if is_pdf else body.decode("utf-8", "replace")
        self.seen[address] = (answer.status_code, answer.headers.get("Location", ""), steady(text))
        return text


def steady(text: str) -> str:
    """Without what is drawn at random for each answer."""
    for pattern in _AT_RANDOM:
        text = pattern.sub("", text)
    return text
