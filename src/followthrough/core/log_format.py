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
    """A filter for hosts that are not ours, which anybody may name: what was refused and by which setting, not where."""
    record.exc_info = record.exc_text = None
    record.msg = record.getMessage().replace("ALLOWED_HOSTS", "FOLLOWTHROUGH_HOSTS")
    record.msg += " Behind a proxy, have it pass on the Host header."
    record.args = ()
    return True


class OneLine(logging.Formatter):
    """Writes control characters and line ends of a message as escapes; tracebacks follow on lines of their own."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line without its traceback."""
        return super().formatMessage(record).translate(_CONTROLS)
