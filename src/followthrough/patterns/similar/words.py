"""Which words two texts share, as they are written."""

from __future__ import annotations

from collections import Counter

from followthrough.patterns.similar import store
from followthrough.patterns.similar.features import (
    TITLE_COUNTS,
    number_of,
    stem,
    telling_words,
)
from followthrough.patterns.similar.telling import Told

SHORTEST = 3


def shared_words(asked: Told, found: Told) -> list[str]:
    """The words that both texts hold, the most telling first, written as in `found`."""
    rarity = store.held_rarity()
    own, others = _counted(asked), _counted(found)
    written = {stem(word): word for word in reversed(telling_words(f"{found.title} {found.text}"))}
    common = [one for one in own.keys() & others.keys() if len(one) >= SHORTEST and not one.isdigit()]
    weight = {one: rarity[number_of(one)] ** 2 * min(own[one], others[one]) for one in common}
    return [written[one] for one in sorted(common, key=lambda one: (-weight[one], one))]


def _counted(told: Told) -> Counter[str]:
    words = telling_words(" ".join([told.title] * TITLE_COUNTS + [told.text]))
    return Counter(stem(word) for word in words)
