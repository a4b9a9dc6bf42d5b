"""What keeps coming back follows within a minute: of a report, an import, a changed tag, a confirmed cause."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.config.regular_jobs import REGULAR_JOBS
from followthrough.facts import queries as facts
from followthrough.incidents import imports
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Incident
from followthrough.jobs import scheduler
from followthrough.patterns.models import Pattern, Proposal
from followthrough.patterns.operations.refresh import refresh_incident
from followthrough.people.models import User
from tests.factories import make_severity
from tests.patterns.conftest import Struck, ago

pytestmark = pytest.mark.django_db
PAST = [
    ("INC: pool ran dry", 200, "payments", "connection pool", "Payments had no connection left in its pool"),
    ("Deploy without its migration", 150, "orders", "release", "The release went out before its migration"),
    ("Payments pool exhausted", 90, "payments", "connection pool", "No connection left in the pool of payments"),
    ("Release rolled back", 60, "orders", "release", "A release was rolled back after config and migration errors"),
    ("Disk full on the ledger", 30, "ledger", "disk", "After a full disk the ledger stopped"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def begun_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would run in a process of its own runs here."""
    jobs = {job.name: job for job in REGULAR_JOBS}
    here = SimpleNamespace(
        is_busy=lambda: False,
        run_in_subprocess=lambda names: [scheduler.run_claimed(jobs[name]) for name in names],
    )
    monkeypatch.setattr(scheduler, "subprocess_runner", here)


def one_minute() -> None:
    """The two turns of the worker within it, for what follows incidents."""
    followed = [job for job in REGULAR_JOBS if job.name in {"patterns.catch_up", "patterns.propose"}]
    assert followed[0].every <= timedelta(minutes=1)
    scheduler.make_due("patterns.catch_up")
    for _ in range(2):
        scheduler.run_due(followed, now=timezone.now())


def bring_in(folder: Path) -> None:
    lines = ["Title,Started at,Duration,Severity,Services,Tags,What happened"]
    lines += [
        f"{title},{ago(days):%Y-%m-%d %H:%M},30,SEV2,{service},{tag},{told}"
        for title, days, service, tag, told in PAST
    ]
    path = folder / "past.csv"
    path.write_text("\n".join(lines))
    assert imports.run([path], by=None).created == len(PAST)


def reported(person: User, **fields: object) -> Incident:
    return incidents.report_incident(
        title="Checkout: no connection left in the pool",
        what_happened="Payments had no connection left in its pool after a release",
        severity=make_severity(),
        began_at=timezone.now(),
        by=person,
        **fields,  # type: ignore[arg-type]
    )


def names(client: Client) -> set[str]:
    return {lane.name for lane in client.get("/patterns/").context["lanes"]}


def test_patterns_and_seen_before_follow_an_import(tmp_path: Path, person: User, client: Client) -> None:
    incidents.seed_defaults()
    one_minute()
    incident = reported(person, tags=["connection pool"])
    seen = f"/incidents/{incident.key}/similar/"
    assert client.get(seen).status_code == 200
    bring_in(tmp_path)
    one_minute()
    assert names(client) == {"Connection pool", "Release"}
    assert "Connection pool" in client.get("/").content.decode()
    page = client.get(seen).content.decode()
    for title, alike in (
        ("INC: pool ran dry", True),
        ("Payments pool exhausted", True),
        ("Disk full", False),
    ):
        assert (title in page) == alike, title
    assert "same tag: connection pool" in page
    assert "after" not in page.partition("same words:")[2].partition("<")[0]


def test_two_incidents_with_a_tag_are_enough_whatever_is_known_of_them(person: User, client: Client) -> None:
    first = reported(person, tags=["connection pool"])
    one_minute()
    assert names(client) == set()
    second = reported(person)
    one_minute()
    assert names(client) == set()
    incidents.change_incident(second, by=person, tags=["connection pool"])
    one_minute()
    assert names(client) == {"Connection pool"}
    incidents.change_incident(first, by=person, visibility=Incident.Visibility.RESTRICTED)
    one_minute()
    assert names(client) == set()


def test_a_confirmed_cause_is_followed_as_well(struck: Struck, client: Client) -> None:
    for days in (30, 10):
        struck(days, title=f"Told nothing {days}")
    one_minute()
    assert names(client) == {"Configuration problems in checkout"}


def test_a_tag_alone_says_nothing_of_fixes(struck: Struck, person: User) -> None:
    fixed = struck(60, tags=("dns",))
    finding = fixed.findings.get()
    due = timezone.localdate()
    action = actions.add_action(fixed, text="Refuse it", by=person, owner=person, due_on=due, finding=finding)
    actions.complete(actions.commit(action, by=person), by=person)
    type(action).objects.filter(pk=action.pk).update(done_at=ago(50))
    refresh_incident(fixed.pk)
    struck(10, tags=("dns",), kind="luck")
    one_minute()
    assert Pattern.objects.get().tag.name == "dns"
    assert facts.fixes(timezone.now()) == facts.Share(1, 1)


def test_what_sounds_alike_is_proposed_with_the_report(person: User) -> None:
    for number in range(9):
        incidents.report_incident(
            title=f"Printer {number} jammed", severity=make_severity(), began_at=ago(number + 1), by=person
        )
    one_minute()
    assert not any("pool" in one.words for one in Proposal.objects.all())
    for _ in range(3):
        reported(person)
    one_minute()
    proposal = next(one for one in Proposal.objects.all() if "pool" in one.words)
    assert proposal.size == 3
