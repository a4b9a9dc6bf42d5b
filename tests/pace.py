"""Bounds on processor time that hold on any machine: they grow with how long a known piece of work takes here and now."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

USUAL_SECONDS = 0.012
"""What the known piece of work takes on the machine the bounds were written on."""


def seconds(run: Callable[[str], object], text: str) -> float:
    """Processor time of this thread."""
    began = time.thread_time()
    run(text)
    return time.thread_time() - began


def slowness() -> float:
    """How many times slower this machine is at this moment than the usual one."""
    pattern, text = re.compile(r"[\s_]+"), "a " * 50_000
    return max(1.0, min(seconds(lambda told: pattern.sub("", told), text) for _ in range(3)) / USUAL_SECONDS)


def slowness_of_the_clock() -> float:
    """The same by the clock: also while other programs have the processor."""
    pattern, text = re.compile(r"[\s_]+"), "a " * 50_000
    began = time.perf_counter()
    pattern.sub("", text)
    return max(1.0, (time.perf_counter() - began) / USUAL_SECONDS)


@contextmanager
def taking_at_most(most: float) -> Iterator[None]:
    """Fails where what stands inside takes more than `most` seconds of this thread on the usual machine."""
    before, began = slowness(), time.thread_time()
    yield
    took = time.thread_time() - began
    assert took < most * max(before, slowness()), f"{took:.2f} s of processor time"
