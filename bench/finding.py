"""Finding anything in an organisation of 10,000 incidents: processor time of one question, and of writing a passage."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from bench.table import heading, row

INCIDENTS, ROUNDS = 10_000, 7
LINE = "2026-11-20T14:03:11Z ERROR [pool-7] checkout: connection pool exhausted, timed out after 30001 ms waiting"
QUESTIONS = {
    "one letter": "p",
    "a word that is everywhere": "the",
    "a rare word": "certificate",
    "two words": "alert fired",
    "a sentence": "on-call acknowledged and opened the incident channel",
    "a pasted line of a log": LINE,
    "a key": "ACT-300",
    "nothing": "zzzzzz",
}


def main() -> None:
    """Fills a data folder of its own, unless BENCH_FINDING_DATA names one that was filled by `followthrough demo`."""
    data = os.environ.get("BENCH_FINDING_DATA")
    if data is None:
        data = tempfile.mkdtemp(prefix="followthrough-bench-finding-")
        print(f"\nWriting {INCIDENTS:,} incidents…", flush=True)
        demo = [sys.executable, "-m", "followthrough", "demo", f"--scale={INCIDENTS}", f"--data={data}"]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
    environment = os.environ | {"FOLLOWTHROUGH_DATA": data}
    subprocess.run([sys.executable, "-m", "bench.finding"], env=environment, check=True)


def measure() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
    import django

    django.setup()
    from followthrough.people.models import User
    from followthrough.search import operations, queries
    from followthrough.search.models import Passage
    from followthrough.search.sources import SOURCES
    from followthrough.timeline.models import Entry

    person = User.objects.filter(role=User.Role.MEMBER).first()
    assert person
    heading("find anything, CPU", f"{Passage.objects.count():,}")
    for name, text in QUESTIONS.items():
        took = _median(lambda text=text: queries.find(person, text))  # type: ignore[misc]
        row(name, f"{took:.1f} ms", promise="≤ 50 ms", met=took <= 50)
    entry = Entry.objects.first()
    assert entry
    took = _median(lambda: operations.refresh(SOURCES["entry"], [entry]))
    row("keep what was written", f"{took:.1f} ms", promise="≤ 5 ms", met=took <= 5)


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
