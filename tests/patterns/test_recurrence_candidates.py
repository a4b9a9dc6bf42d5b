"""What an incident may be the return of, before its meeting."""

from __future__ import annotations

from uuid import uuid4

import pytest

from followthrough.incidents.models import Incident
from followthrough.incidents.operations.catalogue import tags_named
from followthrough.meeting_room.operations.contributions import give_answer
from followthrough.meeting_room.queries import derived_parts
from followthrough.meetings.models import Question
from followthrough.patterns.models import Pattern
from followthrough.patterns.operations.refresh import refresh_all
from followthrough.patterns.queries.recurrence_candidates import candidates_of
from followthrough.scheduling.queries import involvement
from tests.factories import make_incident, make_person, make_postmortem, make_service
from tests.patterns.conftest import ago
from tests.patterns.test_patterns import act

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_person("Grace Kim")


@pytest.fixture
def known(struck, owner):
    """The pattern "DNS" of two incidents, with one action done and one open, both Grace's."""
    act(struck(60, tags=["dns"]), owner, done=40)
    act(struck(30, tags=["dns"]), owner)
    refresh_all()
    return Pattern.objects.get()


@pytest.fixture
def again(known, service):
    """A new incident with the same tag, about which nothing is confirmed yet."""
    incident = make_incident("Names did not resolve", began_at=ago(1))
    incident.services.add(service)
    incident.tags.set(tags_named(["dns"]))
    return make_postmortem(incident)


def test_a_known_pattern_is_told_with_its_actions_and_what_to_ask(again, known, person):
    (found,) = candidates_of(again.incident, person)
    assert (found.pattern, found.reason, found.is_sure) == (known, "same tag: dns", False)
    assert [action.is_open for action in found.actions] == [True, False]
    words = " ".join(found.questions)
    assert all(
        question in words for question in ("Too slow? 1 of 2", "The right ones? 1 was done", "A band-aid?")
    )


def test_the_pre_read_asks_whether_it_is_back(again, known, client):
    address = f"/incidents/{again.key}/pre-read/"
    page = client.get(address).content.decode()
    assert "Is it back?" in page
    assert "Grace Kim" in page
    answer = client.post(
        f"/patterns/{known.pk}/incidents/{again.key}/", {"belongs": "yes", "from": "pre-read"}, follow=True
    )
    assert "somebody says that it is part of it" in answer.content.decode()
    assert Pattern.objects.get(pk=known.pk).incidents == 3
    client.post(f"/patterns/{known.pk}/incidents/{again.key}/", {"belongs": "no", "from": "pre-read"})
    assert "Is it back?" not in client.get(address).content.decode()


def test_who_owns_the_earlier_actions_is_suggested_with_the_reason(again, known, owner, person):
    facts = [fact for fact in involvement.facts_for(again, person) if fact.person == owner]
    assert any("against “DNS”, which may be back" in fact.reason for fact in facts)


def test_a_pattern_of_the_same_service_is_told_where_nothing_is_tagged(struck, person, service):
    for days in (60, 30):
        struck(days)
    refresh_all()
    incident = make_incident(began_at=ago(1))
    assert candidates_of(incident, person) == []
    incident.services.add(service)
    (found,) = candidates_of(incident, person)
    assert found.reason == "same service: checkout"
    assert found.questions == ["No action came out of it before. What would end it?"]


def test_what_lies_elsewhere_is_not_told(known, person):
    incident = make_incident(began_at=ago(1))
    incident.services.add(make_service("ledger"))
    assert candidates_of(incident, person) == []


def test_a_restricted_incident_is_compared_with_nothing(again, person):
    again.incident.visibility = Incident.Visibility.RESTRICTED
    assert candidates_of(again.incident, person) == []


def test_only_a_few_earlier_actions_stand_in_the_pre_read(again, struck, owner, client):
    for days in range(3, 12):
        act(struck(days), owner)
    page = client.get(f"/incidents/{again.key}/pre-read/").content.decode()
    assert page.count("decided after") == 5
    assert "5 others, by service" in page


def test_the_room_asks_the_three_questions_with_what_the_record_says(again, known, person):
    seen = derived_parts.derive(again.pk, frozenset()).shared
    (back,) = seen["recurrences"]
    assert (back["name"], [row["open"] for row in back["actions"]]) == ("DNS", [True, False])
    asked = Question.objects.filter(phase="returning").order_by("position")
    said = [seen["prompts"].get(str(question.pk), "") for question in asked]
    assert said == ["1 of 2 earlier actions is not done yet.", "1 was done, and it came back.", ""]
    give_answer(again, question=asked[2], text="A band-aid", id=uuid4(), by=person)
    assert again.answers.get().question.phase == "returning"


def test_the_room_of_what_never_struck_before_asks_nothing(known, person):
    other = make_postmortem(make_incident("Disk full", began_at=ago(1)))
    assert derived_parts.derive(other.pk, frozenset()).shared["recurrences"] == []
