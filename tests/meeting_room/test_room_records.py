"""The room's records as JSON."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followthrough.actions import operations as actions
from followthrough.activity.queries import head, since
from followthrough.causes import operations as causes
from followthrough.core.errors import DomainError
from followthrough.live.protocol import Command
from followthrough.meeting_room.impact_cost import impact_of
from followthrough.meeting_room.meeting_backend import MeetingBackend
from followthrough.meeting_room.operations import contributions, lifecycle
from followthrough.meeting_room.queries.render_input import render_input_of
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import operations as timeline
from tests.factories import BEGAN, explain_missing, make_incident, make_person, make_postmortem, make_service

pytestmark = pytest.mark.django_db
ROOM = MeetingBackend()


def _fill(postmortem: PostMortem, by: User, count: int) -> None:
    for number in range(count):
        at = BEGAN + timedelta(minutes=number)
        entry = timeline.add_entry(postmortem, text=f"saw {number}", happened_at=at, zone="UTC", by=by)
        timeline.attach_link(entry, url="https://example.org/graph", by=by)
        cause = causes.add_cause(postmortem, text=f"because {number}", by=by)
        causes.cite(cause, entry, by=by)
        finding = causes.add_finding(postmortem, kind="trigger", text=f"found {number}", by=by)
        actions.add_action(postmortem, text=f"Add check {number}", owner=by, finding=finding, by=by)
        contributions.park(postmortem, text=f"later {number}", by=by)


def _queries_of_a_frame(postmortem: PostMortem, after: int) -> int:
    rows = list(since(postmortem.topic, after))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ROOM.changed(postmortem.pk, rows)
    return len(captured)


def test_a_frame_costs_the_same_queries_for_one_change_as_for_many() -> None:
    postmortem, sana = make_postmortem(), make_person("Sana")
    _fill(postmortem, sana, 1)
    few = _queries_of_a_frame(postmortem, 0)
    before = head(postmortem.topic)
    _fill(postmortem, sana, 20)
    assert _queries_of_a_frame(postmortem, before) == few


def test_a_frame_carries_what_its_rows_are_about_as_it_is_now() -> None:
    postmortem, sana = make_postmortem(), make_person("Sana")
    _fill(postmortem, sana, 1)
    everything = ROOM.snapshot(postmortem.pk).shared
    frame = ROOM.changed(postmortem.pk, list(since(postmortem.topic, 0))).shared
    for kind in frame:
        assert frame[kind] == everything[kind], kind
    entry = everything["timeline.entry"][0]
    assert entry["happened_at"] == "2026-11-20T14:03:00Z"
    assert entry["evidence"][0]["url"] == "https://example.org/graph"
    assert everything["causes.cause"][0]["evidence"] == [entry["id"]]


def test_records_of_other_rooms_stay_there() -> None:
    one, other, sana = make_postmortem(), make_postmortem(), make_person()
    _fill(other, sana, 2)
    assert ROOM.snapshot(one.pk).shared["timeline.entry"] == []
    rows = list(since(other.topic, 0))
    assert ROOM.changed(one.pk, rows).shared["timeline.entry"] == []


def test_a_closed_room_refuses_kindly_and_still_shows() -> None:
    petra = make_person()
    postmortem = make_postmortem(facilitator=petra)
    lifecycle.start_meeting(postmortem, by=petra)
    explain_missing(postmortem, by=petra)
    lifecycle.close_meeting(postmortem, by=petra)
    args = {"id": str(uuid4()), "line": "14:11 too late", "previous": None}
    with pytest.raises(DomainError, match="closed"):
        ROOM.begin(postmortem.pk).carry_out(Command(uuid4(), "entry.add", args, None), by=petra)
    ROOM.begin(postmortem.pk).carry_out(Command(uuid4(), "meeting.close", {}, None), by=petra)
    record = ROOM.snapshot(postmortem.pk).shared["postmortems.postmortem"][0]
    assert record["state"] == "to_share"
    assert record["check_in"]["starts_at"].endswith("Z")


def test_who_may_own_an_action_in_a_restricted_room() -> None:
    named, administrator = make_person("Named"), make_person("Admin", role=User.Role.ADMINISTRATOR)
    make_person("Elsewhere")
    make_person("Reader", role=User.Role.STAKEHOLDER)
    incident = make_incident(visibility="restricted")
    incident.named_people.add(named)
    greeting = ROOM.greeting(make_postmortem(incident).pk, administrator)
    assert {row["name"] for row in greeting["people"]} == {"Named", "Admin"}
    open_room = ROOM.greeting(make_postmortem().pk, named)
    assert {row["name"] for row in open_room["people"]} == {"Named", "Admin", "Elsewhere"}


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("entry.add", {}),
        ("entry.add", {"id": "not a key", "line": "14:11 x"}),
        ("entry.add", {"id": str(uuid4()), "line": ["14:11"]}),
        ("entry.change", {"id": str(uuid4()), "text": 5}),
        ("cause.add", {"id": str(uuid4()), "text": "x", "parent": None, "position": "first"}),
        ("cause.move", {"id": str(uuid4()), "position": 1.0, "parent": None}),
        ("action.add", {"id": str(uuid4()), "text": "Do it", "owner": True}),
        ("action.add", {"id": str(uuid4()), "text": "Do it", "due_on": "tomorrow"}),
        ("action.add", {"id": str(uuid4()), "text": "Do it", "owner": 10**30}),
        ("answer.give", {"id": str(uuid4()), "question": 10**40, "text": "x"}),
        ("impact.change", {"people": "many"}),
        ("impact.change", {"users_affected": []}),
        ("impact.change", {"schedule_days": {"days": 2}}),
        ("impact.change", {"cost": "NaN"}),
        ("impact.change", {"version": 7}),
        ("impact.change", {"estimates": {"a": 1}}),
        ("entry.take_over", {"rows": [7], "source": "chat"}),
        ("entry.take_over", {"rows": [], "source": "chat"}),
        ("note.write", {"step": "lunch", "text": "x", "private": False}),
        ("meeting.extend", {"minutes": "5"}),
        ("no.such", {}),
    ],
)
def test_misshapen_commands_are_refused_in_words(name: str, args: dict[str, object]) -> None:
    postmortem, sana = make_postmortem(), make_person()
    with pytest.raises(DomainError) as refusal:
        ROOM.begin(postmortem.pk).carry_out(Command(uuid4(), name, args, None), by=sana)
    assert refusal.value.message.endswith(".")


def test_numbers_in_sentences_of_the_impact_are_grouped() -> None:
    incident = make_incident(minutes=1451)
    incident.services.add(make_service("checkout", objective="99.9"))
    words = impact_of(render_input_of(make_postmortem(incident).pk))["objective"]
    assert [said.rpartition(" took ")[2] for said in words] == ["3,359 % of that."]


def test_a_service_without_revenue_says_nothing_of_money_lost() -> None:
    incident = make_incident(minutes=30)
    incident.services.add(make_service("archive", revenue_per_hour=0))
    assert impact_of(render_input_of(make_postmortem(incident).pk))["revenue"] == []
