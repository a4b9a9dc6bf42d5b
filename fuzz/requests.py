"""One odd request after the other, each drawn from a seeded source."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlencode, urlsplit
from uuid import UUID

from django.urls.converters import get_converters

from fuzz import values
from fuzz.api import Operation, body_for
from fuzz.discovery import Form, Surface, route_of

BOUNDARY = "fuzzfuzzfuzz"
FORM, MULTIPART = "application/x-www-form-urlencoded", f"multipart/form-data; boundary={BOUNDARY}"


@dataclass
class Request:
    """What is sent, and who sends it ("" for nobody)."""

    who: str
    method: str
    address: str
    body: bytes = b""
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        body = self.body if len(self.body) < 600 else self.body[:300] + b" ... " + self.body[-100:]
        address = self.address if len(self.address) < 600 else f"{self.address[:600]}..."
        return f"{self.who or 'nobody'}: {self.method} {address} {self.kind} {self.headers or ''} {body!r}"


class Maker:
    """Makes requests out of what was found."""

    def __init__(self, surface: Surface, operations: list[Operation], secrets: dict[str, list[str]]) -> None:
        self.surface, self.operations, self.secrets = surface, operations, secrets
        self.routes = sorted(surface.routes)
        self.forms = surface.forms
        self.addresses = sorted({one for many in surface.addresses.values() for one in many})

    def one(self, rng: Random) -> Request:
        """The next request."""
        ways: tuple[tuple[Callable[[Random], Request], int], ...] = (
            (self._form, 45), (self._asked, 18), (self._query, 12), (self._address, 7), (self._api, 10), (self._hook, 5), (self._json, 3),
        )  # fmt: skip
        way = rng.choices([one for one, _ in ways], [weight for _, weight in ways])[0]
        request = way(rng)
        if rng.random() < 0.06:
            request.headers |= odd_headers(rng)
        if rng.random() < 0.03:
            request.method = rng.choice(("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "GET", "POST"))
        return request

    def _who(self, rng: Random) -> str:
        return rng.choices(("administrator", "member", "stakeholder", ""), (55, 30, 7, 8))[0]

    def _form(self, rng: Random) -> Request:
        """A form as it was found, with something odd in it."""
        form = rng.choice(self.forms)
        given = {name: _fitting(rng, form, name) for name in form.fields if rng.random() < 0.97}
        given = values.mutate(rng, given) if rng.random() < 0.9 else given
        who, action = self._who(rng), form.action
        if rng.random() < 0.05:
            action = self._filled(rng, route_of(action)) or action
        if form.method == "get":
            return Request(who, "GET", f"{action.partition('?')[0]}?{encoded(rng, given)}")
        files = [name for name, one in form.fields.items() if one.kind == "file"]
        return self._post(rng, who, action, given, files=files, multipart=form.is_multipart)

    def _asked(self, rng: Random) -> Request:
        """What a route's view looks for, odd or not, sent to any of its addresses."""
        route = rng.choice(self.routes)
        names = sorted(self.surface.asked.get(route, ())) or ["q"]
        given = {name: self._known(rng, route, name) for name in names if rng.random() < 0.8}
        given = values.mutate(rng, given)
        address = self._somewhere(rng, route)
        if rng.random() < 0.35:
            return Request(self._who(rng), "GET", f"{address.partition('?')[0]}?{encoded(rng, given)}")
        return self._post(
            rng, self._who(rng), address, given, files=[n for n in names if "file" in n], multipart=False
        )

    def _known(self, rng: Random, route: str, name: str) -> str:
        """A value that some form has for it, or an odd one."""
        found = [f for f in self.forms if name in f.fields and route_of(f.action) == route]
        if found and rng.random() < 0.8:
            return _fitting(rng, rng.choice(found), name)
        return rng.choice(("1", "on", "a few words", "INC-1", "2026-11-30", values.odd_text(rng)))

    def _query(self, rng: Random) -> Request:
        """A page with parameters that it knows."""
        address = rng.choice(self.addresses)
        names = [
            *sorted(self.surface.asked.get(route_of(address), ())),
            "after",
            "before",
            "page",
            "q",
            "sort",
        ]
        given = {rng.choice(names): values.odd_text(rng) for _ in range(rng.choice((1, 1, 2, 3)))}
        return Request(self._who(rng), "GET", f"{address.partition('?')[0]}?{encoded(rng, given)}")

    def _address(self, rng: Random) -> Request:
        """A route with odd or foreign keys in its address."""
        method = rng.choice(("GET", "POST", "HEAD", "DELETE"))
        return Request(self._who(rng), method, self._filled(rng, rng.choice(self.routes)))

    def _somewhere(self, rng: Random, route: str) -> str:
        known = self.surface.addresses.get(route)
        return rng.choice(known) if known and rng.random() < 0.9 else self._filled(rng, route)

    def _filled(self, rng: Random, route: str) -> str:
        """The route with a value for each parameter that its converter takes, when it takes one at all."""
        address = "/" + route.removeprefix("^").removesuffix("$")
        for name, kind in self.surface.routes.get(route, ("", {}))[1].items():
            before = "" if kind == "str" and f"<{name}>" in address else f"{kind}:"
            address = address.replace(f"<{before}{name}>", self._parameter(rng, kind, route))
        return address.replace(r"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)", rng.choice(("1-set-password", "1-a", "zzzzzzzzzzzzzzzz-x", f"{'z' * 4000}-x", "0-\u2028")))  # fmt: skip

    def _parameter(self, rng: Random, kind: str, route: str) -> str:
        if kind == "str":
            works = {"hooks/": "hook", "feeds/": "feed", "s/": "shared", "answers/": "answer", "invitation/": "invitation", "unsubscribe/": "unsubscribe"}  # fmt: skip
            secret = works.get(route[: route.find("/") + 1])
            if secret and rng.random() < 0.7:
                return rng.choice(self.secrets[secret])
            return quoted(values.odd_text(rng)).replace("/", "-") or "-"
        odd = {
            "int": ("0", "1", "2", "3", "999999", "9223372036854775807", "9223372036854775808", "9" * 18, "9" * 25, "007", "٣", values.DIGITS),
            "incident": ("INC-1", "inc-2", "INC-3", "INC-33", "INC-999999999", "INC-12", "Inc-34"), "action": ("ACT-1", "ACT-2", "act-3", "ACT-999999999"),
            "uuid": (str(UUID(int=1)), str(UUID(int=rng.getrandbits(128))), "f" * 8 + "-ffff-ffff-ffff-" + "f" * 12),
            "slug": ("a", "-", "_", "a" * 3_000, "core", "checkout", "pdf", "md", "json", "html", "actions", "done"),
        }  # fmt: skip
        assert kind in get_converters()
        return rng.choice(odd.get(kind, ("x",)))

    def _api(self, rng: Random) -> Request:
        operation = rng.choice(self.operations)
        token = rng.choice((*self.secrets["token"], self.secrets["token"][0], values.odd_text(rng)[:100]))
        address = operation.path
        for name in operation.path_names:
            good = {
                "key": ("INC-1", "INC-2", "INC-33"),
                "name": ("started", "detected", "mitigated", "resolved"),
            }
            given = rng.choice(good.get(name, ("1",))) if rng.random() < 0.85 else values.odd_text(rng)
            address = address.replace("{" + name + "}", quoted(given).replace("/", "%2F"))
        asked = {name: values.odd_text(rng) for name in operation.query_names if rng.random() < 0.4}
        address += f"?{encoded(rng, asked)}" if asked else ""
        body = b""
        if operation.body:
            given = body_for(rng, operation)
            body = _json_body(
                rng, values.mutate(rng, given, values.odd_json) if rng.random() < 0.9 else given
            )
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return Request("", operation.method, address, body, _json_kind(rng), headers)

    def _hook(self, rng: Random) -> Request:
        """What a monitoring system might send, and what none would."""
        payload = {
            "title": "Checkout is slow", "id": str(rng.randrange(50)), "severity": "SEV2", "started_at": "2026-11-29T10:00:00Z", "resolved_at": "2026-11-29T11:00:00Z",
            "url": "https://example.org/1", "service": "checkout", "tags": ["a", "b"], "duration": "15m", "status": "resolved", "description": "It was slow.",
            "alerts": [{"labels": {"alertname": "x"}, "annotations": {"summary": "slow"}, "startsAt": "2026-11-29T10:00:00Z"}], "date": "2026-11-29", "team": "Core",
        }  # fmt: skip
        names = rng.sample(sorted(payload), rng.randrange(1, len(payload)))
        given = values.mutate(rng, {name: payload[name] for name in names}, values.odd_json)
        secret = rng.choice((*self.secrets["hook"], "wrong"))
        return Request("", "POST", f"/hooks/{secret}/", _json_body(rng, given), _json_kind(rng))

    def _json(self, rng: Random) -> Request:
        """JSON where a form is wanted."""
        address = self._somewhere(rng, rng.choice(self.routes))
        body = _json_body(rng, values.odd_json(rng))
        return Request(self._who(rng), "POST", address, body, _json_kind(rng))

    def _post(
        self, rng: Random, who: str, address: str, given: dict[str, Any], *, files: list[str], multipart: bool
    ) -> Request:
        headers = {"HX-Request": "true"} if rng.random() < 0.15 else {}
        headers |= {"Referer": f"http://testserver{quoted(address)}"} if rng.random() < 0.2 else {}
        if files or multipart or rng.random() < 0.1:
            return Request(who, "POST", address, multipart_of(rng, given, files), MULTIPART, headers)
        kind = f"{FORM}; charset={rng.choice(('utf-16', 'nonsense', 'utf-7', 'ascii', 'idna', 'hex'))}" if rng.random() < 0.02 else FORM  # fmt: skip
        return Request(who, "POST", address, encoded(rng, given).encode(), kind, headers)


def _fitting(rng: Random, form: Form, name: str) -> str:
    """A value that the field might well have."""
    one = form.fields[name]
    if options := [option for option in one.options if option]:
        return rng.choice((rng.choice(options), one.value or options[0]))
    good = {
        "number": "3", "email": "someone@northwind.example", "url": "https://example.org/", "date": "2026-12-04", "datetime-local": "2026-11-20T14:03",
        "time": "14:03", "password": "correct horse battery", "text": "a few words", "textarea": "Some *words* about it.\n\nMore.", "search": "checkout",
    }  # fmt: skip
    return one.value or good.get(one.kind, "1")


def quoted(text: str) -> str:
    """`text` in an address; what UTF-8 cannot say goes as the bytes that some programs send."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass")[:8_000], safe="/")


def encoded(rng: Random, given: dict[str, Any]) -> str:
    """A query or form body; now and then a field twice, or bytes that are no UTF-8."""
    pairs = [(name.encode("utf-8", "surrogatepass"), _bytes(value)) for name, value in given.items()]
    if pairs and rng.random() < 0.1:
        pairs.append(rng.choice(pairs))
    said = urlencode(pairs)
    return said + rng.choice(("&a=%ff%fe", "&=&&", "&%", "&a[]=1", ";b=2")) if rng.random() < 0.03 else said


def _bytes(value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogatepass")


def multipart_of(rng: Random, given: dict[str, Any], files: list[str]) -> bytes:
    """A multipart body, sometimes a broken one."""
    parts = []
    for name, value in given.items():
        if name not in files:
            parts.append(b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (quote(name, safe=" []_-", errors="replace").encode(), _bytes(value)))  # fmt: skip
    for name in files:
        label, content = odd_file(rng)
        head = f'Content-Disposition: form-data; name="{name}"; filename="{label}"\r\nContent-Type: '
        kind = rng.choice(("text/plain", "image/png", "application/json", "application/zip", "²", "text/x; charset=nonsense", ""))  # fmt: skip
        parts.append(head.encode("utf-8", "surrogatepass") + kind.encode() + b"\r\n\r\n" + content)
    mark = f"--{BOUNDARY}".encode()
    whole = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    if rng.random() < 0.06:
        at = rng.randrange(len(whole))
        whole = rng.choice(
            (whole[:at], whole[at:], whole.replace(b"\r\n", b"\n"), whole[:at] + b"\x00\xff" + whole[at:])
        )
    return whole


def odd_file(rng: Random) -> tuple[str, bytes]:
    """(name, content) of something to upload."""
    deep, odd = b"[" * 20_000, _bytes(values.odd_text(rng))
    row = {
        "title": "a",
        "date": "2026-11-01",
        "severity": "SEV1",
        "url": "https://example.org",
        "description": "x",
    }
    bad = values.dump(values.mutate(rng, row, values.odd_json)).encode()
    yaml = b"\n".join(
        b"%s: %s" % (name.encode(), _bytes(values.odd_text(rng, value))) for name, value in row.items()
    )
    columns = ",".join(row)
    cells = ",".join(str(one).replace("\n", " ") for one in values.mutate(rng, row).values())
    name, content = rng.choice(
        (
            ("a.json", b"[" + bad + b"]"), ("a.json", b"[" + bad + b"," + bad + b"]"), ("a.jsonl", bad + b"\n" + bad), ("a.json", deep), ("a.json", odd),
            ("a.md", b"---\n" + yaml + b"\n---\n# A\n\ntext"), ("a.md", b"---\n" + odd + b"\n---\n"), ("a.md", b"---\na: " + deep[:3_000] + b"\n---\nx"), ("a.md", b"---\nn: " + b"9" * 5_000 + b"\n---\nx"),
            ("a.csv", f"{columns}\n{cells}\n".encode("utf-8", "surrogatepass")), ("a.csv", odd + b",x\n1,2\n"), ("a.csv", b'a,"b\n' * 9), ("a.csv", "a,b\n1,2".encode("utf-16")),
            ("a.zip", zipped({"2026-11-01.json": bad, "channels.json": odd})), ("a.zip", zipped({"c/2026-11-01.json": b"[" + bad + b"]", "users.json": b"{}", "channels.json": b'[{"name":"c","id":1}]'})), ("a.zip", b"PK\x03\x04" + odd[:50]),
            ("a.png", b"\x89PNG\r\n\x1a\n" + odd[:99]), ("a.svg", b"<svg onload='x'/>"), ("a.txt", b"14:01 ann: it broke\n" + odd), ("a.pdf", b"%PDF-1.7" + odd[:20]), ("", b""), ("a.gif", b"GIF89a"), ("a.jpg", b"\xff\xd8\xff\xe0"),
        )
    )  # fmt: skip
    if rng.random() < 0.1:
        name = rng.choice(
            (
                "../../x",
                "a" * 400 + ".csv",
                "con",
                "\ud800.csv",
                "a\x00.csv",
                ".",
                '"',
                "a.",
                "²",
                "a\r\nb.png",
                ".json",
                "/",
            )
        )
    return name, content


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of the same bytes each time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def odd_headers(rng: Random) -> dict[str, str]:
    """One or two that are seldom right."""
    odd = quoted(values.odd_text(rng))[:500]
    every = {
        "Host": ("testserver:99999", "[::1", "a b", "", "testserver.", "[::1]:x", "testserver:²"), "Referer": ("https://[", "http://testserver/\\", odd, "//", "http://testserver:x/"),
        "Cookie": ("followthrough_session=\x00", "followthrough_session=" + "a" * 3_000, "a" * 2_000, "messages=x; followthrough_csrf=²", "=;;="), "Accept": ("application/json", "*/*;q=x", odd),
        "Content-Type": ("", "a", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300, "application/json; charset=nonsense", "text/²"),
        "HX-Request": ("true",), "HX-Current-URL": ("https://[", odd), "HX-Target": (odd,), "Accept-Language": ("²", "a" * 2_000, "de;q=x"), "If-Modified-Since": ("Mon, 01 Jan 99999 00:00:00 GMT", "x"),
        "If-None-Match": ("*", '"'), "Range": ("bytes=0-", "bytes=²-", "bytes=9-1"), "Authorization": ("Bearer", "Bearer ²", "Basic Og==", "Basic ²", "x" * 900, "bearer \x00"), "X-Forwarded-Proto": ("https", "²"),
        "X-Forwarded-For": ("²", "1.2.3.4, [", "a" * 900), "Origin": ("https://[", "null", "http://testserver"), "Content-Encoding": ("gzip", "x"), "Expect": ("100-continue",),
    }  # fmt: skip
    names = rng.sample(sorted(every), rng.choice((1, 1, 2)))
    return {name: rng.choice(every[name]) for name in names}


def _json_kind(rng: Random) -> str:
    odd = ("text/plain", "application/json; charset=utf-16", "", "multipart/form-data", FORM)
    return rng.choice(odd) if rng.random() < 0.05 else "application/json"


def _json_body(rng: Random, given: Any) -> bytes:
    """JSON as bytes, sometimes none that is whole, sometimes with a mark or in another encoding."""
    text = values.dump(given)
    if rng.random() < 0.92:
        return text.encode()
    at = rng.randrange(len(text) + 1)
    return rng.choice(
        (text[:at].encode(), b"", b"null", b"[]", b"1", b'"x"', b"[" * 100_000, b'{"a":' * 50_000, text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode(), text.encode() + b"\xff", b"9" * 5_000, b'{"title":NaN}')
    )  # fmt: skip


def path_of(address: str) -> str:
    """Without the query."""
    return urlsplit(address).path
