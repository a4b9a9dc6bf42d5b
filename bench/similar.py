"""Similar incidents among 100,000: a question, saving, learning words anew, and a restart."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from bench.table import heading, row

INCIDENTS, ROUNDS = 100_000, 60
STEMS, TITLE_WORDS, BODY_WORDS = 40_000, (3, 10), (8, 80)
"""Of telling words only; a report of 75 words has about 40 that are not the same in all."""
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CONSONANTS, VOWELS = "bcdfgklmnprstvz", "aeiou"


def main() -> None:
    """Measures in a process of its own, as numpy is not to be there before."""
    data = tempfile.mkdtemp(prefix="followthrough-bench-similar-")
    environment = os.environ | {"FOLLOWTHROUGH_DATA": data}
    print(f"\nWriting {INCIDENTS:,} incidents and what they are compared by…", flush=True)
    subprocess.run([sys.executable, "-m", "bench.similar", "all"], env=environment, check=True)
    restart = [sys.executable, "-m", "bench.similar", "restart"]
    answer = subprocess.run(restart, env=environment, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout)
    seconds, memory = found["seconds"], found["memory"]
    row("first question after a restart", f"{seconds:.1f} s", promise="≤ 5 s", met=seconds <= 5)
    row("memory of that process", f"{memory:.0f} MB", promise="≤ 400 MB", met=memory <= 400)


def measure() -> None:
    """Everything but the restart; prints the table."""
    _set_up()
    texts = _fill()
    from followthrough.similarity import index_store

    learning = _seconds(index_store.fit_index)
    heading("similar incidents, CPU", f"{INCIDENTS:,}")
    row("learn words anew", f"{learning:.0f} s", promise="≤ 5 minutes, at night", met=learning <= 300)
    asked = random.Random(2).sample(range(len(texts)), ROUNDS)
    whole, engine, theirs = _answers(asked), _engine(texts, asked), _bm25s(texts, asked)
    row("answer with reasons and actions", f"{whole:.1f} ms", promise="≤ 25 ms", met=whole <= 25)
    promise = f"≤ 3× bm25s ({theirs:.1f} ms): {engine / theirs:.1f}×"
    row("comparison alone", f"{engine:.1f} ms", promise=promise, met=engine <= 3 * theirs)
    storing, taking_in = _save()
    row("store on save", f"{storing:.1f} ms", promise="≤ 10 ms", met=storing <= 10)
    row("take in what was saved", f"{taking_in:.1f} ms", promise="≤ 10 ms", met=taking_in <= 10)


def restart() -> None:
    """The first question of a new process, and what memory it holds after some more."""
    import psutil

    _set_up()
    from followthrough.incidents.models import Incident
    from followthrough.similarity import index_store
    from followthrough.similarity.features import features_of

    seconds = _seconds(lambda: index_store.current().most_alike(features_of("restart", "")))
    for incident in Incident.objects.filter(pk__in=range(1, INCIDENTS, INCIDENTS // ROUNDS)):
        index_store.current().most_alike(features_of(incident.title, incident.what_happened))
    print(json.dumps({"seconds": seconds, "memory": psutil.Process().memory_info().rss / 1e6}))


def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _fill() -> list[tuple[str, str]]:
    """Incidents of invented words that are as unevenly frequent as real ones, over six years."""
    from followthrough.incidents.models import Incident, Severity
    from followthrough.similarity import tasks

    severity, _ = Severity.objects.get_or_create(name="SEV3", defaults={"rank": 3})
    texts = list(_texts(INCIDENTS))
    Incident.objects.bulk_create(
        (
            Incident(
                title=title, what_happened=body, severity=severity,
                began_at=NOW - timedelta(minutes=31 * (INCIDENTS - number)),
            )
            for number, (title, body) in enumerate(texts)
        ),
        batch_size=1000,
    )  # fmt: skip
    tasks.fit_index_nightly()
    return texts


def _texts(number: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(1)
    words = sorted({_word(chance) for _ in range(STEMS)})
    chance.shuffle(words)
    weights = list(accumulate(1 / (rank + 8) for rank in range(len(words))))
    for _ in range(number):
        sizes = chance.randint(*TITLE_WORDS), chance.randint(*BODY_WORDS)
        title, body = (" ".join(chance.choices(words, cum_weights=weights, k=size)) for size in sizes)
        yield title[:200], body


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(chance.randint(2, 4)))


def _answers(asked: Sequence[int]) -> float:
    from followthrough.incidents.models import Incident
    from followthrough.people.models import User
    from followthrough.similarity.queries.similarity_search import similar_to

    person = User.objects.create_user("reader@example.org", None, name="Reader")
    incidents = [Incident.objects.order_by("pk")[at] for at in asked]
    return _median([lambda found=found: similar_to(found, person) for found in incidents])


def _engine(texts: Sequence[tuple[str, str]], asked: Sequence[int]) -> float:
    from followthrough.similarity import index_store
    from followthrough.similarity.features import features_of

    index = index_store.current()
    return _median([lambda at=at: index.most_alike(features_of(*texts[at]), limit=10) for at in asked])


def _bm25s(texts: Sequence[tuple[str, str]], asked: Sequence[int]) -> float:
    import logging

    import bm25s
    import Stemmer

    logging.getLogger("bm25s").setLevel(logging.WARNING)

    stemmer, engine = Stemmer.Stemmer("english"), bm25s.BM25()

    def tokens(found: list[str]) -> Any:
        return bm25s.tokenize(found, stopwords="en", stemmer=stemmer, show_progress=False)

    engine.index(tokens([" ".join(text) for text in texts]), show_progress=False)
    return _median(
        [
            lambda at=at: engine.retrieve(tokens([" ".join(texts[at])]), k=10, show_progress=False)
            for at in asked
        ]
    )


def _save() -> tuple[float, float]:
    from followthrough.incidents.models import Incident, Severity
    from followthrough.similarity import index_store

    severity, storing, taking_in = Severity.objects.get(name="SEV3"), [], []
    for title, body in _texts(ROUNDS):
        incident = Incident.objects.create(title=title, what_happened=body, severity=severity, began_at=NOW)
        storing.append(_seconds(lambda key=incident.pk: index_store.write([key])))
        taking_in.append(_seconds(index_store.current))
    return statistics.median(storing) * 1000, statistics.median(taking_in) * 1000


def _median(works: Sequence[Callable[[], object]]) -> float:
    """Milliseconds of processor time."""
    return statistics.median(_seconds(work) for work in works) * 1000


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    {"all": measure, "restart": restart}[sys.argv[1]]()
