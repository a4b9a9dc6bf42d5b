"""The program that renders one PDF: its texts come in as JSON, the document goes out.

A process of its own can be stopped when a document takes too long or too much memory, gives all its memory back, and
knows neither the database nor the server's key.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

NICE = 5
"""Pages and rooms come first."""


def main() -> None:
    """Reads {template, fonts, inputs, bytes, seconds}; `bytes` of address space and `seconds` of processor time at most."""
    os.nice(NICE)
    asked = json.load(sys.stdin)
    _limit(asked["bytes"], asked["seconds"])
    import typst  # noqa: PLC0415 - 20 MB that only this needs

    template = Path(asked["template"])
    sys.stdout.buffer.write(
        typst.compile(template, format="pdf", font_paths=[asked["fonts"]], sys_inputs=asked["inputs"])
    )


def _limit(most_bytes: int, seconds: int) -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


if __name__ == "__main__":
    main()
