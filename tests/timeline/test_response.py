from __future__ import annotations

from datetime import timedelta

import pytest

from followthrough.timeline.queries.response import response_of
from tests.factories import (
    BEGAN,
    make_entry,
    make_incident,
    make_person,
    make_postmortem,
    make_service,
    make_team,
)

pytestmark = pytest.mark.django_db


def past(service, *, count, minutes=20, **fields):
    for number in range(1, count + 1):
        make_incident(minutes=minutes, began_at=BEGAN - timedelta(days=number), **fields).services.add(
            service
        )


@pytest.fixture
def checkout():
    return make_service("checkout", tier=1)


@pytest.fixture
def postmortem(checkout):
    postmortem = make_postmortem(make_incident(minutes=40))
    postmortem.incident.services.add(checkout, make_service("archive", tier=3))
    return postmortem


def told(postmortem):
    return {stage.name: stage.words for stage in response_of(postmortem).stages}


def test_stages_are_compared_with_the_services_past(postmortem, checkout):
    past(checkout, count=5)
    assert told(postmortem) == {
        "detect": "Detection took 8 min, 2.0× the usual for checkout.",
        "acknowledge": "Acknowledgement took 4 min, 2.0× the usual for checkout.",
        "mitigate": "Mitigation took 22 min, 2.0× the usual for checkout.",
        "resolve": "Resolution, once mitigated, took 6 min, 2.0× the usual for checkout.",
    }


def test_nothing_is_compared_with_too_short_a_past(postmortem, checkout):
    past(checkout, count=4)
    past(checkout, count=3, visibility="restricted")
    past(checkout, count=3, kind="launch")
    make_incident(began_at=BEGAN + timedelta(days=1)).services.add(checkout)
    assert told(postmortem)["mitigate"] == "Mitigation took 22 min."


def test_what_is_not_known_or_out_of_order_is_said(postmortem):
    postmortem.incident.milestones.filter(name="detected").delete()
    postmortem.incident.milestones.filter(name="resolved").update(at=BEGAN + timedelta(minutes=2))
    words = told(postmortem)
    assert words["detect"] == "Detection: not known yet."
    assert words["resolve"].startswith("Resolved is earlier than mitigated")


def test_silences_follow_the_entry_before_them(postmortem):
    first = make_entry(postmortem, minute=5)
    make_entry(postmortem, minute=16)
    make_entry(postmortem, minute=24)
    make_entry(postmortem, minute=33)
    response = response_of(postmortem)
    assert [(gap.after, gap.minutes) for gap in response.gaps] == [(first.pk, 11)]
    assert response.gaps[0].words == "11 min with no entry before it was over. What was being tried?"


def test_a_silence_after_the_start_follows_no_entry(postmortem):
    make_entry(postmortem, minute=35)
    assert [(gap.after, gap.minutes) for gap in response_of(postmortem).gaps] == [(None, 35)]


def test_an_empty_timeline_is_not_called_silent(postmortem):
    assert response_of(postmortem).gaps == []


def test_a_long_incident_is_allowed_longer_silences(checkout):
    postmortem = make_postmortem(make_incident(minutes=20 * 60))
    make_entry(postmortem, minute=30)
    make_entry(postmortem, minute=85)
    make_entry(postmortem, minute=20 * 60 - 5)
    assert [gap.minutes for gap in response_of(postmortem).gaps] == [20 * 60 - 90]


def test_changes_of_the_day_before_stand_in_front(postmortem):
    make_entry(postmortem, "long before", minute=-25 * 60, kind="change")
    wanted = make_entry(postmortem, "deploy", minute=-22, kind="change")
    make_entry(postmortem, "talk", minute=-20)
    make_entry(postmortem, "roll-back", minute=33, kind="change")
    assert response_of(postmortem).changes == [wanted]


def test_handoffs_name_the_teams_of_who_wrote_them(postmortem):
    sana, mei = make_person(team=make_team("Checkout")), make_person(team=make_team("Storage"))
    make_entry(postmortem, minute=15, author=sana)
    make_entry(postmortem, minute=26, author=mei, kind="handoff")
    make_entry(postmortem, minute=30, author=sana)
    handoffs = response_of(postmortem).handoffs
    assert [(one.from_team, one.to_team, one.minutes) for one in handoffs] == [("Checkout", "Storage", 11)]


def test_other_events_have_neither_stages_nor_silences():
    postmortem = make_postmortem(make_incident(kind="launch"))
    make_entry(postmortem, minute=5)
    response = response_of(postmortem)
    assert (response.stages, response.gaps) == ([], [])


def test_it_is_cheap(postmortem, checkout, django_assert_max_num_queries):
    past(checkout, count=6)
    person = make_person(team=make_team())
    entries = [make_entry(postmortem, minute=minute, author=person, kind="handoff") for minute in range(40)]
    with django_assert_max_num_queries(5):
        response_of(postmortem, entries)
