"""Asks the reader process, a sandbox with a timeout and a size limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings

READER_TIMEOUT_SECONDS = 15
"""How long reading a calendar may take."""
MAX_ANSWER_BYTES = 10_000_000
"""Bytes of one answer from a server."""
_PASSED_ENVIRONMENT = {"PATH", "PYTHONPATH", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZDIR"}


def ask_reader(do: str, **question: Any) -> dict[str, Any]:
    """The answer of the reading process, or {"error": why there is none, in words}; never longer than SECONDS + 5."""
    limits = {
        "allowed": settings.CALENDAR_NETWORKS,
        "seconds": READER_TIMEOUT_SECONDS,
        "most": MAX_ANSWER_BYTES,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "followthrough.calendars.reader_process"],
            input=json.dumps({"do": do, **limits, **question}),
            env={name: value for name, value in os.environ.items() if name in _PASSED_ENVIRONMENT},
            capture_output=True,
            text=True,
            timeout=READER_TIMEOUT_SECONDS + 5,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return {"error": "Reading the calendar took too long, so it was stopped."}
    except subprocess.CalledProcessError:
        return {"error": "The calendar could not be read: it is too large or not well formed."}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
