"""docs/live-protocol.md says what the code does: commands, records, values, codes and limits."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from followthrough.live import limits, protocol
from followthrough.meeting_room.command_context import COMMANDS
from followthrough.meeting_room.queries.derived_parts import derive
from followthrough.meeting_room.queries.room_records import READERS, everything
from followthrough.meetings.models import Answer, Meeting, Note, Observation, ParkedItem, Question, Vote
from followthrough.postmortems.queries import quota
from followthrough.timeline import operations as timeline
from tests import factories
from tests.live.server import ROOT

DOCUMENT = (ROOT / "docs/live-protocol.md").read_text()
TABLES = dict(re.findall(r"^\| (.+?) \| (.*) \|$", DOCUMENT, re.MULTILINE))
CHOICES = [
    "timeline.Entry.kind", "timeline.Entry.milestone", "causes.Cause.category", "causes.Finding.kind",
    "actions.ActionItem.kind", "actions.ActionItem.priority", "actions.ActionItem.state", "meetings.AgendaStep.key",
    "meetings.Meeting.state", "postmortems.PostMortem.state", "postmortems.Promise.kind", "incidents.Incident.kind",
    "incidents.Incident.status", "incidents.Milestone.state", "meetings.Question.phase",
]  # fmt: skip


def test_every_command_is_there() -> None:
    rooms = {name.split(".")[0] for name in COMMANDS}
    named = {name for name in re.findall(r"`([a-z]+\.[a-z_]+)`", DOCUMENT) if name.split(".")[0] in rooms}
    assert named == COMMANDS.keys()


@pytest.mark.parametrize("field", CHOICES)
def test_every_value_is_there(field: str) -> None:
    app, model, name = field.split(".")
    values = apps.get_model(app, model)._meta.get_field(name).choices or []
    rows = [re.findall(r"`([a-z_]+)`", row) for row in TABLES.values()]
    assert any({value for value, _ in values} <= set(row) for row in rows)


@pytest.mark.django_db
def test_every_field_and_part_is_there() -> None:
    person, postmortem = factories.make_person(), factories.make_postmortem()
    said = {"postmortem": postmortem, "author": person}
    entry = timeline.add_entry(
        postmortem, text="Alert", happened_at=postmortem.incident.began_at, zone="UTC", by=person
    )
    Answer.objects.create(text="Yes", question=Question.objects.first(), **said)
    Vote.objects.create(about=entry.pk, **said)
    ParkedItem.objects.create(text="Later", **said)
    Observation.objects.create(text="Odd", **said)
    Note.objects.create(postmortem=postmortem, step="causes", text="So")
    at = postmortem.incident.began_at
    Meeting.objects.create(postmortem=postmortem, starts_at=at, minutes=60, zone="UTC")
    for kind, rows in everything(postmortem.pk).shared.items():
        for row in rows[:1]:
            known = re.findall(r"\w+", TABLES[f"`{kind}`"])
            assert row.keys() - {"id", "version", "removed"} <= set(known), kind
    assert all(f"`{kind}`" in TABLES for kind in READERS)
    assert all(f"`{part}`" in DOCUMENT for part in derive(postmortem.pk, frozenset()).shared)


def test_every_code_and_limit_is_there() -> None:
    codes = [value for name, value in vars(protocol).items() if name.isupper() and isinstance(value, int)]
    assert {str(code) for code in codes if 1000 < code < 5000} <= TABLES.keys()
    numbers = [*quota.MOST_RECORDS.values(), quota.MOST_CHARACTERS, quota.EVIDENCE_OF_A_POSTMORTEM]
    numbers += [quota.EVIDENCE_OF_AN_ENTRY, quota.ENTRIES_CITED_BY_A_CAUSE]
    numbers += [value for name, value in vars(limits).items() if name.isupper()]
    assert [limit for limit in numbers if not re.search(rf"\b{limit:,}\b", DOCUMENT)] == []
