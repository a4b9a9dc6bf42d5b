"""What readers get: links that end, the incident's clock, pictures that a phone can show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.causes.models import Cause
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.reports import operations, queries
from followthrough.reports.models import ShareLink, Summary
from tests.factories import (
    explain_missing,
    make_entry,
    make_incident,
    make_person,
    make_postmortem,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def jonas() -> User:
    return make_person("Jonas Lind")


@pytest.fixture
def published(jonas: User) -> Summary:
    """Of an incident in Berlin, published at half past ten in the evening in UTC, when Berlin has tomorrow."""
    incident = make_incident("Checkout returned 502", zone="Europe/Berlin")
    postmortem = make_postmortem(incident, state=PostMortem.State.TO_SHARE, closed_at=timezone.now())
    make_entry(postmortem, "Pool is full")
    top = Cause.objects.create(postmortem=postmortem, text="The pool has no alert", category="monitoring")
    Cause.objects.create(postmortem=postmortem, text="Nobody owns it", parent=top)
    explain_missing(postmortem, by=jonas)
    summary = operations.summary_of(postmortem)
    operations.publish(summary, by=jonas)
    late = timezone.now().replace(year=2026, month=11, day=20, hour=23, minute=30)
    Summary.objects.update(published_at=late)
    summary.refresh_from_db()
    return summary


def test_the_shared_page_is_on_the_incidents_clock(published: Summary, jonas: User) -> None:
    link = operations.share(published, by=jonas)
    page = Client().get(f"/s/{queries.secret_of(link)}/").content.decode()
    assert "Times in Europe/Berlin." in page
    assert "UTC" not in page
    assert "21 Nov 2026" in page


@pytest.mark.parametrize(
    ("said", "days"), [({}, 30), ({"days": ""}, 30), ({"days": "7"}, 7), ({"days": "revoked"}, None)]
)
def test_a_link_works_thirty_days_unless_chosen_otherwise(
    published: Summary, jonas: User, said: dict[str, str], days: int | None
) -> None:
    page = signed_in(jonas).post(f"/incidents/INC-{published.pk}/summary/links/", said, follow=True)
    ends = ShareLink.objects.get().expires_at
    assert (round((ends - timezone.now()) / timedelta(days=1)) if ends else None) == days
    assert "data-copies" in page.content.decode()


def test_a_phone_gets_causes_as_a_list_and_a_strip_of_its_own(published: Summary, jonas: User) -> None:
    page = signed_in(jonas).get(f"/incidents/INC-{published.pk}/summary/").content.decode()
    assert '<dt>Monitoring</dt><dd data-level="0">The pool has no alert</dd>' in page
    assert '<dd data-level="1">Nobody owns it</dd>' in page
    assert 'viewBox="0 0 900 ' in page
    assert 'viewBox="0 0 340 ' in page


@pytest.mark.parametrize(("days", "dated"), [(0, False), (2, True)])
def test_the_pre_read_says_dates_where_there_are_several(jonas: User, days: int, *, dated: bool) -> None:
    incident = make_incident()
    postmortem = make_postmortem(incident)
    make_entry(postmortem, "It began")
    make_entry(postmortem, "It went on", minute=days * 24 * 60)
    page = signed_in(jonas).get(f"/incidents/{incident.key}/pre-read/").content.decode()
    assert ('<li class="day">' in page) is dated
