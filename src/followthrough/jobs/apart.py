"""Regular jobs in a process of their own: the memory that their libraries take is given back when they end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import django


def carry_out_apart(names: Sequence[str]) -> None:
    """Runs the regular jobs of these names with this process's environment, and waits for their end."""
    command = [sys.executable, "-m", "followthrough.jobs.apart", *names]
    subprocess.run(command, check=True)  # noqa: S603 - our own module


def _carry_out(names: Sequence[str]) -> None:
    django.setup()
    from followthrough.jobs import schedule, worker  # noqa: PLC0415 - need Django set up

    for job in worker.regular_jobs():
        if job.name in names:
            schedule.carry_out(job)


if __name__ == "__main__":
    _carry_out(sys.argv[1:])
