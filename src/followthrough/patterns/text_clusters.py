"""Clustering of texts that are similar enough to ask people about. Pure, and heavy: for jobs.
that run in a process of their own.

Texts are weighed by rare words and joined by average linkage of their cosine distances.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

MIN_TEXTS = 3
READ_CHARACTERS = 1200
"""So many characters of a text are compared."""
PHRASE, OFTEN = 5, 0.05
"""A sentence that so many texts, and such a share of all, hold to the letter is a form of words and tells nothing."""
MIN_COSINE = 0.68
"""Average distance up to which texts are joined; 0 is the same words, 1 none in common."""
SHOWN = 5
_SENTENCE = re.compile(r"[.!?\n]+")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Cluster:
    """Places of the texts that are alike, and the words that tell them from the others."""

    places: list[int]
    words: list[str]


def clusters_of(texts: Sequence[str]) -> list[Cluster]:
    """Three texts or more that are alike, the most first."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - heavy imports
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - scipy, which an idle server does without

    weights = _weights([Counter(_WORD.findall(text[:READ_CHARACTERS])) for text in _without_phrases(texts)])
    kept = [place for place, row in enumerate(weights) if row]
    if len(kept) < MIN_TEXTS:
        return []
    distances = _distances([weights[place] for place in kept])
    labels = fcluster(linkage(squareform(distances, checks=False), "average"), MIN_COSINE, "distance")
    groups = defaultdict(list)
    for place, label in zip(kept, labels, strict=True):
        groups[label].append(place)
    found = [
        Cluster(places, _telling(places, weights)) for places in groups.values() if len(places) >= MIN_TEXTS
    ]
    return sorted(found, key=lambda one: -len(one.places))


def _without_phrases(texts: Sequence[str]) -> list[str]:
    """In small letters, without the sentences that stand in many of them, such as thanks for patience."""
    told = [[" ".join(sentence.split()) for sentence in _SENTENCE.split(text.lower())] for text in texts]
    held = Counter(sentence for sentences in told for sentence in set(sentences))
    most = max(PHRASE, OFTEN * len(texts))
    return [". ".join(one for one in sentences if held[one] <= most) for sentences in told]


def _weights(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Each text's words by how telling they are, of length 1. Words of one text only, or of half of all, tell nothing."""
    known = Counter(word for row in counts for word in row)
    telling = {word: log(len(counts) / n) for word, n in known.items() if 1 < n <= len(counts) / 2}
    rows = []
    for row in counts:
        found = {word: (1 + log(n)) * telling[word] for word, n in row.items() if word in telling}
        length = sum(value * value for value in found.values()) ** 0.5
        rows.append({word: value / length for word, value in found.items()} if length else {})
    return rows


def _distances(weights: Sequence[dict[str, float]]) -> Any:
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without
    from scipy.sparse import csr_array  # noqa: PLC0415 - scipy, which an idle server does without

    columns = {word: place for place, word in enumerate(sorted({word for row in weights for word in row}))}
    places = [
        (row, columns[word], value) for row, found in enumerate(weights) for word, value in found.items()
    ]
    rows, names, values = zip(*places, strict=True)
    matrix = csr_array((values, (rows, names)), shape=(len(weights), len(columns)))
    distances = np.clip(1 - (matrix @ matrix.T).toarray(), 0, 1)
    np.fill_diagonal(distances, 0)
    return distances


def _telling(places: Sequence[int], weights: Sequence[dict[str, float]]) -> list[str]:
    """The words with the most weight among these texts that most of them have."""
    total: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for place in places:
        total.update(weights[place])
        used.update(weights[place].keys())
    common = [word for word, _ in total.most_common() if used[word] * 2 > len(places)]
    return (common or [word for word, _ in total.most_common()])[:SHOWN]
