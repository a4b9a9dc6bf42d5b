"""Commands as docs/live-protocol.md lists them, with arguments that fit, and then with some that do not."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from followthrough.live import protocol
from fuzz import values

DOCUMENT = Path(__file__).parents[1] / "docs" / "live-protocol.md"
KINDS = {
    "entry": "timeline.entry", "cause": "causes.cause", "finding": "causes.finding", "action": "actions.actionitem",
    "answer": "meetings.answer", "park": "meetings.parkeditem", "vote": "meetings.vote",
}  # fmt: skip
POINTING = {
    "parent": "cause",
    "cause": "cause",
    "about": "cause",
    "entry": "entry",
    "with": "entry",
    "finding": "finding",
}
NEW = (".add", ".give", ".cast", ".link")
CHOICES = {
    "entry.kind": ("observation", "action", "alert", "change"), "finding.kind": ("root_cause", "trigger", "luck", "went_well"), "action.kind": ("prevent", "detect", "learn"),
    "category": ("process", "code", "people", ""), "priority": ("high", "low"), "milestone": ("started", "detected", "resolved", None), "role": ("scribe", "co_facilitator"),
    "step": ("welcome", "timeline", "causes", "impact", "prevention", "actions", "close"), "line": ("14:11 alert fired", "+3m it got worse", "no time"), "when": ("14:11", "+8m", "yesterday 23:50"),
    "due_on": ("2026-12-24", None), "position": (0, 1.5, -3, None), "previous": ("2026-11-20T14:11:00Z", None), "private": (True, False), "hidden": (True, False), "anonymous": (True, False),
    "key": ("a secret of some length", ""), "url": ("https://example.org/a",), "minutes": (5, 60), "learned": (1, 5), "worth": (3,), "safe": (4,), "source": ("chat",),
    "reason": ("It is not worth it.",), "of": ("note:causes", "note:welcome", "summary:overview", "summary:next", "note:nowhere"),
}  # fmt: skip
RARE = {"meeting.close": 0.05, "round.answer": 0.5, "meeting.hand_over": 0.3}


class Frame(NamedTuple):
    """The text of one message; `op` if it is a command that must be answered."""

    text: str
    op: str = ""

    def __str__(self) -> str:
        return self.text if len(self.text) < 900 else f"{self.text[:700]} ... {self.text[-100:]}"


class Commander:
    """Knows the records of one room."""

    def __init__(self, room: int) -> None:
        from followthrough.incidents.models import Impact
        from followthrough.live.room_backend import backend_for
        from followthrough.meeting_room.command_context import COMMANDS
        from followthrough.meetings.models import Question
        from followthrough.people.models import User

        driver = backend_for("incidents")
        assert driver is not None
        self.room = room
        self.records: dict[str, list[dict[str, Any]]] = driver.snapshot(room).shared
        self.people = list(User.objects.order_by("pk").values_list("pk", flat=True))
        self.questions = list(Question.objects.order_by("pk").values_list("pk", flat=True))
        self.arguments = _documented() | {name: [] for name in COMMANDS if name not in _documented()}
        fields = [field.name for field in Impact._meta.concrete_fields]
        self.arguments["impact.change"] = [name for name in fields if name not in {"incident", "version"}]
        self.names = sorted(self.arguments)
        self.made: dict[str, list[str]] = {}

    def one(self, rng: Random) -> Frame:
        """The next message: mostly a command."""
        if rng.random() < 0.06:
            return _message(rng)
        name = rng.choice(self.names)
        while rng.random() > RARE.get(name, 1):
            name = rng.choice(self.names)
        given = {one: self._fitting(rng, name, one) for one in self.arguments[name] if rng.random() < 0.95}
        if name == "impact.change":
            given = {one: given[one] for one in rng.sample(sorted(given), min(len(given), 3))}
        if rng.random() < 0.85:
            given = values.mutate(rng, given, values.odd_json)
        op = str(UUID(int=rng.getrandbits(128), version=4))
        name = name if rng.random() < 0.99 else values.odd_text(rng)[:100]
        base = rng.choice((None, None, 1, 2, -5, 0, 2**63, 10**30, True, 7)) if rng.random() < 0.4 else None
        text = values.dump({"t": "do", "op": op, "do": name, "args": given, "base": base})
        if len(text.encode()) > 60_000:
            return self.one(rng)
        return Frame(text, "" if _too_odd(text) else op)

    def _fitting(self, rng: Random, name: str, argument: str) -> Any:
        """A value that the argument may well have."""
        prefix = name.partition(".")[0]
        if argument == "id":
            return self._new(rng, prefix) if name.endswith(NEW) else self._known(rng, prefix)
        if kind := POINTING.get(argument):
            return self._known(rng, kind)
        if argument in {"owner", "person"}:
            return rng.choice((*self.people, None))
        if argument == "question":
            return rng.choice(self.questions)
        if made := MADE.get(argument):
            return made(rng)
        options = CHOICES.get(f"{prefix}.{argument}") or CHOICES.get(argument)
        if options is None and prefix == "impact":
            options = (3, "12.50", None, 0)
        return rng.choice(options or ("Some words about it.", "The alert came late"))

    def _new(self, rng: Random, prefix: str) -> str:
        key = str(UUID(int=rng.getrandbits(128), version=4))
        self.made.setdefault(prefix, []).append(key)
        return key

    def _known(self, rng: Random, prefix: str) -> str:
        rows = [str(row["id"]) for row in self.records.get(KINDS.get(prefix, ""), ())]
        known = (rows + self.made.get(prefix, [])[-30:]) or [str(UUID(int=1))]
        return rng.choice(known)

    def handshakes(self, rng: Random, session: str) -> Iterator[tuple[dict[str, str], str]]:
        """(headers, path) of a few odd ones."""
        here, odd = f"/live/incidents/{self.room}/", values.odd_text(rng)[:300]
        for path in (
            "/live/incidents/0/",
            "/live/incidents/999999999999999999/",
            f"/live/incidents/{'9' * 30}/",
            "/live/nowhere/1/",
            "/live/incidents/²/",
            f"/live/{odd}/",
            "/",
        ):
            yield {}, path
        for origin in (
            "https://[",
            "null",
            "",
            "http://testserver:²",
            "http://testserver@evil",
            odd.replace("\n", ""),
        ):
            yield {"origin": origin}, here
        for host in ("[", "[::1", "testserver:x", "", "²", "a]"):
            yield {"host": host, "origin": f"http://{host}"}, here
        for cookie in (
            "=",
            "followthrough_session=\x00",
            "followthrough_session=" + "a" * 5_000,
            f"followthrough_session={session}x",
            odd,
            'followthrough_session="\\',
        ):
            yield {"cookie": cookie}, here


def _documented() -> dict[str, list[str]]:
    """{command: names of its arguments} from the table of the protocol."""
    found: dict[str, list[str]] = {}
    for first, rest in re.findall(
        r"^\| (`[a-z]+\.[a-z_`, .]+) \| (.*) \|$", DOCUMENT.read_text(), re.MULTILINE
    ):
        inside = re.sub(r"\[\{.*?\}\]|\(.*?\)", "", " ".join(re.findall(r"`([^`]+)`", rest)[:1]))
        names = re.findall(r"[a-z_]+", inside)
        found |= dict.fromkeys(re.findall(r"`([a-z]+\.[a-z_]+)`", first), names)
    return found


def _row(rng: Random) -> dict[str, Any]:
    key = str(UUID(int=rng.getrandbits(128), version=4))
    row = {
        "id": key,
        "happened_at": "2026-11-20T14:11:00Z",
        "text": "It broke",
        "author": "Ann",
        "key": key,
        "kind": "alert",
    }
    return values.mutate(rng, row, values.odd_json) if rng.random() < 0.3 else row


def _update(rng: Random) -> str:
    """A Yjs update in base64, often a spoilt one."""
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText

    doc: Any = Doc(client_id=rng.getrandbits(30) or 1)
    fragment = doc.get("prose", type=XmlFragment)
    block = fragment.children.append(
        XmlElement(
            rng.choice(("paragraph", "heading", "script", "image", "bullet_list")),
            {"level": rng.choice(("1", "²", "9"))},
        )
    )
    block.children.append(XmlText(rng.choice(("Some words", "\x00", "[" * 900, "a" * 9_000, "\r\n\u2028"))))
    data = bytearray(doc.get_update())
    if rng.random() < 0.6:
        for _ in range(rng.randrange(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    return b64encode(data[: rng.randrange(len(data) + 1)] if rng.random() < 0.2 else data).decode()


MADE: dict[str, Callable[[Random], Any]] = {
    "rows": lambda rng: [_row(rng) for _ in range(rng.randrange(1, 4))],
    "steps": lambda _: [{"key": step, "minutes": 10} for step in CHOICES["step"]],
    "update": _update,
    "estimates": lambda _: ["people"],
}


def _message(rng: Random) -> Frame:
    """What is no command: pings, things said, texts opened, greetings, and nonsense."""
    kinds: tuple[dict[str, Any], ...] = (
        {"t": "ping", "at": 1}, {"t": "hello", "v": 1, "seq": rng.choice((None, 0, 5, 10**9))}, {"t": "open", "of": "note:causes", "vector": "AA=="}, {"t": "open", "of": "summary:overview"},
        {"t": "say", "kind": rng.choice(("looking", "hand", "writing", "attention", "reaction", "cursor", "x")), "on": "causes"}, {"t": "x"},
    )  # fmt: skip
    text = values.dump(values.mutate(rng, rng.choice(kinds), values.odd_json))
    if rng.random() < 0.1:
        text = rng.choice(
            (
                "",
                "[",
                "null",
                "[]",
                "1",
                '"do"',
                "[" * 20_000,
                '{"t":"do"}',
                '{"t":["do"]}',
                '{"t":{}}',
                text[: len(text) // 2],
                "\x00",
            )
        )
    return Frame(text[:60_000])


def _too_odd(text: str) -> bool:
    """Whether the whole message is refused by closing the socket, so that its command has no answer."""
    try:
        protocol.read(text)
    except Exception:  # noqa: BLE001 - the socket shows what it is
        return True
    return False
