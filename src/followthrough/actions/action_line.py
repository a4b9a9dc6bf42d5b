"""An action as people say it: "add an alert by Friday, owned by Priya" is a deed, a date and an owner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followthrough.core.said_dates import read_day

Part = Literal["owner", "due_on", "priority"]
PARTS: tuple[Part, ...] = ("owner", "due_on", "priority")
LONGEST = 1_000
"""Characters of a line that are looked at; a longer one is text throughout."""
_LONGEST_NAME, _LONGEST_DAY, _LONGEST_END = 3, 5, 16
_WORD = re.compile(r"\S+")
_TRIMMED = " \t,;:–—-"
_BEFORE_A_DAY = ("no later than", "not later than", "due on", "due by", "due", "by", "until", "before")
_BEFORE_AN_OWNER = ("owned by", "assigned to", "owner", "owner is", "assignee")
_PRIORITIES = {"high": "high", "urgent": "high", "medium": "medium", "normal": "medium", "low": "low"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may own an action."""

    id: int
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A part of the line: which, its words, their place, and what they mean. `people` are all whom a name may mean."""

    part: Part
    words: str
    start: int
    end: int
    value: date | str | None = None
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionLine:
    """`text` is the line without its parts; a name that means several people, or nobody, stays in it."""

    text: str
    said: tuple[Said, ...]

    @property
    def owner(self) -> Person | None:
        """Whom the line names; None for nobody and for a name of several."""
        people = next((said.people for said in self.said if said.part == "owner"), ())
        return people[0] if len(people) == 1 else None

    @property
    def due_on(self) -> date | None:
        return next((said.value for said in self.said if isinstance(said.value, date)), None)

    @property
    def priority(self) -> str | None:
        return next((said.value for said in self.said if isinstance(said.value, str)), None)


def read_action_line(
    line: str,
    *,
    today: date,
    people: Sequence[Person] = (),
    writer: Person | None = None,
    as_words: Collection[str] = (),
) -> ActionLine:
    """The parts of `line` for a writer whose day is `today`; parts named in `as_words` are left as the words they are."""
    if len(line) > LONGEST:
        return ActionLine(line.strip(), ())
    reader = _Reader(line, today, people, writer, frozenset(as_words))
    said = tuple(sorted(reader.read(), key=lambda part: part.start))
    return ActionLine(_without([part for part in said if _is_settled(part)], line), said)


def _is_settled(said: Said) -> bool:
    return said.part != "owner" or len(said.people) == 1


def _without(taken: Sequence[Said], line: str) -> str:
    pieces, place = [], 0
    for part in taken:
        pieces.append(line[place : part.start].strip(_TRIMMED))
        place = part.end
    pieces.append(line[place:].strip(_TRIMMED if taken else " \t"))
    text = " ".join(piece for piece in pieces if piece)
    return re.sub(r"[,;]?\s(?:and|with)$", "", text) if taken else text


class _Reader:
    """The words of one line, and which of them are taken."""

    def __init__(
        self,
        line: str,
        today: date,
        people: Sequence[Person],
        writer: Person | None,
        as_words: frozenset[str],
    ) -> None:
        self.line, self.today, self.people, self.writer = line, today, people, writer
        self.words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(line)]
        self.plain = [_bare(word) for word, _, _ in self.words]
        self.wanted = [part for part in PARTS if part not in as_words]

    def read(self) -> list[Said]:
        """What is marked as such stands anywhere; what only its place tells, at the end beside another part."""
        found: list[Said] = []
        if leading := self._leading_owner():
            self._take(leading, found)
        for at in range(len(self.words)):
            if said := self._marked(at):
                self._take(said, found)
        for said in self._at_the_end(found):
            self._take(said, found)
        return found

    def _take(self, said: Said, found: list[Said]) -> None:
        if said.part in self.wanted and not any(_overlap(said, other) for other in found):
            self.wanted.remove(said.part)
            found.append(said)

    def _marked(self, at: int) -> Said | None:
        return self._marked_owner(at) or self._marked_day(at) or self._marked_priority(at)

    def _leading_owner(self) -> Said | None:
        """The owner in "Priya to add …"."""
        for count in range(min(_LONGEST_NAME, len(self.words) - 2), 0, -1):
            people = self._people(0, count) if self.plain[count] == "to" else ()
            if people:
                return self._said("owner", 0, count + 1, people=people)
        return None

    def _marked_owner(self, at: int) -> Said | None:
        first = at + self._phrase(at, _BEFORE_AN_OWNER)
        if first >= len(self.words) or (first == at and not self.words[at][0].startswith("@")):
            return None
        for count in range(min(_LONGEST_NAME, len(self.words) - first), 0, -1):
            if people := self._people(first, count):
                return self._said("owner", at, first + count, people=people)
        return self._said("owner", at, at + 1) if first == at and self.plain[at] else None

    def _marked_day(self, at: int) -> Said | None:
        if not (before := self._phrase(at, _BEFORE_A_DAY)):
            return None
        return self._day(at, at + before)

    def _marked_priority(self, at: int) -> Said | None:
        word, pair = self.words[at][0].casefold(), self.plain[at : at + 2]
        if word.startswith("!") and (level := _PRIORITIES.get(self.plain[at])):
            return self._said("priority", at, at + 1, value=level)
        if len(pair) == 2 and pair[0] == "priority" and (level := _PRIORITIES.get(pair[1])):
            return self._said("priority", at, at + 2, value=level)
        return None

    def _at_the_end(self, found: Sequence[Said]) -> list[Said]:
        """The longest end of the line that is parts throughout; a lone one has to be more than a weekday or "high"."""
        taken = {said.start: said for said in found}
        for at in range(max(1, len(self.words) - _LONGEST_END), len(self.words)):
            parts = self._parts_from(at, taken, frozenset(self.wanted))
            if parts and (len(parts) > 1 or parts[0].start in taken or self._stands_alone(parts[0])):
                return [said for said in parts if said.start not in taken]
        return []

    def _parts_from(self, at: int, taken: dict[int, Said], wanted: frozenset[Part]) -> list[Said] | None:
        """The parts that the words from `at` to the end are; None if they are not."""
        if at == len(self.words):
            return []
        if said := taken.get(self.words[at][1]):
            return self._followed(said, taken, wanted)
        if self.plain[at] in {"and", ""}:
            return self._parts_from(at + 1, taken, wanted)
        for end in range(len(self.words), at, -1) if len(self.words) - at <= _LONGEST_END else ():
            unmarked = self._unmarked(at, end)
            if unmarked and unmarked.part in wanted:
                rest = self._followed(unmarked, taken, wanted - {unmarked.part})
                if rest is not None:
                    return rest
        return None

    def _followed(self, said: Said, taken: dict[int, Said], wanted: frozenset[Part]) -> list[Said] | None:
        after = sum(start < said.end for _, start, _ in self.words)
        rest = self._parts_from(after, taken, wanted)
        return None if rest is None else [said, *rest]

    def _unmarked(self, at: int, end: int) -> Said | None:
        words = self.plain[at:end]
        level = _PRIORITIES.get(words[0])
        if level and words[1:] in ([], ["priority"]):
            return self._said("priority", at, end, value=level)
        first = at + 1 if words[0] == "on" and len(words) > 1 else at
        return self._day(at, first, end) if end - first <= _LONGEST_DAY else None

    @staticmethod
    def _stands_alone(said: Said) -> bool:
        words = said.words.split()
        return (
            len(words) - (words[0] == "on") > 1
            or words[0].lower() in {"today", "tomorrow"}
            or any(map(str.isdecimal, said.words))
        )

    def _day(self, start: int, first: int, end: int | None = None) -> Said | None:
        most = min(len(self.words), first + _LONGEST_DAY)
        for last in range(most, first, -1) if end is None else (end,):
            words = self.line[self.words[first][1] : self.words[last - 1][2]].rstrip(",;:.!)")
            if day := read_day(words, self.today):
                return self._said("due_on", start, last, value=day)
        return None

    def _phrase(self, at: int, phrases: Sequence[str]) -> int:
        """How many words of the longest of `phrases` stand at `at`."""
        lengths = (
            len(phrase.split())
            for phrase in phrases
            if self.plain[at : at + len(phrase.split())] == phrase.split()
        )
        return max(lengths, default=0)

    def _people(self, at: int, count: int) -> tuple[Person, ...]:
        said = " ".join(self.plain[at : at + count])
        if said in {"me", "myself"} and self.writer:
            return (self.writer,)
        exact = tuple(person for person in self.people if _folded(person.name) == said)
        return exact or tuple(person for person in self.people if said in _names(person))

    def _said(
        self,
        part: Part,
        start: int,
        end: int,
        *,
        value: date | str | None = None,
        people: tuple[Person, ...] = (),
    ) -> Said:
        first, last = self.words[start][1], self.words[end - 1][2]
        words = self.line[first:last].strip(_TRIMMED + ".")
        return Said(part, words, first, last, value, people)


def _overlap(one: Said, other: Said) -> bool:
    return one.start < other.end and other.start < one.end


def _names(person: Person) -> Iterator[str]:
    """What a person is called by: each of their names, and the part of the address before the @."""
    yield from _folded(person.name).split()
    if person.email:
        yield _folded(person.email.partition("@")[0])


def _bare(word: str) -> str:
    return _folded(word.strip("@!,;:.()"))


def _folded(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
