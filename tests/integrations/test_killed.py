"""A worker that is killed (kill -9) after its request arrived and before anything was noted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integrations.github_server import GitHubServer
from tests.integrations.tracker_server import Reply, Request
from tests.shared_data import ROOT, run_python

BEGIN = """
import sys, django; django.setup()
from datetime import date
from followthrough.actions import operations as actions
from followthrough.integrations.operations import connections
from followthrough.integrations.models import TrackerConnection
from tests.factories import make_incident, make_person, make_postmortem
ada = make_person("Mona", email="mona@example.org", role="administrator")
made, _ = connections.connect(service="github", name="GitHub", values={"base_url": sys.argv[1], "token": "secret-token-1234"}, by=ada)
connections.add_rule(made, target="acme/checkout", by=ada)
TrackerConnection.objects.update(check_asked_at=None)
action = actions.add_action(make_postmortem(make_incident()), text="Add an alert", owner=ada, due_on=date(2027, 1, 1), by=ada)
actions.commit(action, by=ada)
"""
TURN = """
import django; django.setup()
import os, socket
from followthrough.integrations.models import IssueLink, TrackerConnection
from followthrough.integrations.operations import sending
connection = TrackerConnection.objects.get()
assert sending.claim(connection, f"{socket.gethostname()}:{os.getpid()}:ab")
sending.take_turn(connection)
print(IssueLink.objects.get().key)
"""
SETTINGS = {
    "FOLLOWTHROUGH_INTEGRATION_NETWORKS": "127.0.0.0/8",
    "DJANGO_SETTINGS_MODULE": "followthrough.config.settings",
}


@pytest.mark.slow
def test_an_issue_is_made_once_though_the_worker_was_killed(data: Path) -> None:
    with GitHubServer().running() as server:
        paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        environment = os.environ | {"FOLLOWTHROUGH_DATA": str(data), "PYTHONPATH": paths} | SETTINGS
        command = [sys.executable, "-c", f"{BEGIN}\n{TURN}", server.address]
        worker = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)

        def kills(_: Request, answer: Callable[[], Reply]) -> Reply | None:
            answer()
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            return None

        server.faults = [kills]
        assert worker.wait(60) == -signal.SIGKILL
        assert len(server.issues) == 1
        printed = run_python("-c", TURN, data=data, **SETTINGS)
        assert printed.strip() == "acme/checkout#1"
        assert len(server.issues) == 1
