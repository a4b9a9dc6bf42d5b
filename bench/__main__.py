"""`make bench`: every figure that was promised, measured here and printed beside its promise.

`python -m bench` measures everything; `python -m bench pages …` only the parts that are named.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import finding, pages, patterns, reminders, similar, slots

PARTS: dict[str, Callable[[], None]] = {
    "pages": pages.main,
    "similar": similar.main,
    "finding": finding.main,
    "slots": slots.main,
    "patterns": patterns.main,
    "reminders": reminders.main,
}


def main(wanted: list[str]) -> None:
    """Raises SystemExit with the known names when one is not known."""
    if unknown := set(wanted) - set(PARTS):
        raise SystemExit(
            f"Not a part of the benchmark: {', '.join(sorted(unknown))}. Parts: {', '.join(PARTS)}."
        )
    for name in wanted or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
