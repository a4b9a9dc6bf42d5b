"""The backend of a room: what the domain must offer so that a room can be lived in; rooms above register theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from django.db.models import Model

from followthrough.activity.models import Activity
from followthrough.live.protocol import Command, Payload
from followthrough.people.models import User


class CommandRun(Protocol):
    """Commands of one transaction, one after the other."""

    def carry_out(self, command: Command, *, by: User) -> None:
        """Does one command inside the caller's savepoint; raises DomainError with the reason it was refused."""


class RoomBackend(Protocol):
    """One kind of live room. `number` names the room; every method runs in a worker thread."""

    triggers: frozenset[str]
    """Kinds of records after whose changes there may be something that the room does by itself."""

    def topic(self, number: int) -> str:
        """The topic of activity whose sequence the room follows."""

    def authorise(self, person: User, number: int) -> None:
        """Raises NotThere unless `person` may be in the room."""

    def touches_access(self, row: Activity) -> bool:
        """Whether this change may have altered who may be in a room."""

    def greeting(self, number: int, person: User) -> dict[str, Any]:
        """What the welcome holds beside the records: the room's name, who you are, what you may choose."""

    def begin(self, number: int, present: frozenset[int] = frozenset()) -> CommandRun:
        """Makes ready for commands of one transaction, while the people with the ids `present` are in the room. Called anew
        after a command that was refused."""

    def snapshot(self, number: int) -> Payload:
        """{kind: [record, …]} of everything in the room."""

    def changed(self, number: int, rows: Sequence[Activity], fresh: Mapping[str, Model]) -> Payload:
        """{kind: [record, …]} of what `rows` are about, as it is now; removed ones too, marked so.

        `fresh` holds records that `rows` added and that need not be read again, by their key.
        """

    def open(self, number: int, what: Mapping[str, Any]) -> dict[str, Any]:
        """What a client that opens a text needs of it (see "Texts" of the protocol). Raises DomainError."""

    def draw(self, number: int, present: frozenset[int]) -> Payload:
        """What is derived from the records: drawings, checks, hints. `present` are people's ids."""

    def has_pending(self, number: int, present: frozenset[int]) -> bool:
        """Whether the room has something to do by itself, given who is here."""

    def run_automations(self, number: int, present: frozenset[int]) -> None:
        """Does it, inside the caller's transaction, if it still is due."""


_makers: dict[str, Callable[[], RoomBackend]] = {}


def register(prefix: str, make: Callable[[], RoomBackend]) -> None:
    """Opens /live/<prefix>/<number>/; called from an AppConfig's ready(). The driver is made with the first room."""
    _makers[prefix] = make


@cache
def backend_for(prefix: str) -> RoomBackend | None:
    make = _makers.get(prefix)
    return make() if make else None


def prefix_of(backend: RoomBackend) -> str:
    """What `driver` is registered under."""
    return next(prefix for prefix in _makers if backend_for(prefix) is backend)
