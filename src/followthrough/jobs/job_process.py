"""The process of regular jobs that run in a subprocess: `python -m followthrough.jobs.job_process NAME…`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import django

NICENESS = 10
"""Pages and rooms come first."""


def carry_out(names: Sequence[str]) -> None:
    os.nice(NICENESS)
    django.setup()
    from followthrough.jobs import scheduler, worker  # noqa: PLC0415 - need Django set up

    for job in worker.regular_jobs():
        if job.name in names:
            scheduler.run_claimed(job)


if __name__ == "__main__":
    carry_out(sys.argv[1:])
