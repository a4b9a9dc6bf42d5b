"""Inverted index with TF-IDF weights over words and character n-grams: a query touches only shared terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from followthrough.similarity.columns import Row, Texts, starts_of, sums_between
from followthrough.similarity.features import NGRAM_BUCKETS, WORD_BUCKETS, Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

EVERYWHERE, AT_LEAST = 0.15, 200
"""A word in more than this share of the texts, and in more than so many, is passed over."""
RECENT, FADING_DAYS = 0.1, 60.0
"""What it adds that two incidents lie close together, and how fast that fades."""
MAX_CANDIDATES = 200
"""So many of those with the most telling words in common are compared letter by letter as well."""

BATCH_TEXTS = 5000
_HALF = np.uint64(32)
_SUBLINEAR = np.array([0, *(1 + np.log(np.arange(1, 256)))], np.float32)
"""What a count from 0 to 255 counts: a second time less than the first."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How telling each word and each run of letters is: the rarer, the more."""

    words: Floats
    letters: Floats

    @classmethod
    def learn(cls, texts: Texts, *, among: NDArray[np.bool_] | None = None) -> Weights:
        """From all texts, or only from those `among` them that are marked."""
        chosen = np.ones(len(texts), bool) if among is None else among
        number = int(chosen.sum())
        words = texts.words[np.repeat(chosen, np.diff(texts.word_starts))]
        letters = texts.letters[np.repeat(chosen, np.diff(texts.letter_starts))]
        held = np.bincount(words, minlength=WORD_BUCKETS)
        rarity = _rarity(held, number)
        rarity[held > max(AT_LEAST, EVERYWHERE * number)] = 0
        return cls(rarity, _rarity(np.bincount(letters, minlength=NGRAM_BUCKETS), number))

    def of_words(self, row: Features) -> Floats:
        """Weights of the words of one text, of length 1 as a vector."""
        weights = self.words[row.words] * _SUBLINEAR[row.word_counts]
        return weights / (np.linalg.norm(weights) or 1)

    def of_letters(self, row: Features) -> Floats:
        weights = self.letters[row.letters] * _SUBLINEAR[row.letter_counts]
        return weights / (np.linalg.norm(weights) or 1)


@dataclass(frozen=True, slots=True)
class Part:
    """Some texts: word by word which texts hold it and how much it weighs there; text by text its letters.

    `terms` are the words that occur, ascending; text `rows[i]` holds `terms[t]` with `weights[i]` for
    `starts[t] <= i < starts[t + 1]`. Letters of text r are `letter_starts[r]` to `letter_starts[r + 1]`.
    """

    keys: NDArray[np.int64]
    days: NDArray[np.float64]
    terms: NDArray[np.uint32]
    starts: NDArray[np.int64]
    rows: NDArray[np.uint32]
    weights: Floats
    letter_starts: NDArray[np.int64]
    letters: NDArray[np.uint16]
    letter_counts: NDArray[np.uint8]
    letter_lengths: Floats

    @classmethod
    def build(cls, texts: Texts, weights: Weights) -> Part:
        """Lays out `texts`, whose keys must ascend."""
        terms, counts = np.unique(texts.words, return_counts=True)
        holders, values = _by_word(texts, weights)
        return cls(
            keys=texts.keys,
            days=texts.days,
            terms=terms,
            starts=starts_of(counts),
            rows=holders,
            weights=values,
            letter_starts=texts.letter_starts,
            letters=texts.letters,
            letter_counts=texts.letter_counts,
            letter_lengths=_letter_lengths(texts, weights),
        )

    def save(self, folder: Path) -> None:
        for column in fields(self):
            np.save(folder / f"{column.name}.npy", getattr(self, column.name))

    @classmethod
    def load(cls, folder: Path) -> Part:
        """Opens what was saved; only what a comparison touches is read from disk."""
        return cls(**{column.name: _mapped(folder / f"{column.name}.npy") for column in fields(cls)})

    def alike_in_words(self, asked: Features, weights: Floats) -> Floats:
        """For each text the cosine of its words and the asked ones."""
        scores = np.zeros(len(self.keys), np.float32)
        for place, word, weight in zip(
            np.searchsorted(self.terms, asked.words), asked.words, weights, strict=True
        ):
            if weight and place < len(self.terms) and self.terms[place] == word:
                held = slice(self.starts[place], self.starts[place + 1])
                scores[self.rows[held]] += weight * self.weights[held]
        return scores

    def alike_in_letters(self, places: NDArray[np.int64], wanted: Floats, rarity: Floats) -> Floats:
        """For each of the texts at `places` the cosine of its letters and the asked ones (a weight for each number)."""
        starts, ends = self.letter_starts[places], self.letter_starts[places + 1]
        sizes = ends - starts
        bounds = starts_of(sizes)
        at = np.repeat(starts - bounds[:-1], sizes) + np.arange(bounds[-1])
        letters = self.letters[at]
        products = wanted[letters] * rarity[letters] * _SUBLINEAR[self.letter_counts[at]]
        return sums_between(bounds, products) / self.letter_lengths[places]


@dataclass(frozen=True, slots=True)
class Match:
    """A text and how alike it is: 0 for nothing in common, a little over 2 for the same words on the same day."""

    key: int
    score: float


class Index:
    """A laid-out part, with a small one beside it of what came or changed since."""

    def __init__(self, weights: Weights, base: Part) -> None:
        self.weights = weights
        self.base = base
        self._late: dict[int, Row] = {}
        self._tail = Part.build(Texts.of([]), weights)
        self._superseded = np.zeros(len(base.keys), bool)

    @classmethod
    def fit(cls, texts: Texts, *, among: NDArray[np.bool_] | None = None) -> Index:
        """Learns how telling words are from the texts, or those marked `among` them, and lays all out by their
        ascending keys."""
        weights = Weights.learn(texts, among=among)
        return cls(weights, Part.build(texts, weights))

    def __len__(self) -> int:
        return len(self.base.keys) - int(self._superseded.sum()) + len(self._late)

    @property
    def late(self) -> int:
        """How many texts came or changed since the weights were learnt."""
        return len(self._late)

    def append(self, rows: Iterable[Row]) -> None:
        """Adds texts, or puts them in the place of older ones of the same key."""
        for row in rows:
            self._late[row.key] = row
            self._superseded[_places(self.base.keys, np.array([row.key]))] = True
        self._tail = Part.build(Texts.of([self._late[key] for key in sorted(self._late)]), self.weights)

    def save(self, folder: Path) -> None:
        """Writes the laid-out part and the weights as files."""
        self.base.save(folder)
        np.save(folder / "word_rarity.npy", self.weights.words)
        np.save(folder / "letter_rarity.npy", self.weights.letters)

    @classmethod
    def load(cls, folder: Path) -> Index:
        weights = Weights(np.load(folder / "word_rarity.npy"), np.load(folder / "letter_rarity.npy"))
        return cls(weights, Part.load(folder))

    def most_alike(
        self,
        asked: Features,
        *,
        day: float = float("nan"),
        before: float | None = None,
        after: float | None = None,
        without: Sequence[int] = (),
        limit: int = MAX_CANDIDATES,
    ) -> list[Match]:
        """The texts most like the asked one, best first, those `without` left out as if they were not there.

        `before` and `after` narrow them by the day on which they happened.
        """
        parts = (self.base, self._tail)
        weights = self.weights.of_words(asked)
        days = np.concatenate([part.days for part in parts])
        scores = np.concatenate([part.alike_in_words(asked, weights) for part in parts])
        allowed = (scores > 0) & self._allowed(np.array(without, np.int64))
        if before is not None:
            allowed &= days < before
        if after is not None:
            allowed &= days > after
        places = np.flatnonzero(allowed)
        scores = scores[places] + RECENT * np.nan_to_num(np.exp(-np.abs(days[places] - day) / FADING_DAYS))
        if len(places) > MAX_CANDIDATES:
            chosen = np.argpartition(-scores, MAX_CANDIDATES)[:MAX_CANDIDATES]
            places, scores = places[chosen], scores[chosen]
        scores = scores + self._letters(asked, places)
        keys = np.concatenate([part.keys for part in parts])[places]
        order = np.lexsort((keys, -scores))[:limit]
        return [Match(int(keys[at]), float(scores[at])) for at in order]

    def _allowed(self, without: NDArray[np.int64]) -> NDArray[np.bool_]:
        base = ~self._superseded
        base[_places(self.base.keys, without)] = False
        tail = np.ones(len(self._tail.keys), bool)
        tail[_places(self._tail.keys, without)] = False
        return np.concatenate([base, tail])

    def _letters(self, asked: Features, places: NDArray[np.int64]) -> Floats:
        wanted = np.zeros(NGRAM_BUCKETS, np.float32)
        wanted[asked.letters] = self.weights.of_letters(asked)
        scores = np.zeros(len(places), np.float32)
        in_base = places < len(self.base.keys)
        for part, chosen, offset in ((self.base, in_base, 0), (self._tail, ~in_base, len(self.base.keys))):
            scores[chosen] = part.alike_in_letters(places[chosen] - offset, wanted, self.weights.letters)
        return scores


def _places(keys: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where those of `wanted` that are among the ascending `keys` stand."""
    at = np.searchsorted(keys, wanted)
    at = at[at < len(keys)] if len(keys) else at[:0]
    return at[np.isin(keys[at], wanted)]


def _by_word(texts: Texts, weights: Weights) -> tuple[NDArray[np.uint32], Floats]:
    """Turns texts with their words into words with their texts: (text, weight) in the order of the words."""
    values = weights.words[texts.words] * _SUBLINEAR[texts.word_counts]
    lengths = np.sqrt(sums_between(texts.word_starts, values * values))
    lengths[lengths == 0] = 1
    sizes = np.diff(texts.word_starts)
    values /= np.repeat(lengths, sizes)
    order = np.sort(texts.words.astype(np.uint64) << _HALF | np.arange(len(values), dtype=np.uint64))
    order &= np.uint64(0xFFFFFFFF)
    return np.repeat(np.arange(len(texts), dtype=np.uint32), sizes)[order], values[order]


def _letter_lengths(texts: Texts, weights: Weights) -> Floats:
    """The length of each text's letters as a vector; some texts at a time, to spare memory."""
    lengths = np.ones(len(texts), np.float32)
    for first in range(0, len(texts), BATCH_TEXTS):
        starts = texts.letter_starts[first : first + BATCH_TEXTS + 1]
        held = slice(starts[0], starts[-1])
        values = weights.letters[texts.letters[held]] * _SUBLINEAR[texts.letter_counts[held]]
        lengths[first : first + BATCH_TEXTS] = np.sqrt(sums_between(starts - starts[0], values * values))
    lengths[lengths == 0] = 1
    return lengths


def _rarity(held: NDArray[np.int64], number: int) -> Floats:
    return (np.log((1 + number) / (1 + held)) + 1).astype(np.float32)


def _mapped(file: Path) -> Any:
    return np.load(file, mmap_mode="r")
