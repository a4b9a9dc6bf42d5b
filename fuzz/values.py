"""Odd values: what forms, addresses, bodies and commands are filled with. All are drawn from one seeded source."""

from __future__ import annotations

import json
from random import Random
from typing import Any, NamedTuple

DIGITS = "9" * 5_000


class Raw(NamedTuple):
    """JSON text that Python's writer would not write."""

    text: str


NUMBERS = (
    "0", "-1", "1", "²", "٣", "१", "1e400", "-1e400", "NaN", "Infinity", "-Infinity", "1_000", "0x10", "1.5", " 7 ", "+7",
    "2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "-9223372036854775809",
    "1e-400", "0.00000000000000000000001", "99999999999999999.99", "1,5", "½", "", "-0", "007", DIGITS, f"-{DIGITS}", f"0.{DIGITS}",
)  # fmt: skip
MOMENTS = (
    "2026-13-45", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999-14:00", "0001-01-01T00:00:00+14:00",
    "2026-11-29T25:61", "2026-11-29T10:00", "2026-W53-7", "2026-333", "20261129", "-2026-01-01", "99999-01-01", "24:00", "yesterday 99:99", "+99999999999999m",
    "Mon, 01 Jan 99999999999999999999 00:00:00 +0000", "2026-11-29T10:00:00+99:99", "2026-11-29T10:00:00+00:00:00.000001",
    "1e20", "@99999999999999999", "2026-03-29T02:30", "2026-10-25T02:30", "now", "tomorrow", "1969-12-31T23:59:60Z", f"{DIGITS}-01-01", f"+{DIGITS}m",
)  # fmt: skip
TEXTS = (
    "", " ", "\ud800", "a\udfffb", "\x00", "a\x00b", "\x01\x02\x1b[31m", "\x7f\x85\u2028", "\r\nSet-Cookie: a=b", "\u200b", "\u202eabc",
    "\ufffe", "\U0010ffff", "e" + "\u0301" * 50, "<script>", "{{ 7*7 }}", "%s%n%(a)s", "{0.__class__}", "../../etc/passwd", "'\"`;--",
    "\\", "#[1]", "$x$", "`" * 40, "[" * 2_000, "[@" * 1_000, "> " * 1_500, "* " * 1_500, "(" * 2_000, "|" * 500, "a" * 300, "ß" * 5_000, "x " * 30_000, "\n" * 3_000,
    " " * 20_000 + "x", "1" * 6_000 + "x", "null", "None", "true", "undefined", "__dict__", "_state", "pk", "INC-1", "INC-²", "ACT-999999999",
    "INC-0", f"INC-{DIGITS}", "ACT-" + DIGITS, "#" * 7, "=1+1", "@everyone", "-", "...", "/", "?", "%", "%00", "%ud800", "%ff", "\t", "🧨" * 300,
)  # fmt: skip
ADDRESSES = (
    "https://[", "http://[::1", "https://[x]/", "https://a]b", "//", "http://", "https://exa mple/", "javascript:alert(1)", "http://user@:80/",
    "http://a:b/", "http://a:99999999/", "http://\ud800/", "https://\u2100.example/", "ftp://[", "mailto:a", "http://xn--a/", "https://" + "a" * 3_000,
    "https://" + "a." * 200 + "example", "http://0x7f.1/", "data:,", "webcal://[", "HTTPS://EXAMPLE.ORG/%zz", "https://example.org/\x00", "https://example.org:\u0661/",
)  # fmt: skip
NAMES = ("__dict__", "_state", "_meta", "by", "base", "incident", "pk", "id", "self", "delete", "objects", "fields", "", "\ud800", "version", "save", "subject")  # fmt: skip
ZONES = ("Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "Europe", "", "\x00", "UTC\x00", "Etc/GMT+99", "posixrules", "a" * 5_000, "Factory", "localtime", "europe/berlin", "\ud800", "Europe/Berlin/", "C:\\zone", "tzdata.zi", ".")  # fmt: skip
KEYS = ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{12345678-1234-5678-1234-567812345678}", "urn:uuid:12345678-1234-5678-1234-567812345678", "12345678123456781234567812345678", "x", "²" * 32)  # fmt: skip
CURSORS = ("W10=", "bnVsbA==", "WzEsMl0=", "=", "a", "\ud800", "W1tbW1s=", "eyJhIjoxfQ==", "WyJcdWQ4MDAiLDFd", "WzFlNDAwLDFd", "WyIyMDI2LTEzLTQ1IiwxXQ==", "W051bGwsMV0=", "//8=")  # fmt: skip
ALL = NUMBERS + MOMENTS + TEXTS + ADDRESSES + ZONES + KEYS + CURSORS


def odd_text(rng: Random, like: str = "") -> str:
    """Something that hardly fits; sometimes `like`, changed a little."""
    if like and rng.random() < 0.25:
        return _bent(rng, like)
    return rng.choice(rng.choice((NUMBERS, MOMENTS, TEXTS, TEXTS, ADDRESSES, ZONES, KEYS, CURSORS)))


def _bent(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return rng.choice(
        (
            text[:at] + rng.choice(ALL)[:200] + text[at:],
            text[:at],
            text * 2,
            text.swapcase(),
            f" {text} ",
            f"-{text}",
            f"{text}\x00",
        )
    )


def odd_json(rng: Random, like: Any = None) -> Any:
    """Any JSON, also what JSON forbids: a value of another type, far too large or deep, or an odd text."""
    simple = (
        None, True, False, 0, -1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 1.5, 1e308, [], {}, [[]], [None], {"": None},
        {"id": None}, {"id": [1]}, {"id": -1}, {"id": "x"}, {"a": {"b": {"c": []}}}, [1] * 600, [{}], ["a", 1, None], [{"id": 1, "key": "x", "minutes": 2**63}],
        Raw("1e400"), Raw("-1e400"), Raw("NaN"), Raw("Infinity"), Raw(DIGITS), Raw("[" * 900 + "]" * 900), Raw('{"a":' * 900 + "1" + "}" * 900),
        Raw('"\\ud800"'), Raw("1e-400"), Raw("[" * 50_000),
    )  # fmt: skip
    if rng.random() < 0.5:
        return odd_text(rng, like if isinstance(like, str) else "")
    return rng.choice(simple)


def dump(value: Any) -> str:
    """`value` as JSON, with what is Raw as it stands."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(name))}:{dump(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value)


def mutate(rng: Random, values: dict[str, Any], odd: Any = odd_text) -> dict[str, Any]:
    """`values` with one to three things wrong: odd values, some left out, some that nobody asked for."""
    changed = dict(values)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        names = list(changed) or [""]
        name = rng.choice(names)
        match rng.random():
            case chance if chance < 0.72:
                changed[name] = odd(rng, changed.get(name))
            case chance if chance < 0.82:
                changed.pop(name, None)
            case chance if chance < 0.92:
                changed[rng.choice(NAMES)] = odd(rng)
            case _:
                changed[name] = changed[rng.choice(names)] if changed else odd(rng)
    return changed
