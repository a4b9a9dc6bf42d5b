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


def snippet_of(text: str, terms: Collection[Term]) -> list[Piece]:
    """About a line of `text` around the first word that was looked for; its beginning where none stands in it."""
    text = " ".join(text[:MAX_READ_CHARACTERS].split())
    hits = hits_in(text, terms)
    begin = max(0, _densest(hits) - BEFORE_CHARACTERS)
    if begin:
        begin = text.find(" ", begin, begin + BEFORE_CHARACTERS // 2) + 1 or begin
    end = begin + SNIPPET_CHARACTERS
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
    for match in _PIECE.finditer(text):
        for start, stop in _in_run(match, terms) if is_run(match[0]) else _in_word(match, terms):
            joins = found and found[-1][1] >= start
            found.append((found.pop()[0], stop) if joins else (start, stop))
    return found


def _in_word(match: re.Match[str], terms: Collection[Term]) -> list[tuple[int, int]]:
    """The whole word, also where what was looked for is a part of its joinedUpName."""
    word = fold(match[0])
    if is_run(word):  # half-width letters
        return [match.span()] if any(token in word for token, _ in terms) else []
    is_hit = any(
        word == token or (begins and (word.startswith(token) or (len(token) > 2 and token in word)))
        for token, begins in terms
    )
    return [match.span()] if is_hit else []


def _in_run(match: re.Match[str], terms: Collection[Term]) -> Iterator[tuple[int, int]]:
    """Where the pairs, or the one letter, stand in a run without blanks."""
    run, tokens = match[0], {term.token for term in terms}
    for at in range(len(run)):
        size = next((size for size in (2, 1) if fold(run[at : at + size]) in tokens), 0)
        if size:
            yield match.start() + at, min(match.start() + at + size, match.end())


def _densest(hits: list[tuple[int, int]]) -> int:
    """Where the line begins that shows most of them."""
    reach = SNIPPET_CHARACTERS - BEFORE_CHARACTERS
    return max(
        (start for start, _ in hits[:200]),
        key=lambda place: (sum(place <= start < place + reach for start, _ in hits[:200]), -place),
        default=0,
    )
