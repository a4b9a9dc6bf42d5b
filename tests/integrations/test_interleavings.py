"""Random interleavings of edits on both sides with all that goes wrong between them.

After reconciling both sides are equal, no issue is there twice, and there was at most one write for each real change.
A few in the suite; `INTERLEAVINGS=1000 python -m pytest tests/integrations/test_interleavings.py` tries many.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.core.errors import DomainError
from followthrough.integrations.issue_text import due_in, marker_of, title_of
from followthrough.integrations.models import IssueLink
from followthrough.integrations.operations import connections
from followthrough.integrations.queries import linking
from tests.factories import make_incident, make_person, make_postmortem
from tests.integrations.conftest import REPO, Setting, day
from tests.integrations.github_server import GitHubServer
from tests.integrations.tracker_server import Fault, answering, lost_after, lost_before
from tests.interruption import cut_off_at

EXAMPLES = int(os.environ.get("INTERLEAVINGS", "6"))
FAULTS: list[Fault] = [
    lost_before,
    lost_after,
    answering(500),
    answering(429, retry_after="60"),
    answering(403, x_ratelimit_remaining="0", x_ratelimit_reset="9"),
]
WORDS = st.text("abcdef @<>#*é", min_size=3, max_size=40).filter(lambda text: text.strip())
FATES = ["", *(f"fault {number}" for number in range(len(FAULTS))), "cut 1", "cut 2", "cut 3"]


class Interleavings(RuleBasedStateMachine):
    """Two people on each side, and a worker that is cut off."""

    server: GitHubServer

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.changes = 0
        self.client = Client()

    @initialize()
    def connect(self) -> None:
        server = self.server
        for kept in (server.issues, server.comments, server.moved):
            kept.clear()
        for used in (server.webhooks, server.faults, server.asked, server.answered):
            used.clear()
        admin, self.mona = make_person(role="administrator"), make_person("Mona")
        self.zoe = make_person("Zoe")
        connection, secret = connections.connect(
            service="github",
            name="GitHub",
            values={"base_url": server.address, "token": server.token},
            by=admin,
        )
        connections.add_rule(connection, target=REPO, by=admin)
        for person, account in ((self.mona, "mona"), (self.zoe, "zoe")):
            connections.set_account(connection, person=person, account=account, by=admin)
        self.setting = Setting(connection, secret, server, self.mona, admin)
        self.postmortem = make_postmortem(make_incident())

    # Here

    @precondition(lambda self: ActionItem.objects.count() < 3)
    @rule(text=WORDS)
    def commit(self, text: str) -> None:
        self.setting.action(text, postmortem=self.postmortem)
        self.changes += 1

    @rule(text=WORDS, at=st.integers(0, 2))
    def reword(self, text: str, at: int) -> None:
        self._here(at, lambda action: actions.change_action(action, text=text, by=self.mona))

    @rule(days=st.integers(1, 9), at=st.integers(0, 2))
    def put_off(self, days: int, at: int) -> None:
        self._here(at, lambda action: actions.change_action(action, due_on=day(days), by=self.mona))

    @rule(at=st.integers(0, 2), to_zoe=st.booleans())
    def hand_over(self, at: int, to_zoe: bool) -> None:
        owner = self.zoe if to_zoe else self.mona
        self._here(at, lambda action: actions.change_action(action, owner=owner, by=owner))

    @rule(at=st.integers(0, 2), what=st.sampled_from(["complete", "decline", "reopen", "start"]))
    def move(self, at: int, what: str) -> None:
        extra = {"reason": "The pool is gone since the move"} if what == "decline" else {}
        self._here(at, lambda action: getattr(actions, what)(action, by=self.mona, **extra))

    def _here(self, at: int, change: Callable[[ActionItem], Any]) -> None:
        found = list(ActionItem.objects.select_related("owner", "postmortem__incident").order_by("number"))
        if at < len(found):
            with suppress(DomainError):
                change(found[at])
                self.changes += 1

    # There

    @rule(at=st.integers(0, 2), title=WORDS, later=st.integers(-3, 3))
    def retitle(self, at: int, title: str, later: int) -> None:
        self.server.offset = timedelta(seconds=later)
        self._there(at, lambda issue: self.server.edit(issue, title=title_of(title)))

    @rule(at=st.integers(0, 2), days=st.integers(1, 9))
    def redate(self, at: int, days: int) -> None:
        def change(issue: dict[str, Any]) -> None:
            said = due_in(issue["body"], marker_of(issue["body"]))
            self.server.edit(issue, body=issue["body"].replace(f"**Due:** {said}", f"**Due:** {day(days)}"))

        self._there(at, change)

    @rule(at=st.integers(0, 2), login=st.sampled_from(["mona", "zoe"]))
    def reassign(self, at: int, login: str) -> None:
        self._there(at, lambda issue: self.server.assign(issue, login, by=login))

    @rule(at=st.integers(0, 2), how=st.sampled_from(["completed", "not_planned", ""]))
    def close_or_reopen(self, at: int, how: str) -> None:
        change = (lambda issue: self.server.close(issue, reason=how)) if how else self.server.reopen
        self._there(at, change)

    def _there(self, at: int, change: Callable[[dict[str, Any]], Any]) -> None:
        found = list(self.server.issues.values())
        if at < len(found):
            change(found[at])

    # Between

    @precondition(lambda self: self.server.webhooks)
    @rule(at=st.integers(0, 20), fate=st.sampled_from(["once", "twice", "lost"]))
    def webhook(self, at: int, fate: str) -> None:
        event, delivery, body = self.server.webhooks.pop(at % len(self.server.webhooks))
        for _ in range(["lost", "once", "twice"].index(fate)):
            assert self.setting.post(self.client, event, delivery, body).status_code in {200, 202}

    @rule(fate=st.sampled_from(FATES), polls=st.booleans())
    def work(self, fate: str, polls: bool) -> None:
        kind, _, number = fate.partition(" ")
        if kind == "fault":
            self.server.faults.append(FAULTS[int(number)])
        turn = self.setting.reconcile if polls else self.setting.work
        self.setting.wake()
        if kind == "cut":
            with suppress(SystemExit), cut_off_at(IssueLink, number=int(number)):
                turn()
        else:
            turn()

    def teardown(self) -> None:
        try:
            self._settle()
        finally:
            self.undone.__exit__(SystemExit, SystemExit(), None)

    def _settle(self) -> None:
        self.server.faults.clear()
        for _ in range(4):
            self.setting.reconcile()
        written = len(self._writes())
        self.setting.reconcile()
        assert len(self._writes()) == written <= self.changes
        markers = Counter(marker_of(issue["body"]) for issue in self.server.issues.values())
        assert not markers or max(markers.values()) == 1
        for link in linking.with_facts(IssueLink.objects.filter(state="linked")):
            issue = self.server.issues[link.target, int(link.issue)]
            ours = linking.values_here(link, {self.mona.pk: "mona", self.zoe.pk: "zoe"}, tells_begun=False)
            reasons = {"completed": "done", "not_planned": "declined"}
            assert ours == {
                "title": issue["title"],
                "state": reasons[issue["state_reason"]] if issue["state"] == "closed" else "open",
                "owner": issue["assignees"][0],
                "due": due_in(issue["body"], str(link.pk)),
            }

    def _writes(self) -> list[str]:
        """What was carried out there, comments apart."""
        return [
            request.path
            for request, _ in self.server.answered
            if request.method != "GET" and not request.path.endswith("/comments")
        ]


@pytest.mark.django_db
def test_both_sides_are_equal_after_anything(github: GitHubServer) -> None:
    Interleavings.server = github
    run_state_machine_as_test(
        Interleavings,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=EXAMPLES < 100,
        ),
    )
