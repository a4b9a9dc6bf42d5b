"""A connected GitHub with one rule, a member who owns a committed action, and a hand to turn the worker with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.integrations.models import IssueLink, TrackerConnection
from followthrough.integrations.operations import connections, sending
from followthrough.people.models import User
from tests.factories import make_incident, make_person, make_postmortem
from tests.integrations.github_server import GitHubServer, signed

REPO = "acme/checkout"


@pytest.fixture
def reachable(settings: Any) -> None:
    """This machine's own addresses may be reached."""
    settings.INTEGRATION_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def github(reachable: None) -> Iterator[GitHubServer]:
    with GitHubServer().running() as server:
        yield server


@dataclass
class Setting:
    """What a test works with."""

    connection: TrackerConnection
    secret: str
    github: GitHubServer
    owner: User
    administrator: User

    def work(self) -> TrackerConnection:
        """What the worker does: one turn."""
        self.connection.refresh_from_db()
        sending.take_turn(self.connection)
        self.connection.refresh_from_db()
        return self.connection

    def wake(self) -> None:
        """All pauses are over."""
        TrackerConnection.objects.update(retry_at=None, paused_until=None)
        IssueLink.objects.update(retry_at=None)

    def reconcile(self) -> None:
        """The poll comes round."""
        self.wake()
        TrackerConnection.objects.update(reconcile_at=None)
        self.work()

    def deliver(self, client: Any, number: int = -1) -> Any:
        """One webhook that waits there comes in."""
        event, delivery, body = self.github.webhooks.pop(number)
        return self.post(client, event, delivery, body)

    def post(self, client: Any, event: str, delivery: str, body: bytes, secret: str = "") -> Any:
        headers = signed(secret or self.secret, event, delivery, body)
        path = f"/in/github/{self.connection.pk}/"
        return client.post(path, body, content_type="application/json", headers=headers)

    def action(self, text: str = "Add an alert on pool use", **fields: Any) -> ActionItem:
        """One that its owner has committed to."""
        postmortem = fields.pop("postmortem", None) or make_postmortem(make_incident())
        due_on = fields.pop("due_on", timezone.localdate() + timedelta(days=14))
        made = actions.add_action(
            postmortem, text=text, owner=self.owner, due_on=due_on, by=self.owner, **fields
        )
        return actions.commit(made, by=self.owner)

    def issue_of(self, action: ActionItem) -> dict[str, Any]:
        link = IssueLink.objects.get(action=action)
        return self.github.issues[link.target, int(link.issue)]


@pytest.fixture
def setting(github: GitHubServer, db: None) -> Setting:
    administrator = make_person("Ada", role="administrator")
    owner = make_person("Mona", email="mona@example.org")
    connection, secret = connections.connect(
        service="github",
        name="GitHub, acme",
        values={"base_url": github.address, "token": github.token},
        by=administrator,
    )
    connections.add_rule(connection, target=REPO, by=administrator)
    found = Setting(connection, secret, github, owner, administrator)
    found.work()
    return found


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
