"""The sample organisation is complete, current and true to its own rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.activity.models import Activity, Topic
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident, Service
from followthrough.meeting_room.queries.closing_round import closing_round
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.patterns.models import Strike
from followthrough.people.models import Team, User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.reports.models import Summary
from followthrough.sample.load_generator import add_generated
from followthrough.sample.operations import load_demo
from tests.factories import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def organisation(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The sample organisation, loaded once for the tests that only read it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo()
        yield
        transaction.set_rollback(True)


def test_the_organisation_is_as_large_as_promised(organisation: None) -> None:
    assert Incident.objects.count() >= 25
    assert Team.objects.count() == 4
    assert 13 <= User.objects.count() <= 15
    assert User.objects.values("zone").distinct().count() == 4
    assert 10 <= Service.objects.count() <= 15
    assert not Incident.objects.filter(source_url="").exists()


def test_one_fix_was_struck_again_and_its_owner_heard_of_it(organisation: None) -> None:
    strike = Strike.objects.select_related("incident", "action__owner", "action__postmortem").order_by("pk")[
        0
    ]
    words = f"It struck again while {strike.action.key} was "
    assert Message.objects.filter(person=strike.action.owner, subject__startswith=words).exists()
    client = signed_in(strike.action.owner)
    earlier = strike.action.postmortem.incident
    for subject in (strike.incident, strike.action):
        assert words in client.get(subject.get_absolute_url()).content.decode()
    assert words in client.get(f"/incidents/{earlier.key}/pre-read/").content.decode()


def test_the_story_is_current(organisation: None) -> None:
    now = timezone.now()
    soon = Q(kept_at=None, due_at__gt=now, due_at__lt=now + timedelta(hours=12))
    window = Q(kept_at=None, due_at__gt=now + timedelta(hours=2), due_at__lt=now + timedelta(hours=71))
    assert Promise.objects.filter(window, kind="meeting", postmortem__state="to_schedule").count() == 2
    assert Promise.objects.filter(soon, kind="summary", postmortem__state="to_share").exists()
    assert Meeting.objects.filter(
        state="scheduled", kind="postmortem", starts_at__gt=now, starts_at__lt=now + timedelta(hours=3)
    ).exists()
    today = timezone.localdate()
    assert ActionItem.objects.filter(state__in=["committed", "in_progress"], due_on__lt=today).exists()
    assert ActionItem.objects.filter(state="done").exists()
    assert ActionItem.objects.filter(state="verified").exists()
    assert Incident.objects.exclude(kind="outage").count() >= 3


def test_six_postmortems_are_complete(organisation: None) -> None:
    complete = PostMortem.objects.annotate(
        entries=Count("entrys", distinct=True), whys=Count("causes", distinct=True)
    )
    rows = complete.filter(
        entries__gte=10, whys__gte=5, actionitems__isnull=False, incident__impact__isnull=False
    )
    assert rows.distinct().count() >= 6
    assert Summary.objects.filter(state="published", published__isnull=True).count() == 0
    held = Meeting.objects.filter(kind="postmortem", state="held").last()
    assert held
    (learned, *_) = closing_round(held.postmortem_id)["questions"]
    assert sum(learned["before"]) > sum(learned["counts"]) >= 3


def test_history_is_gapless_and_in_the_past(organisation: None) -> None:
    assert not Activity.objects.filter(at__gt=timezone.now()).exists()
    for topic in Topic.objects.filter(name__startswith="incident:"):
        rows = list(Activity.objects.filter(topic=topic.name).order_by("seq").values_list("seq", flat=True))
        assert rows == list(range(1, topic.seq + 1))


def test_generated_incidents_come_on_top(organisation: None) -> None:
    before = Incident.objects.count()
    told: list[int] = []
    assert add_generated(60, told.append) == 60
    assert Incident.objects.count() == before + 60
    assert sum(told) == 60
    assert ActionItem.objects.values("number").distinct().count() == ActionItem.objects.count()


def test_samples_are_never_mixed_with_real_people(organisation: None) -> None:
    before = User.objects.count()
    with pytest.raises(DomainError, match="empty data folder"):
        load_demo()
    assert User.objects.count() == before
