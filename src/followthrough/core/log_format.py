"""How a log line reads: in UTC (RFC 3339), and one line whatever stands in it (CWE-117)."""

from __future__ import annotations

import logging
import time
from typing import Final

_CONTROLS: Final = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def without_traceback(record: logging.LogRecord) -> bool:
    """A filter for refusals that anybody may cause: what was refused is logged, not where in the code."""
    record.exc_info = None
    return True


class OneLine(logging.Formatter):
    """Writes control characters and line ends of a message as escapes; tracebacks follow on lines of their own."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line without its traceback."""
        return super().formatMessage(record).translate(_CONTROLS)
