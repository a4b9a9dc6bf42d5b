"""Shared terms of two texts, as they are written."""

from __future__ import annotations

from collections import Counter

from followthrough.similarity import index_store
from followthrough.similarity.features import TITLE_WEIGHT, number_of, stem, top_terms
from followthrough.similarity.queries.source_text import SourceText

MIN_LETTERS = 3


def shared_terms(asked: SourceText, found: SourceText) -> list[str]:
    """The words that both texts hold, the most telling first, written as in `found`."""
    rarity = index_store.stored_weights()
    own, others = _counted(asked), _counted(found)
    written = {stem(word): word for word in reversed(top_terms(f"{found.title} {found.text}"))}
    common = [one for one in own.keys() & others.keys() if len(one) >= MIN_LETTERS and not one.isdigit()]
    weight = {one: rarity[number_of(one)] ** 2 * min(own[one], others[one]) for one in common}
    return [written[one] for one in sorted(common, key=lambda one: (-weight[one], one))]


def _counted(told: SourceText) -> Counter[str]:
    words = top_terms(" ".join([told.title] * TITLE_WEIGHT + [told.text]))
    return Counter(stem(word) for word in words)
