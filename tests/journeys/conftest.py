"""One sample organisation for all journeys; each takes an incident of its own through it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.demo import Demo, Person, make_sample
from tests.room.conftest import DESK, browser
from tests.shared_data import shared_data

__all__ = ["browser"]

Arrive = Callable[..., Person]


@pytest.fixture(scope="session")
def demo(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    def make(folder: Path) -> None:
        shutil.copytree(migrated, folder, dirs_exist_ok=True)
        make_sample(folder)

    data = tmp_path_factory.mktemp("journeys") / "data"
    shutil.copytree(shared_data(tmp_path_factory, "sample", make), data)
    running = Demo(data)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def arrive(browser: Browser, demo: Demo) -> Iterator[Arrive]:
    """Brings a sample person to one incident, signed in; at the end no script may have reported an error."""
    people: list[Person] = []

    def arrive(name: str, room: int, **context: Any) -> Person:
        own = browser.new_context(**({"viewport": DESK, "accept_downloads": True} | context))
        own.set_default_timeout(30_000)
        people.append(Person(own, demo.home, room, name))
        return people[-1]

    yield arrive
    for person in people:
        person.leave()
    assert [problem for person in people for problem in person.problems] == []
