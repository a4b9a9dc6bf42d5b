"""A queue that people take turns in (round robin): one who sends much waits behind nobody's first, and holds up nobody."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class FairQueue(Generic[T]):
    """What one person put in comes out in that order; of several people, one each in turn."""

    def __init__(self) -> None:
        self._queues: OrderedDict[int, deque[T]] = OrderedDict()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def count(self, person: int) -> int:
        return len(self._queues.get(person, ()))

    def put(self, person: int, item: T) -> None:
        self._queues.setdefault(person, deque()).append(item)
        self._length += 1

    def put_back(self, items: Iterable[tuple[int, T]]) -> None:
        """What was taken last and not done, in its order: it comes first again."""
        for person, item in reversed(list(items)):
            self._queues.setdefault(person, deque()).appendleft(item)
            self._queues.move_to_end(person, last=False)
            self._length += 1

    def take(self, most: int) -> list[tuple[int, T]]:
        """Up to `most`, with whose each is."""
        return [self._next() for _ in range(min(most, self._length))]

    def _next(self) -> tuple[int, T]:
        person, items = self._queues.popitem(last=False)
        item = items.popleft()
        if items:
            self._queues[person] = items
        self._length -= 1
        return person, item
