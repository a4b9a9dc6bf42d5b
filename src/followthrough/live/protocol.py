"""The wire protocol of the socket: JSON text, version 1 of docs/live-protocol.md."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from followthrough.core.errors import DomainError
from followthrough.core.text import line, repaired, repaired_deep
from followthrough.live.limits import PIECE_CHARACTERS
from followthrough.people.models import User

VERSION = 1
LARGEST_NUMBER = 2**63 - 1
LONGEST_NAME = 80
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

NOT_UNDERSTOOD, NOT_SIGNED_IN, NOT_VISIBLE = 4400, 4401, 4404
TOO_SLOW, TOO_LARGE, TOO_FAST = 4408, 4413, 4429
RESTARTING, TRY_LATER = 1012, 1013
FINAL_CODES = frozenset({NOT_UNDERSTOOD, NOT_SIGNED_IN, NOT_VISIBLE})
"""After these, coming back changes nothing until a person does something."""


@dataclass(frozen=True)
class Hello:
    """The client is here and has seen everything up to `seq` (None: nothing); `pieces`: it puts pieces together."""

    seq: int | None
    pieces: bool = False


@dataclass(frozen=True)
class Command:
    """One change somebody asks for. `op` names it for good; `base` is the version that was edited."""

    op: UUID
    name: str
    args: dict[str, Any]
    base: int | None


@dataclass(frozen=True)
class PresenceMessage:
    """Something to tell the others that is never stored."""

    kind: str
    on: str


@dataclass(frozen=True)
class Ping:
    at: int


@dataclass(frozen=True)
class Open:
    """The client opens a text; `what` says which one and what of it the client has."""

    what: dict[str, Any]


Message = Hello | Command | PresenceMessage | Ping | Open


@dataclass(frozen=True)
class Payload:
    """What everyone in a room may have (`shared`) and what only one person may, by the person's id."""

    shared: dict[str, Any]
    private: Mapping[int, dict[str, Any]] = field(default_factory=dict)

    def content_for(self, person: int) -> dict[str, Any]:
        """The shared content with the person's own; lists under the same name are joined."""
        own = self.private.get(person, {})
        joined = {name: self.shared[name] + rows for name, rows in own.items() if name in self.shared}
        return self.shared | own | joined

    def text_for(self, person: int) -> str:
        """The same as JSON; what is shared is written once for all."""
        return dump(self.content_for(person)) if person in self.private else self._shared_text

    def pieces_for(self, person: int) -> list[str]:
        """The same as JSON objects of about `PIECE_CHARACTERS` each, to be laid over each other in this order."""
        own = self.private.get(person)
        return [*self.shared_pieces, *(_pieces(own) if own else ())]

    def written(self) -> Payload:
        """The same, with the JSON of what is shared made."""
        _ = self.shared_pieces
        return self

    @cached_property
    def shared_pieces(self) -> list[str]:
        """Written once for all; one piece where everything fits."""
        whole = self._shared_text
        return [whole] if len(whole) <= PIECE_CHARACTERS else _pieces(self.shared)

    @cached_property
    def _shared_text(self) -> str:
        return dump(self.shared)


def _pieces(content: Mapping[str, list[Any]]) -> list[str]:
    """JSON objects of some of the rows each, every kind's in their order."""
    pieces, piece, length = [], dict[str, list[str]](), 0
    for kind, rows in content.items():
        for text in map(dump, rows):
            if length and length + len(text) > PIECE_CHARACTERS:
                pieces.append(_joined(piece))
                piece, length = {}, 0
            piece.setdefault(kind, []).append(text)
            length += len(text)
    return [*pieces, _joined(piece)]


def _joined(rows: Mapping[str, list[str]]) -> str:
    return "{" + ",".join(f'"{kind}":[{",".join(texts)}]' for kind, texts in rows.items()) + "}"


class Malformed(Exception):
    """The text is not a message of this protocol."""


def read(text: str) -> Message:
    """The message in `text`; raises Malformed."""
    try:
        raw = json.loads(text, parse_constant=_not_a_number, parse_float=_finite)
        if _ESCAPED_SURROGATE.search(text):
            json.dumps(raw, ensure_ascii=False).encode()
        return _message(raw)
    except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise Malformed from error


def _message(raw: dict[str, Any]) -> Message:
    match raw["t"]:
        case "hello" if raw.get("v", VERSION) == VERSION:
            return Hello(_whole(raw.get("seq")), pieces=raw.get("pieces") is True)
        case "do":
            args = raw.get("args") or {}
            return Command(UUID(raw["op"]), _text(raw["do"]), _object(args), _whole(raw.get("base")))
        case "say":
            return PresenceMessage(_text(raw["kind"])[:16], _name(raw.get("on") or ""))
        case "ping":
            return Ping(_whole(round(raw["at"])) or 0)
        case "open":
            return Open({name: _text(raw[name]) for name in ("of", "vector") if name in raw})
    raise Malformed


def _not_a_number(constant: str) -> float:
    """Python reads NaN and Infinity, which JSON does not have and no browser could read again."""
    raise Malformed(constant)


def _finite(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise Malformed(digits)
    return number


def _whole(number: Any) -> int | None:
    """A sequence or version as the database can hold it."""
    if number is None:
        return None
    if type(number) is not int or abs(number) > LARGEST_NUMBER:
        raise Malformed
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed
    return value


def _name(value: Any) -> str:
    """What is said to all others about: one short line."""
    return line(_text(value)[:LONGEST_NAME])


def dump(message: Any) -> str:
    """`message` as compact JSON that can always be sent: what is no text or no number in it is replaced."""
    try:
        text = _compact(message)
    except ValueError:
        text = _compact(repaired_deep(message))
    return repaired(text)


def _compact(message: Any) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False, default=str, allow_nan=False)


def dump_onto(message: dict[str, Any], more: str) -> str:
    """`message` as JSON with the fields of another object, `more`, that is JSON already and not empty."""
    return f"{dump(message)[:-1]},{more[1:]}"


def now_ms() -> int:
    """The server's clock in milliseconds, for clients to correct theirs."""
    return round(time.time() * 1000)


def refusal(op: UUID, error: DomainError) -> dict[str, Any]:
    """The "no" that tells a sender why the command changed nothing."""
    current = getattr(error, "current", None) or None
    return {
        "t": "no", "op": str(op), "status": error.status, "message": error.message,
        "field": error.field, "current": current,
    }  # fmt: skip


def person_json(person: User) -> dict[str, Any]:
    """How a person is shown to others."""
    return {"id": person.pk, "name": person.name, "initials": person.initials, "hue": person.hue}
