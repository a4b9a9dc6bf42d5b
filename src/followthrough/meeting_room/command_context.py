"""The context of a command: the post-mortem, who asks, and validated arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.parsing import iso_date, iso_datetime
from followthrough.core.times import require_plausible
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

LARGEST = 2**53
"""JavaScript counts exactly up to here."""


class CommandArgs:
    """The arguments of one command; a missing or misshapen one is a DomainError that names it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> set[str]:
        return set(self._values)

    def value(self, name: str) -> Any:
        return self._values.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        found = self._values.get(name)
        if isinstance(found, str):
            return found
        if found is None and default is not None:
            return default
        raise self._misshapen(name)

    def text_if_given(self, name: str) -> str | None:
        return self.text(name) if self._values.get(name) is not None else None

    def flag(self, name: str) -> bool:
        return self._values.get(name) is True

    def key(self, name: str) -> UUID:
        try:
            return UUID(self.text(name))
        except ValueError as error:
            raise self._misshapen(name) from error

    def key_if_given(self, name: str) -> UUID | None:
        return self.key(name) if self._values.get(name) is not None else None

    def whole(self, name: str) -> int:
        found = self._values.get(name)
        if isinstance(found, bool) or not isinstance(found, int) or abs(found) > LARGEST:
            raise self._misshapen(name)
        return found

    def place(self, name: str) -> float | None:
        """A place among siblings; None for the last."""
        found = self._values.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) <= LARGEST:
            raise self._misshapen(name)
        return float(found)

    def moment(self, name: str) -> datetime:
        """An ISO 8601 moment with its offset, in UTC."""
        found = iso_datetime(self.text(name))
        if found is None:
            raise self._misshapen(name)
        return require_plausible(found, field=name)

    def moment_if_given(self, name: str) -> datetime | None:
        return self.moment(name) if self._values.get(name) is not None else None

    def day_if_given(self, name: str) -> date | None:
        """An ISO date; None or "" for none."""
        if not self._values.get(name):
            return None
        found = iso_date(self.text(name))
        if found is None:
            raise DomainError("Give the date as year-month-day, such as 2026-12-04.", field=name)
        return found

    @staticmethod
    def _misshapen(name: str) -> DomainError:
        return DomainError(
            f"“{name}” is missing or not of the right form. Nothing was changed; load the page again.",
            field=name,
        )


@dataclass(frozen=True)
class CommandContext:
    """Where one command is worked on. `base` is the version its author edited, or None; `here` are the ids of those in the
    room."""

    postmortem: PostMortem
    by: User
    base: int | None
    args: CommandArgs
    here: frozenset[int] = frozenset()

    def person_if_given(self, name: str) -> User | None:
        """The person whose id is the argument `name`; a person's whole record will do too."""
        found = self.args.value(name)
        if found is None:
            return None
        key = CommandArgs(found).whole("id") if isinstance(found, dict) else self.args.whole(name)
        person = User.objects.filter(pk=key).first()
        if person is None:
            raise NotFound("There is no such person. Choose one from the list.")
        return person


Handler = Callable[[CommandContext], object]
COMMANDS: dict[str, Handler] = {}


def command(name: str) -> Callable[[Handler], Handler]:
    """Names what carries out the command `name`."""

    def register(handler: Handler) -> Handler:
        COMMANDS[name] = handler
        return handler

    return register
