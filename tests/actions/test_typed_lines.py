"""A typed action read by the server, for the room's page and the actions page."""

from __future__ import annotations

import pytest
from django.test import Client

from followthrough.actions.models import ActionItem
from followthrough.cli import action_command
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.people.operations import create_token
from followthrough.postmortems import operations as postmortems
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


def send(person: User, incident: Incident, line: str, **more: object):
    _, secret = create_token(person, name="script", by=person)
    return Client().post(
        f"/api/incidents/{incident.key}/actions/",
        {"line": line, **more},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )


def test_a_program_adds_an_action_as_people_say_it(clock: Clock):
    ada, priya = make_person("Ada Byron"), make_person("Priya Nair")
    incident = make_incident()
    postmortem = postmortems.open_postmortem(incident, by=ada)
    clock.set("2026-11-30 09:00")
    answer = send(ada, incident, "add an alert on latency by Friday, owned by Priya !high")
    assert answer.status_code == 201
    action = ActionItem.objects.get()
    assert answer.json() == {
        "key": action.key,
        "incident": incident.key,
        "text": "add an alert on latency",
        "owner": "Priya Nair",
        "due_on": "2026-12-04",
        "priority": "high",
        "kind": "prevent",
        "state": "proposed",
    }
    assert (action.author, action.owner) == (ada, priya)
    kept = send(ada, incident, "show the page by Friday", as_words=["due_on"]).json()
    assert (kept["text"], kept["due_on"]) == ("show the page by Friday", None)
    postmortem.closed_at = action.created_at
    postmortem.save()
    late = send(ada, incident, "drain the old pool tomorrow")
    assert (late.status_code, late.json()["field"]) == (422, "no_finding_reason")
    why = "It struck again on Saturday, as the old pool was still there."
    assert send(ada, incident, "drain the old pool by tomorrow", no_finding_reason=why).status_code == 201


def test_a_program_may_what_its_owner_may_and_nothing_is_guessed():
    ada, incident = make_person("Ada Byron"), make_incident()
    make_person("Sam Reed"), make_person("Sam Okoro")
    postmortems.open_postmortem(incident, by=ada)
    refused = send(ada, incident, "cap the pool, owned by Sam")
    assert (refused.status_code, refused.json()["field"]) == (422, "line")
    assert "Sam Okoro" in refused.json()["message"]
    assert "Sam Reed" in refused.json()["message"]
    assert send(ada, incident, "cap the pool @nobody").status_code == 422
    reader = make_person(role="stakeholder")
    assert send(reader, incident, "cap the pool").status_code in {403, 404}
    incident.visibility = Incident.Visibility.RESTRICTED
    incident.save()
    assert send(ada, incident, "cap the pool").status_code == 404
    assert not ActionItem.objects.exists()


def test_the_command_line_adds_an_action_with_the_rights_of_who_says_it(capsys, monkeypatch, clock: Clock):
    monkeypatch.setattr(action_command, "bootstrap", lambda data: None)
    monkeypatch.setattr(action_command, "bring_up_to_date", lambda: None)
    ada, incident = make_person("Ada Byron"), make_incident()
    postmortems.open_postmortem(incident, by=ada)
    clock.set("2026-11-30 09:00")
    action_command.add_action(
        incident.key, "add an alert on latency by Friday, owned by me", by=ada.email.upper()
    )
    action = ActionItem.objects.get()
    assert (action.owner, str(action.due_on)) == (ada, "2026-12-04")
    said = capsys.readouterr().out
    assert f"{action.key} add an alert on latency" in said
    assert "Ada Byron · Fri 4 Dec 2026 · medium priority" in said
    incident.visibility = Incident.Visibility.RESTRICTED
    incident.save()
    with pytest.raises(DomainError, match="not shared with you"):
        action_command.add_action(incident.key, "cap the pool", by=ada.email)
    with pytest.raises(DomainError, match="There is no member with the address nobody"):
        action_command.add_action(incident.key, "cap the pool", by="nobody@example.org")
    assert ActionItem.objects.count() == 1
