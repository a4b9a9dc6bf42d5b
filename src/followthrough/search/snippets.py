"""Snippets: the piece of a text that says why it was found, with the words that were looked for marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from followthrough.search.words import RUNS, Term, fold, is_run

SNIPPET_CHARACTERS = 150
BEFORE_CHARACTERS = 40
MAX_READ_CHARACTERS = 20_000
_PIECE = re.compile(rf"[{RUNS}]+|[^\W_{RUNS}]+")


class Piece(NamedTuple):
    """Part of a snippet; `hit` where it is what was looked for."""

    text: str
    hit: bool = False


def snippet_of(text: str, terms: Collection[Term], size: int = SNIPPET_CHARACTERS) -> list[Piece]:
    """About `size` letters of `text` around the first word that was looked for; its beginning where none stands in it."""
    text = " ".join(text[:MAX_READ_CHARACTERS].split())
    hits = hits_in(text, terms)
    begin = max(0, _densest(hits, size) - BEFORE_CHARACTERS)
    if begin:
        begin = text.find(" ", begin, begin + BEFORE_CHARACTERS // 2) + 1 or begin
    end = begin + size
    pieces = [Piece("…")] if begin else []
    at = begin
    for start, stop in hits:
        if begin <= start and stop <= end:
            pieces += [Piece(text[at:start]), Piece(text[start:stop], hit=True)]
            at = stop
    pieces += [Piece(text[at:end]), Piece("…" if end < len(text) else "")]
    return [piece for piece in pieces if piece.text]


def hits_in(text: str, terms: Collection[Term]) -> list[tuple[int, int]]:
    """(start, stop) of what was looked for, neighbours joined."""
    found: list[tuple[int, int]] = []
    asked = _Asked(terms)
    for match in _PIECE.finditer(text.lower() if text.isascii() else text):
        for start, stop in _in_run(match, asked.whole) if is_run(match[0]) else _in_word(match, asked):
            joins = found and found[-1][1] >= start
            found.append((found.pop()[0], stop) if joins else (start, stop))
    return found


class _Asked:
    """Terms by how they are compared, as each word of a long text is."""

    def __init__(self, terms: Collection[Term]) -> None:
        self.whole = {term.token for term in terms}
        self.begins = tuple(term.token for term in terms if term.begins)
        self.inside = [token for token in self.begins if len(token) > 2]


def _in_word(match: re.Match[str], asked: _Asked) -> list[tuple[int, int]]:
    """The whole word, also where what was looked for is a part of its joinedUpName."""
    word = fold(match[0])
    if is_run(word):  # half-width letters
        is_hit = any(token in word for token in asked.whole)
    else:
        is_hit = (
            word in asked.whole
            or word.startswith(asked.begins)
            or any(token in word for token in asked.inside)
        )
    return [match.span()] if is_hit else []


def _in_run(match: re.Match[str], tokens: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where the pairs, or the one letter, stand in a run without blanks."""
    run = match[0]
    for at in range(len(run)):
        size = next((size for size in (2, 1) if fold(run[at : at + size]) in tokens), 0)
        if size:
            yield match.start() + at, min(match.start() + at + size, match.end())


def _densest(hits: list[tuple[int, int]], size: int) -> int:
    """Where the line begins that shows most of them."""
    reach = size - BEFORE_CHARACTERS
    return max(
        (start for start, _ in hits[:200]),
        key=lambda place: (sum(place <= start < place + reach for start, _ in hits[:200]), -place),
        default=0,
    )
