"""The texts of all incidents, laid out so that a comparison touches only what two texts share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from followthrough.patterns.similar.features import LETTER_NUMBERS, WORD_NUMBERS, Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

EVERYWHERE, AT_LEAST = 0.15, 200
"""A word in more than this share of the texts, and in more than so many, is passed over."""
RECENT, FADING_DAYS = 0.1, 60.0
"""What it adds that two incidents lie close together, and how fast that fades."""
LOOKED_AT = 200
"""So many of those with the most telling words in common are compared letter by letter as well."""

_DAMPED = np.array([0, *(1 + np.log(np.arange(1, 256)))], np.float32)


@dataclass(frozen=True, slots=True)
class Row:
    """One text: its key, when it happened (days since 1970; nan when nobody knows), and what it is compared by."""

    key: int
    day: float
    features: Features


@dataclass(frozen=True, slots=True)
class Weights:
    """How telling each word and each run of letters is: the rarer, the more."""

    words: Floats
    letters: Floats

    @classmethod
    def learn(cls, rows: Iterable[Features]) -> Weights:
        words, letters, number = np.zeros(WORD_NUMBERS), np.zeros(LETTER_NUMBERS), 0
        for row in rows:
            words[row.words] += 1
            letters[row.letters] += 1
            number += 1
        rarity = _rarity(words, number)
        rarity[words > max(AT_LEAST, EVERYWHERE * number)] = 0
        return cls(rarity, _rarity(letters, number))

    def of_words(self, row: Features) -> Floats:
        """Weights of the words of one text, of length 1 as a vector."""
        weights = self.words[row.words] * _damped(row.word_counts)
        return weights / _length(weights)

    def of_letters(self, row: Features) -> Floats:
        weights = self.letters[row.letters] * _damped(row.letter_counts)
        return weights / _length(weights)


@dataclass(frozen=True, slots=True)
class Part:
    """Some texts: word by word which texts hold it and how much it weighs there; text by text its letters.

    `terms` are the words that occur, ascending; those of text number `rows[i]` for `terms[t]` are
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
    def build(cls, rows: Sequence[Row], weights: Weights) -> Part:
        """Lays out `rows`, whose keys must ascend."""
        texts = [row.features for row in rows]
        terms, starts, holders, values = _by_word(texts, weights)
        return cls(
            keys=np.array([row.key for row in rows], np.int64),
            days=np.array([row.day for row in rows], np.float64),
            terms=terms,
            starts=starts,
            rows=holders,
            weights=values,
            letter_starts=_starts([len(text.letters) for text in texts]),
            letters=_joined([text.letters for text in texts], np.uint16),
            letter_counts=_joined([text.letter_counts for text in texts], np.uint8),
            letter_lengths=np.array([_letter_length(text, weights) for text in texts], np.float32),
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
        at = np.repeat(starts - _starts(sizes)[:-1], sizes) + np.arange(sizes.sum())
        letters = self.letters[at]
        products = wanted[letters] * rarity[letters] * _damped(self.letter_counts[at])
        totals = np.concatenate([[0], np.cumsum(products, dtype=np.float64)])
        bounds = _starts(sizes)
        sums = totals[bounds[1:]] - totals[bounds[:-1]]
        cosines: Floats = (sums / self.letter_lengths[places]).astype(np.float32)
        return cosines


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
        self._tail = Part.build([], weights)
        self._superseded = np.zeros(len(base.keys), bool)

    @classmethod
    def fit(cls, rows: Sequence[Row], *, learn_from: Iterable[Features] | None = None) -> Index:
        """Learns the weights from `learn_from` (all rows if None) and lays out `rows`, whose keys must ascend."""
        weights = Weights.learn((row.features for row in rows) if learn_from is None else learn_from)
        return cls(weights, Part.build(rows, weights))

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
        self._tail = Part.build([self._late[key] for key in sorted(self._late)], self.weights)

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
        limit: int = LOOKED_AT,
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
        if len(places) > LOOKED_AT:
            chosen = np.argpartition(-scores, LOOKED_AT)[:LOOKED_AT]
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
        wanted = np.zeros(LETTER_NUMBERS, np.float32)
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


def _by_word(texts: Sequence[Features], weights: Weights) -> tuple[Any, Any, Any, Any]:
    """Turns texts with their words into words with their texts."""
    words = _joined([text.words for text in texts], np.uint32)
    holders = np.repeat(np.arange(len(texts), dtype=np.uint32), [len(text.words) for text in texts])
    values = _joined([weights.of_words(text) for text in texts], np.float32)
    order = np.sort(words.astype(np.uint64) << np.uint64(32) | np.arange(len(words), dtype=np.uint64))
    order &= np.uint64(0xFFFFFFFF)
    terms, counts = np.unique(words, return_counts=True)
    return terms, _starts(counts), holders[order], values[order]


def _rarity(found_in: NDArray[Any], number: int) -> Floats:
    return (np.log((1 + number) / (1 + found_in)) + 1).astype(np.float32)


def _damped(counts: NDArray[np.uint8]) -> Floats:
    """A second time counts less than the first."""
    return _DAMPED[counts]


def _length(weights: Floats) -> float:
    return float(np.sqrt(np.dot(weights, weights))) or 1.0


def _letter_length(text: Features, weights: Weights) -> float:
    return _length(weights.letters[text.letters] * _damped(text.letter_counts))


def _starts(sizes: Any) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))])


def _joined(arrays: Sequence[Any], kind: Any) -> Any:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)


def _mapped(file: Path) -> Any:
    return np.load(file, mmap_mode="r")
