"""Data folders that are dear to make: made once for the whole run, copied by whoever needs one of their own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEW_DATABASE = "from followthrough.cli.bootstrap import *; bootstrap(); bring_up_to_date()"
"""What makes the tables, as every command does."""


def shared_data(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled in whichever test process came first; the others wait for it."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    finished = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            unfinished = root / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(finished)
    return finished


def run_python(*words: object, data: Path, **settings: str) -> str:
    """What a Python process of its own prints, with the data folder `data`; it must succeed."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    environment = os.environ | {"FOLLOWTHROUGH_DATA": str(data), "PYTHONPATH": paths} | settings
    command = [sys.executable, *map(str, words)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as it is before anybody has done anything; not to be written in."""
    return shared_data(tmp_path_factory, "migrated", _migrate)


def _migrate(folder: Path) -> None:
    run_python("-c", NEW_DATABASE, data=folder)


@pytest.fixture
def data(migrated: Path, tmp_path: Path) -> Path:
    """A test's own copy of it."""
    return Path(shutil.copytree(migrated, tmp_path / "data"))
