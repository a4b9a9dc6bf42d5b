"""A typed action read by the server, for the room's page and the actions page."""

from __future__ import annotations

import pytest

from followthrough.incidents.models import Incident
from tests.clock import Clock
from tests.factories import make_incident, make_person, signed_in

pytestmark = pytest.mark.django_db


def ask(person, incident, line, *as_words):
    answer = signed_in(person).post(
        f"/incidents/{incident.key}/action-line/", {"line": line, "as_words": as_words}
    )
    assert answer.status_code == 200
    return answer.json()


def test_a_line_becomes_text_owner_date_and_priority(clock: Clock):
    priya = make_person("Priya Nair")
    clock.set("2026-11-30 09:00")
    found = ask(priya, make_incident(), "add an alert on latency by Friday, owned by Priya !high")
    assert (found["text"], found["owner"]) == ("add an alert on latency", priya.pk)
    assert (found["due_on"], found["priority"]) == ("2026-12-04", "high")
    assert [said["words"] for said in found["said"]] == ["by Friday", "owned by Priya", "!high"]


def test_today_is_the_writers_day(clock: Clock):
    writer, incident = make_person("Aiko Ito", zone="Asia/Tokyo"), make_incident()
    clock.set("2026-12-03 20:00")
    assert ask(writer, incident, "cap the pool by tomorrow")["due_on"] == "2026-12-05"


def test_a_name_of_two_is_asked_with_what_tells_them_apart():
    reed, okoro = make_person("Sam Reed"), make_person("Sam Okoro")
    found = ask(reed, make_incident(), "cap the pool owned by Sam")
    assert found["owner"] is None
    (said,) = found["said"]
    assert [person["id"] for person in said["people"]] == [okoro.pk, reed.pk]
    for person in said["people"]:
        assert ask(reed, make_incident(), f"cap the pool {person['call']}")["owner"] == person["id"]


def test_a_part_stays_words_when_its_writer_says_so():
    found = ask(make_person(), make_incident(), "show the page by Friday", "due_on")
    assert (found["text"], found["due_on"], found["said"]) == ("show the page by Friday", None, [])


def test_only_who_may_see_the_incident_is_named():
    admin, priya = make_person(role="administrator"), make_person("Priya Nair")
    incident = make_incident(visibility=Incident.Visibility.RESTRICTED)
    assert ask(admin, incident, "cap the pool @priya")["said"][0]["people"] == []
    incident.named_people.add(priya)
    assert ask(admin, incident, "cap the pool @priya")["owner"] == priya.pk
    stranger = make_person("Tom Stone")
    assert signed_in(stranger).post(f"/incidents/{incident.key}/action-line/").status_code == 404
