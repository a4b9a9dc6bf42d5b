"""What the worker does regularly."""

from __future__ import annotations

from datetime import timedelta

from followthrough.jobs.schedule import RegularJob
from followthrough.jobs.tidying import tidy_up

REGULAR_JOBS = [
    RegularJob("jobs.tidy_up", timedelta(days=1), tidy_up),
]
