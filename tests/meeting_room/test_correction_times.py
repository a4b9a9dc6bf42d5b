"""Times that are corrected after the meeting are typed; one that is not read is asked for in its row, and nothing is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem
from followthrough.timeline import operations as timeline
from followthrough.timeline.models import Entry
from tests.clock import Clock
from tests.factories import BEGAN, make_incident, make_person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_person(zone="Europe/Berlin")


@pytest.fixture
def closed(person: User) -> PostMortem:
    postmortem = postmortems.open_postmortem(make_incident(zone="Europe/Berlin"), by=person)
    postmortem.closed_at = BEGAN
    postmortem.save()
    return postmortem


def send(client: Client, postmortem: PostMortem, **said: object) -> tuple[int, str]:
    answer = client.post(f"/incidents/{postmortem.key}/corrections/one/", said)
    return answer.status_code, answer.content.decode()


def test_a_time_without_its_day_is_of_the_day_of_the_entry(person: User, closed: PostMortem) -> None:
    entry = timeline.add_entry(closed, text="Alert fired", happened_at=BEGAN, zone="UTC", by=person)
    client = signed_in(person)
    page = client.get(f"/incidents/{closed.key}/corrections/").content.decode()
    assert "datetime-local" not in page
    change = {
        "what": "change-entry",
        "key": entry.pk,
        "base": entry.version,
        "text": "Alert fired",
        "kind": "",
    }
    assert send(client, closed, **change, happened_at="2.20 pm")[0] == 302
    entry.refresh_from_db()
    assert entry.happened_at == BEGAN.replace(hour=13, minute=20)


def test_what_is_no_time_is_asked_for_in_its_row(clock: Clock, person: User, closed: PostMortem) -> None:
    entry = timeline.add_entry(closed, text="Alert fired", happened_at=BEGAN, zone="UTC", by=person)
    client = signed_in(person)
    change = {
        "what": "change-entry",
        "key": entry.pk,
        "base": entry.version,
        "text": "Alert rang",
        "kind": "",
    }
    status, page = send(client, closed, **change, happened_at="half past")
    assert status == 422
    assert "“half past” was not read as a time" in page
    assert ">Alert rang</textarea>" in page
    assert 'value="half past"' in page
    status, page = send(client, closed, **change, happened_at="29 Feb 14:03")
    assert (status, "This time cannot be right" in page) == (422, True)
    status, page = send(client, closed, what="add-entry", text="the pool was drained")
    assert status == 422
    assert "Say when it was: begin the line with a time" in page
    assert 'value="the pool was drained"' in page
    assert Entry.objects.get(pk=entry.pk).text == "Alert fired"
    assert not Entry.objects.filter(text__contains="drained").exists()
