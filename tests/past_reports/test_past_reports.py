"""Whole reports: an incident comes in with its timeline, causes and action items as records, and nothing is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause, Finding
from followthrough.incidents import imports, operations
from followthrough.incidents.models import Incident
from followthrough.notifications.models import Message
from followthrough.past_reports.action_words import read_lines
from followthrough.past_reports.report_sections import kind_of_title
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.timeline.models import Entry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).parents[3] / "shared" / "data" / "postmortems_md"
REPORT = """---
title: Checkout answered slowly
date: 2024-03-05 14:00 UTC
severity: SEV2
---
## Summary

Payments were refused.

## Timeline (UTC)

- 14:05 @sana: alert fired
- 14:12 paged, see [the graph](https://graphs.example.org/7)
- 15:02 failover

## Root cause

The pool was drained by a job that ran twice.

It had no lock.

## Contributing factors

- No alert on the pool
- The runbook was old
  and nobody had tried it

## What went well

1. The failover took a minute

## What didn't go well

- We looked at the wrong graph

## Action items

| Action | Owner | Due | Status | Ticket |
|--------|-------|-----|--------|--------|
| Alert on the pool's free connections | Sana Qureshi | 2024-03-20 | Done | [OPS-7](https://tickets.example.org/OPS-7) |
| Give the job a lock | Nobody Known | 20 Mar 2024 | Open | |

## Links

See the wiki.
"""


@pytest.fixture(autouse=True)
def defaults():
    operations.seed_defaults()


@pytest.fixture
def bring(tmp_path):
    def run(text, name="report.md", **options):
        path = tmp_path / name
        path.write_text(text)
        return imports.run([path], by=options.pop("by", None), **options)

    return run


def told():
    """Entries of the report's own timeline; milestones have entries besides."""
    return Entry.objects.filter(milestone=None)


def test_a_report_becomes_records(bring):
    sana = make_person("Sana Qureshi", email="sana@example.org")
    report = bring(REPORT, by=make_person())
    incident, postmortem = Incident.objects.get(), PostMortem.objects.get()
    assert report.first[0].parts.holds == "3 timeline entries, 4 causes, 2 action items"
    entries = list(told().order_by("happened_at"))
    assert [f"{entry.happened_at:%F %H:%M}" for entry in entries] == [
        "2024-03-05 14:05", "2024-03-05 14:12", "2024-03-05 15:02",
    ]  # fmt: skip
    assert "https://graphs.example.org/7" in entries[1].text
    assert entries[0].source.startswith("report")
    assert [cause.text[:20] for cause in Cause.objects.order_by("position")] == [
        "The pool was drained", "No alert on the pool", "The runbook was old\n",
    ]  # fmt: skip
    assert list(Finding.objects.order_by("position").values_list("kind", flat=True)) == [
        "root_cause", "contributing_factor", "contributing_factor", "went_well",
    ]  # fmt: skip
    done, still = ActionItem.objects.order_by("number")
    assert (done.text, done.state, done.owner, done.due_on) == (
        "Alert on the pool's free connections · OPS-7", "done", sana, date(2024, 3, 20),
    )  # fmt: skip
    assert done.links.get().url == "https://tickets.example.org/OPS-7"
    assert (still.text, still.state) == ("Give the job a lock (owner: Nobody Known)", "proposed")
    assert postmortem.state == "shared"
    assert not Promise.objects.exists()
    assert not Message.objects.exists()
    assert "Payments were refused." in incident.what_happened
    assert "We looked at the wrong graph" in incident.what_happened
    assert "See the wiki." in incident.what_happened
    assert not any(said in incident.what_happened for said in ("14:12", "old", "Alert on", "## Action items"))
    assert bring(REPORT, by=sana).skipped == 1
    assert told().count() == 3


def test_pages_of_an_earlier_post_mortem_open(bring, client):
    sana = make_person("Sana Qureshi", role="administrator")
    client.force_login(sana)
    bring(REPORT, by=sana)
    incident = Incident.objects.get()
    page = client.get(f"/incidents/{incident.key}/").content.decode()
    assert "It was imported from earlier records." in page
    assert "was skipped" not in page
    for path in ("room/", "schedule/", "history/", "edit/"):
        assert client.get(f"/incidents/{incident.key}/{path}").status_code in {200, 302}, path
    for path in ("/", "/actions/", "/incidents/", "/insights/", "/patterns/"):
        assert client.get(path).status_code == 200, path


def test_a_preview_says_what_a_report_holds_and_writes_nothing(bring):
    report = bring(REPORT, dry_run=True)
    assert report.preview["first"][0]["holds"] == "3 timeline entries, 4 causes, 2 action items"
    assert not PostMortem.objects.exists()


def test_what_a_timeline_does_not_tell_a_time_of_stays_in_the_text(bring):
    bring("# Door shut\n\n## Timeline\n\n- 2024-03-05 14:05 alert fired\n\nNobody knows more.\n")
    incident = Incident.objects.get()
    assert f"{incident.began_at:%F %H:%M}" == "2024-03-05 14:05"
    assert told().count() == 1
    assert "Nobody knows more." in incident.what_happened + told().get().text


@pytest.mark.parametrize(
    ("head", "began", "severity"),
    [
        ("**Date:** 2024-03-05 14:03\n**Severity:** Critical", "14:03", "SEV1"),
        ("- Started: 2024-03-05 14:03\n- Severity: SEV2", "14:03", "SEV2"),
        ("- **Key events**\n  - Started 2024-03-05 14:03\n  - Resolved 2024-03-05 15:00", "14:03", "SEV3"),
        ("| Start time | 2024-03-05 2:03 PM |\n|---|---|\n| Priority | P4 |", "14:03", "SEV4"),
        ("Date: March 5, 2024\nSeverity: partial", "00:00", "SEV3"),
        ("Started (CET): 2024-03-05 15:03", "14:03", "SEV3"),
    ],
)
def test_facts_at_the_head_of_a_report(bring, head, began, severity):
    bring(f"# Door shut\n\n{head}\n\nIt was shut.\n")
    incident = Incident.objects.get()
    assert (f"{incident.began_at:%F %H:%M}", incident.severity.name) == (f"2024-03-05 {began}", severity)


LISTED = """# Incident on 2024-03-05 - Disk full

- **Key events**
  - First detected: 2024-03-05 13:42
  - Resolved 2024-03-05 19:18

- **Impact**: Several nodes.

- **Context**:
  - 2024-03-05 13:42 Alert
  - 2024-03-05 15.26 Compared the disks

- **Review actions**:
  - [x] Update the runbook
  - Add drift testing
"""


def test_a_report_that_is_one_list(bring):
    bring(LISTED)
    assert [entry.text for entry in told().order_by("happened_at")] == ["Alert", "Compared the disks"]
    assert list(ActionItem.objects.order_by("number").values_list("text", "state")) == [
        ("Update the runbook", "done"), ("Add drift testing", "proposed"),
    ]  # fmt: skip
    incident = Incident.objects.get()
    assert f"{incident.ended_at:%H:%M}" == "19:18"
    assert "Several nodes." in incident.what_happened


def test_causes_and_actions_of_a_table(bring):
    bring('title,Root cause,Action items\nDoor shut,A lock,"Buy a key; [x] Oil it"\n', "a.csv")
    assert Cause.objects.get().text == "A lock"
    assert list(ActionItem.objects.order_by("number").values_list("text", "state")) == [
        ("Buy a key", "proposed"), ("Oil it", "done"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "text", "owner", "due", "is_done"),
    [
        ("Buy a key", "Buy a key", "", None, False),
        ("[x] Buy a key", "Buy a key", "", None, True),
        ("[ ] Buy a key (@sana)", "Buy a key", "sana", None, False),
        ("✅ Buy a key", "Buy a key", "", None, True),
        ("~~Buy a key~~", "Buy a key", "", None, True),
        ("Done: buy a key", "buy a key", "", None, True),
        ("Buy a key (done)", "Buy a key (done)", "", None, True),
        ("**Buy** a key - Owner: Sana Q, due 2024-03-20", "Buy a key", "Sana Q", date(2024, 3, 20), False),
        ("Buy a key by 20 Mar 2024", "Buy a key", "", date(2024, 3, 20), False),
        ("To complete before Monday", "To complete before Monday", "", None, False),
        ("Mail a@b.example about keys", "Mail a@b.example about keys", "", None, False),
    ],
)
def test_action_items_as_reports_write_them(said, text, owner, due, is_done):
    (found,) = read_lines(said)
    assert found.text.strip(" -,") == text
    assert (found.owner, found.due_on, found.is_done) == (owner, due, is_done)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Timeline of events", "timeline"), ("Chronology", "timeline"), ("Incident timeline (UTC)", "timeline"),
        ("Root Cause Analysis", "root_cause"), ("Root causes", "root_cause"), ("Contributing Factors", "contributing_factor"),
        ("Trigger", "trigger"), ("What went well", "went_well"), ("Where we got lucky", "luck"),
        ("What didn't go well", ""), ("What has not gone well", ""), ("Action Items", "actions"), ("Follow-ups", "actions"),
        ("Next steps", "actions"), ("Actions taken", ""), ("Corrective and preventative measures", "actions"),
        ("Summary", ""), ("Impact", ""), ("Cause", "cause"), ("Detection", ""), ("Lessons learned", ""),
    ],
)  # fmt: skip
def test_sections_are_known_by_their_titles(title, kind):
    assert kind_of_title(title) == kind


COLLECTED = {
    "jenkins-2021-05-29.md": (14, 0, 0, "2021-05-29 22:41"),
    "jupyterhub-2018-02-20.md": (35, 0, 21, "2018-02-20 13:17"),
    "kubernetes-2019-02-08.md": (13, 3, 1, "2019-02-08 21:20"),
    "moj-2023-09-18.md": (14, 0, 7, "2023-09-18 13:42"),
    "posthog-2025-10-21.md": (41, 31, 26, "2025-10-21 21:45"),
    "posthog-2026-01-17.md": (10, 1, 7, "2026-01-14 10:18"),
    "rust-2019-10-21.md": (13, 1, 4, "2019-10-20 00:55"),
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collected reports are not here")
def test_collected_reports_come_in_whole():
    report = imports.run([SHARED / name for name in COLLECTED], by=None)
    assert (report.created, report.bad) == (7, [])
    for draft, (name, (entries, causes, actions, began)) in zip(report.first, COLLECTED.items(), strict=True):
        incident = Incident.objects.get(title=draft.title)
        found = incident.postmortem
        assert f"{incident.began_at:%F %H:%M}" == began, name
        assert told().filter(postmortem=found).count() == entries, name
        assert found.actionitems.count() == actions, name
        assert found.causes.count() + found.findings.filter(cause=None).count() == causes, name
