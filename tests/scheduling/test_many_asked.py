"""The schedule page when a thousand people are asked."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from tests.factories import make_incident, make_person, make_postmortem, signed_in
from tests.pace import slowness

pytestmark = pytest.mark.django_db
ZONES = ["Europe/Warsaw", "America/New_York", "Asia/Tokyo"]


def _asked(count: int) -> PostMortem:
    """A post-mortem whose window is open, and so many people of three zones."""
    postmortem, now = make_postmortem(make_incident(f"{count} are asked")), timezone.now()
    due_at = now + timedelta(hours=72)
    Promise.objects.create(postmortem=postmortem, kind=Promise.Kind.MEETING, opens_at=now, due_at=due_at)
    people = User.objects.bulk_create(
        User(email=f"p{number}.{count}@example.org", name=f"Person {number:04}", zone=ZONES[number % 3])
        for number in range(count)
    )
    Participant.objects.bulk_create(Participant(postmortem=postmortem, person=person) for person in people)
    return postmortem


def _look(client: Client, postmortem: PostMortem) -> tuple[str, int, float]:
    """The page, its queries and the seconds of processor time it took."""
    began = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/incidents/INC-{postmortem.pk}/schedule/").content.decode()
    return page, len(queries), time.process_time() - began


def test_a_thousand_cost_under_a_second_and_no_more_queries_than_fifty() -> None:
    client = signed_in(make_person("Priya Nair"))
    _, queries_for_fifty, _ = _look(client, _asked(50))
    postmortem = _asked(1000)
    looks = [_look(client, postmortem) for _ in range(3)]
    page, queries, _ = looks[0]
    assert queries <= queries_for_fifty
    assert min(seconds for _, _, seconds in looks) < slowness()
    assert "and 960 more" in page
    assert "required can come" in page
    assert "others cannot come" in page
