"""Real servers: uvicorn in its own process on a copy of one prepared data folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.server import Server
from tests.shared_data import run_python, shared_data

SEED = "import django; django.setup(); from tests.live import seed; seed.main()"


@pytest.fixture(scope="session")
def organisation(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The prepared data folder and who is in it."""

    def make(folder: Path) -> None:
        shutil.copytree(migrated, folder / "data")
        (folder / "people.json").write_text(run_python("-c", SEED, data=folder / "data"))

    folder = shared_data(tmp_path_factory, "organisation", make)
    return folder / "data", json.loads((folder / "people.json").read_text())


@pytest.fixture(scope="session")
def make_server(
    organisation: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Server]]:
    """Starts a server on its own copy of the organisation; all are stopped at the end."""
    folder, people = organisation
    started: list[Server] = []

    def make() -> Server:
        data = tmp_path_factory.mktemp("server") / "data"
        shutil.copytree(folder, data)
        started.append(Server(data, people))
        return started[-1]

    yield make
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def server(make_server: Callable[[], Server]) -> Server:
    """The one server that most tests share."""
    return make_server()
