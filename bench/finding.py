"""Finding anything in an organisation of 10,000 incidents: processor time of one question, and of writing a passage."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from bench.table import heading, row

SMALL, LARGE, ROUNDS = 100, 10_000, 7
MOST_MS, MOST_TIMES = 50, 12
"""A question over the whole of 10,000 incidents, and against the same one over 100, whatever the machine does besides."""
LINE = "2026-11-20T14:03:11Z ERROR [pool-7] checkout: connection pool exhausted, timed out after 30001 ms waiting"
QUESTIONS = {
    "one letter": "p",
    "a word that is everywhere": "the",
    "a rare word": "certificate",
    "two words": "alert fired",
    "words of several records": "checkout latency deploy",
    "a sentence": "on-call acknowledged and opened the incident channel",
    "a pasted line of a log": LINE,
    "a key": "ACT-300",
    "nothing": "zzzzzz",
}
WRITING = "keep what was written"


def main() -> None:
    """Fills data folders of its own, unless BENCH_FINDING_DATA names one that was filled by `followthrough demo`."""
    small, large = (_measured(_filled(size)) for size in (SMALL, LARGE))
    heading("find anything, CPU", f"{SMALL:,}", f"{LARGE:,}")
    for name in QUESTIONS:
        ratio = large[name] / small[name]
        met = large[name] <= MOST_MS and ratio <= MOST_TIMES
        promise = f"≤ {MOST_MS} ms and ≤ {MOST_TIMES}×: {ratio:.1f}×"
        row(name, f"{small[name]:.1f} ms", f"{large[name]:.1f} ms", promise=promise, met=met)
    took = large[WRITING]
    row(WRITING, f"{small[WRITING]:.1f} ms", f"{took:.1f} ms", promise="≤ 5 ms", met=took <= 5)


def _filled(size: int) -> str:
    if size == LARGE and (data := os.environ.get("BENCH_FINDING_DATA")):
        return data
    data = tempfile.mkdtemp(prefix="followthrough-bench-finding-")
    print(f"\nWriting {size:,} incidents…", flush=True)
    demo = [sys.executable, "-m", "followthrough", "demo", f"--scale={size}", f"--data={data}"]
    subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
    return data


def _measured(data: str) -> dict[str, float]:
    """Milliseconds of each question, in a process of its own."""
    environment = os.environ | {"FOLLOWTHROUGH_DATA": data}
    command = [sys.executable, "-m", "bench.finding"]
    answer = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)  # type: ignore[no-any-return]


def measure() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
    import django

    django.setup()
    from followthrough.people.models import User
    from followthrough.search import operations, queries
    from followthrough.search.sources import SOURCES
    from followthrough.timeline.models import Entry

    person = User.objects.filter(role=User.Role.MEMBER).first()
    entry = Entry.objects.first()
    assert person
    assert entry
    times = {
        name: _median(lambda text=text: queries.find(person, text))  # type: ignore[misc]
        for name, text in QUESTIONS.items()
    }
    times[WRITING] = _median(lambda: operations.refresh(SOURCES["entry"], [entry]))
    print(json.dumps(times))


def _median(work: Callable[[], object]) -> float:
    """Milliseconds, after a first time that opens the files."""
    work()
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times) * 1000


if __name__ == "__main__":
    measure()
