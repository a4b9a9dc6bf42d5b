"""Features of a text: counts of stems and of character n-grams (3 to 5 letters), by the hashing trick."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import Stemmer

from followthrough.similarity.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS: tuple[np.dtype[Any], ...] = (np.dtype("<u4"), np.dtype("u1"), np.dtype("<u2"), np.dtype("u1"))
"""Of the columns of Features, as they are stored."""
WORD_BUCKETS = 1 << 20
NGRAM_BUCKETS = 1 << 16
NGRAM_SIZES = (3, 4, 5)
TITLE_WEIGHT = 2
"""A word of the title counts as if it stood there so often."""
MAX_READ_CHARACTERS = 20_000
"""So many characters of a text are read for its words; the rest adds little."""
OPENING_CHARACTERS = 400
"""So many of its first characters are also read letter by letter."""
_WORD = re.compile(r"\w+")
_PRIME, _SPREAD, _SPACE = np.uint32(0x01000193), np.uint32(0x85EBCA6B), 32
_stemmer = Stemmer.Stemmer("english")


@dataclass(frozen=True, slots=True)
class Features:
    """Ascending numbers, each once, and how often each occurs (255 at most)."""

    words: NDArray[np.uint32]
    word_counts: NDArray[np.uint8]
    letters: NDArray[np.uint16]
    letter_counts: NDArray[np.uint8]


def features_of(title: str, text: str) -> Features:
    """Reads one text; about half a millisecond for a page."""
    lines = [title] * TITLE_WEIGHT
    words = [_number(word) for word in top_terms(" ".join([*lines, text[:MAX_READ_CHARACTERS]]))]
    letters = " ".join(top_terms(" ".join([*lines, text[:OPENING_CHARACTERS]])))
    numbers, counts = _counted(np.array(words, np.uint32))
    runs, run_counts = _counted(_letter_numbers(f" {letters} "))
    return Features(numbers, counts, runs.astype(np.uint16), run_counts)


def top_terms(text: str) -> list[str]:
    """The words of a text in small letters, in their order, without those that every text has."""
    return [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]


def stem(word: str) -> str:
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


@lru_cache(maxsize=30_000)
def _number(word: str) -> int:
    return number_of(stem(word))


def number_of(stemmed: str) -> int:
    """The number that stands for a stem; rarely two share one, which does little harm."""
    return crc32(stemmed.encode()) % WORD_BUCKETS


def _counted(numbers: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    found, counts = np.unique(numbers, return_counts=True)
    return found, np.minimum(counts, 255).astype(np.uint8)


def _letter_numbers(text: str) -> NDArray[np.uint32]:
    """The numbers of all runs of letters that do not reach over a space between two words."""
    letters = np.frombuffer(text.encode(), np.uint8).astype(np.uint32)
    spaces = np.concatenate([[0], np.cumsum(letters == _SPACE)])
    runs = [_runs(letters, spaces, size) for size in NGRAM_SIZES if len(letters) >= size]
    return np.concatenate(runs) if runs else np.zeros(0, np.uint32)


def _runs(letters: NDArray[np.uint32], spaces: NDArray[Any], size: int) -> NDArray[np.uint32]:
    places = len(letters) - size + 1
    mixed = np.full(places, size, np.uint32)
    for offset in range(size):
        mixed = mixed * _PRIME ^ letters[offset : offset + places]
    mixed = (mixed ^ mixed >> np.uint32(15)) * _SPREAD
    mixed = (mixed ^ mixed >> np.uint32(13)) % np.uint32(NGRAM_BUCKETS)
    within = spaces[size - 1 : size - 1 + places] == spaces[1 : 1 + places]
    numbers: NDArray[np.uint32] = mixed[within]
    return numbers
