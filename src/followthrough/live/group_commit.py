"""Group commit: what several rooms write at the same moment goes to disk in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import DatabaseError, transaction

from followthrough.live import thread_pools

T = TypeVar("T")


class _Waiting(NamedTuple):
    topic: str
    work: Callable[[], Any]
    done: asyncio.Future[Any]


_waiting: list[_Waiting] = []
_tasks: set[asyncio.Task[None]] = set()


async def run_in_group_commit(topic: str, work: Callable[[], T]) -> T:
    """What `work` gave, once it is on disk. Raises what made the transaction fail; then nothing was written."""
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    _waiting.append(_Waiting(topic, work, done))
    if not any(not task.done() for task in _tasks):
        task = asyncio.create_task(_write())
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
    return await done


async def _write() -> None:
    """Takes all that waits at once; rooms in the order of their topics, so that two processes never cross."""
    await asyncio.sleep(0)
    while _waiting:
        taken = sorted(_waiting, key=lambda each: each.topic)
        _waiting.clear()
        try:
            found = await thread_pools.writing(_together, [each.work for each in taken])
        except Exception as error:  # noqa: BLE001 - every room hears why its work was not done
            for each in taken:
                each.done.set_exception(error)
        else:
            for each, result in zip(taken, found, strict=True):
                each.done.set_result(result)


def _together(works: Sequence[Callable[[], Any]]) -> list[Any]:
    with transaction.atomic():
        found = [work() for work in works]
        if transaction.get_rollback():
            raise DatabaseError("A part failed without saying so; nothing was written.")
    return found
