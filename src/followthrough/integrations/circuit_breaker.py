"""Circuit breaker: after a failure a connection rests, longer each time, and then one request alone tries it (half-open)."""

from __future__ import annotations

from datetime import datetime, timedelta

from followthrough.jobs.work_claims import Backoff

BACKOFF = Backoff(
    [
        timedelta(seconds=15),
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(hours=1),
    ]
)
"""How long the connection rests after each failure in a row."""
MANY = 50
"""Issues that are looked at in one turn while all is well."""


def allowance(*, failures: int, retry_at: datetime | None, now: datetime) -> int:
    """How many issues may be tried now: none while it is open, one probe when it is half-open, many when closed."""
    if retry_at and now < retry_at:
        return 0
    return 1 if failures else MANY
