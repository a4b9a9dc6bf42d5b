"""Thread pools for the database work of the live rooms: one thread that writes, three that read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")

_writer = ThreadPoolExecutor(1, thread_name_prefix="live-write")
_readers = ThreadPoolExecutor(3, thread_name_prefix="live-read")


async def writing(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs `work` in the writing thread; only one such runs at a time."""
    return await asyncio.get_running_loop().run_in_executor(_writer, lambda: _guarded(work, *args, **kwargs))


async def reading(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs `work` in a reading thread."""
    return await asyncio.get_running_loop().run_in_executor(_readers, lambda: _guarded(work, *args, **kwargs))


def _guarded(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """These threads live as long as the process: a connection that failed is not used again."""
    try:
        return work(*args, **kwargs)
    except Exception:
        connection.close()
        raise
