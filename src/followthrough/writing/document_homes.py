"""Registry of document homes: what a name stands for, who may write there and where its Markdown is kept."""

from __future__ import annotations

from typing import Protocol

from followthrough.core.errors import DomainError, NotFound
from followthrough.postmortems.models import PostMortem


class DocumentHome(Protocol):
    """One kind of text. `part` is what follows the kind in a document's name: "causes" of "note:causes"."""

    limit: int
    """Characters of Markdown that fit."""
    keep_lines: bool
    """Whether plain texts of before begin a new line where they have one."""

    def title(self, part: str) -> str:
        """What the text is called. Raises NotThere where there is no such part."""

    def address(self, postmortem: PostMortem, part: str) -> str:
        """The page where it is written."""

    def standing(self, postmortem: PostMortem, part: str) -> str:
        """The Markdown that everyone reads now."""

    def check(self, postmortem: PostMortem, part: str) -> None:
        """Raises DomainError where nobody may write any more."""

    def keep(self, postmortem: PostMortem, part: str, text: str) -> None:
        """Keeps the Markdown, for all who read it."""


_homes: dict[str, DocumentHome] = {}


def register(kind: str, home: DocumentHome) -> None:
    """Names under `kind` belong to `home`; called from an AppConfig's ready()."""
    _homes[kind] = home


class DocumentPlace:
    """One text of one post-mortem, found by its name. Raises NotThere where there is none of that name."""

    def __init__(self, postmortem: PostMortem, name: str) -> None:
        kind, _, self.part = name.partition(":")
        home = _homes.get(kind)
        if home is None:
            raise NotFound("There is no such text.")
        self.home, self.postmortem, self.name = home, postmortem, name
        self.title = home.title(self.part)

    @property
    def address(self) -> str:
        return self.home.address(self.postmortem, self.part)

    def standing(self) -> str:
        return self.home.standing(self.postmortem, self.part)

    def check(self) -> None:
        self.home.check(self.postmortem, self.part)

    def locked(self) -> str:
        """Why nothing may be written here, "" if it may."""
        try:
            self.check()
        except DomainError as error:
            return error.message
        return ""

    def keep(self, text: str) -> None:
        self.home.keep(self.postmortem, self.part, text)
