"""`make fuzz SEED=1 REQUESTS=20000 COMMANDS=20000`: what must never fail, asked in every odd way.

Rounds begin with a fresh sample organisation and depend on nothing but the seed and their number, so ROUND=17 repeats one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from fuzz import organisation, rounds
from fuzz.report import Found, tell

REQUESTS_A_ROUND, COMMANDS_A_ROUND = 250, 500


def main() -> int:
    """Prints what came of it; 1 if anything failed."""
    asked = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="followthrough-fuzz-template-"))
    try:
        print("Sample organisation …", flush=True)
        organisation.make(folder)
        found = _all_rounds(folder, asked)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(tell(found))
    print(f"Answers: {', '.join(f'{name} {count:,}' for name, count in sorted(found.answers.items()))}.")
    print(f"{len(found.failures)} failures with SEED={asked.seed}.")
    return 1 if found.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--commands", type=int, default=20_000)
    parser.add_argument("--round", type=int, default=None, help="only this round")
    parser.add_argument("--processes", type=int, default=min(os.cpu_count() or 1, 4))
    return parser.parse_args()


def _all_rounds(folder: Path, asked: argparse.Namespace) -> Found:
    found, started = Found(), time.monotonic()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        asked.processes, mp_context=spawn, initializer=rounds.begin, initargs=(folder,)
    ) as pool:
        work: list[Future[Found]] = []
        for what, total, each in (
            ("pages", asked.requests, REQUESTS_A_ROUND),
            ("room", asked.commands, COMMANDS_A_ROUND),
        ):
            numbers = range(-(-total // each)) if asked.round is None else [asked.round]
            sizes = [
                (number, min(each, total - number * each) if asked.round is None else each)
                for number in numbers
            ]
            work += [
                pool.submit(rounds.play, what, asked.seed, number, size) for number, size in sizes if total
            ]
        for count, done in enumerate(as_completed(work), 1):
            found.add(done.result())
            if count % 10 == 0 or count == len(work):
                print(
                    f"{count} of {len(work)} rounds, {time.monotonic() - started:.0f} s",
                    file=sys.stderr,
                    flush=True,
                )
    return found


if __name__ == "__main__":
    raise SystemExit(main())
