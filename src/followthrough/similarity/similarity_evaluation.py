"""Evaluation of similarity search (recall, MRR) on texts of which somebody knows what belongs together."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from followthrough.similarity.columns import Row, Texts
from followthrough.similarity.features import features_of
from followthrough.similarity.inverted_index import Index
from followthrough.similarity.sentence_model import SentenceModel, mean_pooled, summary_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPTH_RESULTS = 200
"""So many results are looked at; a partner further down counts as not found."""
BOOTSTRAP_ROUNDS = 1000
Partners = Mapping[int, frozenset[int]]
"""{number of a text: numbers of those that belong with it}"""
Find = Callable[[int], Sequence[int]]
"""(number of a text) -> numbers of the texts most like it, best first, without itself."""


@dataclass(frozen=True, slots=True)
class Doc:
    """One text; `day` is in days since 1970, nan when nobody knows."""

    id: str
    title: str
    body: str
    day: float
    cluster: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A share from 0 to 1 and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`figures` by name; the median of the processor time of a query; the processor time to take in all texts."""

    figures: dict[str, Figure]
    query_ms: float
    index_seconds: float


def partners_of(docs: Sequence[Doc], links: Iterable[tuple[str, str]]) -> dict[int, frozenset[int]]:
    """What belongs together: texts of one cluster, and linked pairs. Ids that no text has are passed over."""
    numbers = {doc.id: number for number, doc in enumerate(docs)}
    together: dict[int, set[int]] = defaultdict(set)
    clusters: dict[str, list[int]] = defaultdict(list)
    for number, doc in enumerate(docs):
        if doc.cluster:
            clusters[doc.cluster].append(number)
    for members in clusters.values():
        for number in members:
            together[number].update(members)
    for one, other in links:
        if one in numbers and other in numbers:
            together[numbers[one]].add(numbers[other])
            together[numbers[other]].add(numbers[one])
    found = {number: frozenset(others - {number}) for number, others in together.items()}
    return {number: others for number, others in sorted(found.items()) if others}


def measure_ours(
    docs: Sequence[Doc], partners: Partners, progress: Callable[[], None], model: SentenceModel | None = None
) -> Measured:
    """Followthrough's own comparison, as the product uses it, with a sentence model or without."""
    started = time.process_time()
    rows = [Row(number, doc.day, features_of(doc.title, doc.body)) for number, doc in enumerate(docs)]
    index = Index.fit(Texts.of(rows))
    vectors = model.vectors_of([summary_of(doc.title, doc.body) for doc in docs]) if model else None
    took = time.process_time() - started

    def find(number: int) -> list[int]:
        asked = features_of(docs[number].title, docs[number].body)
        found = index.most_alike(asked, day=docs[number].day, without=[number], limit=DEPTH_RESULTS)
        if vectors is not None:
            found = mean_pooled(
                found, {match.key: float(vectors[match.key] @ vectors[number]) for match in found}
            )
        return [match.key for match in found]

    return _measure(find, partners, took, progress)


def measure_bm25s(docs: Sequence[Doc], partners: Partners, progress: Callable[[], None]) -> Measured:
    """bm25s with English stems and stop words; ImportError where it is not installed."""
    import bm25s  # noqa: PLC0415 - only for this comparison
    import Stemmer  # noqa: PLC0415 - only for this comparison

    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    started = time.process_time()
    engine = bm25s.BM25()
    engine.index(tokens([f"{doc.title} {doc.body}" for doc in docs]), show_progress=False)
    took = time.process_time() - started
    depth = min(DEPTH_RESULTS + 1, len(docs))

    def find(number: int) -> list[int]:
        asked = tokens([f"{docs[number].title} {docs[number].body}"])
        found, scores = engine.retrieve(asked, k=depth, show_progress=False)
        return [int(at) for at, score in zip(found[0], scores[0], strict=True) if at != number and score > 0]

    return _measure(find, partners, took, progress)


def _measure(find: Find, partners: Partners, index_seconds: float, progress: Callable[[], None]) -> Measured:
    spans, rows = [], []
    for number, others in partners.items():
        started = time.process_time()
        found = find(number)
        spans.append(time.process_time() - started)
        rows.append(_judged(found, others))
        progress()
    figures = _figures(np.array(rows), _groups(partners))
    return Measured(figures, float(np.median(spans)) * 1000, index_seconds)


def _judged(found: Sequence[int], others: frozenset[int]) -> tuple[float, float, float, float]:
    """Whether one that belongs with it is among the first 1, 5 and 10, and the average precision."""
    ranks = [rank for rank, number in enumerate(found[:DEPTH_RESULTS], 1) if number in others]
    best = ranks[0] if ranks else DEPTH_RESULTS + 1
    precision = sum(count / rank for count, rank in enumerate(ranks, 1)) / len(others)
    return float(best <= 1), float(best <= 5), float(best <= 10), precision


def _groups(partners: Partners) -> list[list[int]]:
    """Places of the queries that hang together: their outcomes are not independent of each other."""
    places = {number: place for place, number in enumerate(partners)}
    groups, left = [], set(partners)
    while left:
        reached, ahead = set(), {min(left)}
        while ahead:
            number = ahead.pop()
            reached.add(number)
            ahead |= partners[number] - reached
        groups.append([places[number] for number in sorted(reached)])
        left -= reached
    return groups


def _figures(rows: NDArray[np.float64], groups: Sequence[Sequence[int]]) -> dict[str, Figure]:
    """Means, with intervals by drawing whole groups again and again."""
    sums = np.array([rows[group].sum(axis=0) for group in groups])
    sizes = np.array([len(group) for group in groups])
    random = np.random.default_rng(0)
    drawn = random.integers(len(groups), size=(BOOTSTRAP_ROUNDS, len(groups)))
    means = np.array([sums[draw].sum(axis=0) / sizes[draw].sum() for draw in drawn])
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    names = ("Hit@1", "Hit@5", "Hit@10", "MAP")
    return {
        name: Figure(float(rows[:, at].mean()), float(low[at]), float(high[at]))
        for at, name in enumerate(names)
    }
