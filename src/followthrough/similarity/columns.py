"""Many texts side by side, in columns (CSR arrays)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from followthrough.similarity.features import Features

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """One text: its key, when it happened (days since 1970; nan when nobody knows), and what it is compared by."""

    key: int
    day: float
    features: Features


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of text r stand at `word_starts[r]` to `word_starts[r + 1]`, its letters likewise."""

    keys: NDArray[np.int64]
    days: NDArray[np.float64]
    word_starts: NDArray[np.int64]
    words: NDArray[np.uint32]
    word_counts: NDArray[np.uint8]
    letter_starts: NDArray[np.int64]
    letters: NDArray[np.uint16]
    letter_counts: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.keys)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Texts:
        return cls(
            np.array([row.key for row in rows], np.int64),
            np.array([row.day for row in rows], np.float64),
            starts_of([len(row.features.words) for row in rows]),
            _joined([row.features.words for row in rows], np.uint32),
            _joined([row.features.word_counts for row in rows], np.uint8),
            starts_of([len(row.features.letters) for row in rows]),
            _joined([row.features.letters for row in rows], np.uint16),
            _joined([row.features.letter_counts for row in rows], np.uint8),
        )

    @classmethod
    def join(cls, pieces: Sequence[Texts]) -> Texts:
        """All texts of the pieces, in their order."""
        columns = {column.name: [getattr(piece, column.name) for piece in pieces] for column in fields(cls)}
        for name in ("word_starts", "letter_starts"):
            columns[name] = [starts_of(np.concatenate([np.diff(starts) for starts in columns[name]]))]
        return cls(**{name: np.concatenate(arrays) for name, arrays in columns.items()})


def starts_of(sizes: Any) -> NDArray[np.int64]:
    """Where each of some stretches begins when they follow each other, and where the last ends."""
    return np.concatenate([[0], np.cumsum(np.asarray(sizes, np.int64))])


def sums_between(starts: NDArray[np.int64], values: Floats) -> Floats:
    """The sum of the values in each stretch; an empty stretch has 0."""
    totals = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    return np.diff(totals[starts]).astype(np.float32)


def _joined(arrays: Sequence[Any], kind: Any) -> Any:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)
