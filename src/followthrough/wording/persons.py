"""How people appear in a sentence: roles, pronouns, handles and the names of those who were there."""

import re
from collections.abc import Iterable

from followthrough.wording.blame_vocabulary import MACHINE_OPERATORS, ROLES

_SHORTEST_NAME = 2
_NOT_MACHINES = "".join(f"(?<!{name} )" for name in MACHINE_OPERATORS.split("|"))
_DETERMINER = r"(?:the|an?|our|some|one\s+of\s+(?:the|our)|another|this|that|their)"
_ROLE = (
    rf"(?:\b{_DETERMINER}\s+(?:(?!(?:{MACHINE_OPERATORS})\b)[\w-]+\s+){{0,2}}?|\b(?<!-))"
    rf"{_NOT_MACHINES}(?<!\bno )(?:{ROLES})\b(?:\s+(?:on[- ]?(?:call|duty|shift)|"
    rf"who\s+\w+\s+\w+(?=\s\w+ed)))?"
)
_PRONOUN = r"\b(?:he|she|I|we|nobody|no\s+one|none\s+of\s+us|everyone|everybody)\b"
_HANDLE = r"(?<![\w.])@[\w-]+"


def person(names: Iterable[str]) -> str:
    """A pattern for somebody named or described by a role ("Sam", "the on-call engineer", "@sam")."""
    return rf"(?:{'|'.join([_ROLE, _HANDLE, *_named(names)])})"


def person_or_pronoun(names: Iterable[str]) -> str:
    """A pattern for whoever can do what people do; "they" is left out, as it may be machines."""
    return rf"(?:{_PRONOUN}|{person(names)})"


def _named(names: Iterable[str]) -> list[str]:
    """Full names, and each part of them that is long enough; case counts, so that "will" is not Will."""
    parts = {part for name in names for part in (name.strip(), *name.split()) if len(part) >= _SHORTEST_NAME}
    return [
        rf"(?<!\w)(?-i:{re.escape(part)})(?!\w)"
        for part in sorted(parts, key=lambda part: (-len(part), part))
    ]
