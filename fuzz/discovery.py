"""What there is to fuzz: every address of the resolver, every form of every page, every parameter that is asked for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urlsplit

from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

PAGES_OF_A_KIND = {"administrator": 2, "member": 1, "stakeholder": 1, "": 1}
"""How many addresses of one route each looks at."""


@dataclass
class Form:
    """A form as a browser would send it: {name: its value, those it offers, "file" or what kind of input it is}."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    is_multipart: bool = False


@dataclass
class Field:
    """One input: its kind, what it holds and what it offers to choose from."""

    kind: str
    value: str
    options: list[str] = field(default_factory=list)


@dataclass
class Surface:
    """Everything found. `asked` has the names that a route's view looks for in the query and in the form."""

    routes: dict[str, tuple[str, dict[str, str]]]
    addresses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forms: list[Form] = field(default_factory=list)
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    kinds: Counter[Any] = field(default_factory=Counter)


def discover(people: dict[str, Any], more: list[str]) -> Surface:
    """Walks the pages as each of `people` and as nobody, from the first page and `more`."""
    surface = Surface(dict(_routes(get_resolver().url_patterns)))
    with _noting(surface.asked):
        for role, most in PAGES_OF_A_KIND.items():
            client = Client(raise_request_exception=False)
            if role:
                client.force_login(people[role])
            _crawl(client, surface, ["/", "/settings/", *more], most)
        _press_everything(people["administrator"], surface)
    return surface


@cache
def route_of(address: str) -> str:
    """The pattern that answers `address`, or ""."""
    try:
        return resolve(urlsplit(address).path).route
    except (Resolver404, ValueError):
        return ""


def _routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, tuple[str, dict[str, str]]]]:
    for entry in patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, route)
        else:
            yield route, (entry.name or "", dict(_parameters(route)))


def _parameters(route: str) -> Iterator[tuple[str, str]]:
    for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route):
        yield name, kind or "str"


@contextmanager
def _noting(asked: dict[str, set[str]]) -> Iterator[None]:
    """Notes every name that views look up in a query or form, under the route that is being answered."""
    kept = {name: getattr(QueryDict, name) for name in ("get", "getlist", "__getitem__", "__contains__")}
    for name, method in kept.items():
        setattr(QueryDict, name, _noted(method, asked))
    try:
        yield
    finally:
        for name in kept:
            delattr(QueryDict, name)


def _noted(method: Callable[..., Any], asked: dict[str, set[str]]) -> Callable[..., Any]:
    def noted(query: QueryDict, name: str, *rest: Any) -> Any:
        if isinstance(name, str):
            asked[_Asking.route].add(name)
        return method(query, name, *rest)

    return noted


class _Asking:
    route = ""


def _crawl(client: Client, surface: Surface, start: list[str], most: int) -> None:
    kinds: dict[str, int] = defaultdict(int)
    waiting, seen = list(start), set(start)
    while waiting:
        address = waiting.pop(0)
        route = _Asking.route = route_of(address)
        kinds[route] += 1
        if (not route and address != "/") or kinds[route] > most:
            continue
        answer = client.get(address)
        _keep(surface.addresses[route], address)
        if location := answer.headers.get("Location"):
            found = [location]
        elif answer.headers.get("Content-Type", "").startswith("text/html"):
            page = _Page(address, answer.content.decode())
            found = page.links
            surface.forms += [form for form in page.forms if _is_new(form, surface)]
        else:
            found = []
        fresh = [link for link in dict.fromkeys(found) if link.startswith("/") and link not in seen]
        seen.update(fresh)
        waiting += fresh


def _keep(addresses: list[str], address: str) -> None:
    if address not in addresses:
        addresses.append(address)


def _is_new(form: Form, surface: Surface) -> bool:
    """Whether no other such form is known: two of a kind are enough."""
    kind = route_of(form.action), form.method, frozenset(form.fields)
    surface.kinds[kind] += 1
    return surface.kinds[kind] <= 2


def _press_everything(person: Any, surface: Surface) -> None:
    """Sends each form empty to each route, inside a transaction that is undone by the caller."""
    for route in surface.routes:
        for address in surface.addresses.get(route, [])[:1]:
            client = Client(raise_request_exception=False)
            client.force_login(person)
            _Asking.route = route
            client.post(address, {"nothing": "1"})


class _Page(HTMLParser):
    """The links and forms of a page; what htmx sends counts as both."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select: Field | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        row = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "hx-get", "action", "formaction"):
            if row.get(name):
                self.links.append(self._whole(row[name]))
        if address := row.get("hx-post") or row.get("formaction"):
            fields = dict(self.forms[-1].fields) if self.forms else {}
            self.forms.append(Form(self._whole(address), "post", fields))
        if tag == "form":
            whole = self._whole(row.get("action") or self.address)
            multipart = "multipart" in row.get("enctype", "")
            self.forms.append(Form(whole, row.get("method", "get").lower(), is_multipart=multipart))
        elif self.forms and tag in {"input", "textarea", "select", "button"} and row.get("name"):
            self._input(tag, row)
        elif tag == "option" and self._select:
            self._select.options.append(row.get("value", ""))
            if "selected" in row or len(self._select.options) == 1:
                self._select.value = row.get("value", "")

    def _input(self, tag: str, row: dict[str, str]) -> None:
        kind = row.get("type", tag) if tag == "input" else tag
        known = self.forms[-1].fields.setdefault(row["name"], Field(kind, row.get("value", "")))
        known.options.append(row.get("value", ""))
        self._select = known if tag == "select" else self._select
        if kind in {"checkbox", "radio"} and "checked" in row:
            known.value = row.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None

    def _whole(self, address: str) -> str:
        address = urldefrag(address)[0]
        return urlsplit(self.address).path + address if address.startswith("?") else address
