"""Runs regular jobs in a subprocess: the memory that their libraries take is given back when they end.

A worker has one such process at a time and does not wait for it: mail goes on meanwhile.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Sequence

log = logging.getLogger(__name__)

STOP_TIMEOUT_SECONDS = 10
"""Seconds that a process may take to end when it is told to."""


class _Running:
    process: subprocess.Popen[bytes] | None = None
    names: Sequence[str] = ()


def run_in_subprocess(names: Sequence[str]) -> None:
    """Begins the regular jobs of these names with this process's environment."""
    command = [sys.executable, "-m", "followthrough.jobs.job_process", *names]
    _Running.names = names
    _Running.process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own module


def is_busy() -> bool:
    """Whether the process is still at work; one that broke down is logged."""
    process = _Running.process
    if process is None or process.poll() is None:
        return process is not None
    if process.returncode:
        log.error("Regular jobs (%s) ended with status %s.", ", ".join(_Running.names), process.returncode)
    _Running.process = None
    return False


def terminate() -> Sequence[str]:
    """Ends the process, if it is at work; returns the names of the jobs that it may not have finished."""
    if not is_busy() or _Running.process is None:
        return ()
    _Running.process.terminate()
    try:
        _Running.process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        _Running.process.kill()
    _Running.process = None
    return _Running.names
