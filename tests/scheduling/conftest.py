"""A meeting that somebody is invited to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.scheduling.operations import invitations, meeting_times
from tests.factories import make_incident, make_person, make_postmortem


def hence(**span: float) -> datetime:
    return (timezone.now() + timedelta(**span)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def organiser() -> User:
    return make_person("Priya Nair")


@pytest.fixture
def guest() -> User:
    return make_person("Zoë Łukasz", email="zoe@example.org", zone="Europe/Warsaw")


@pytest.fixture
def meeting(organiser: User, guest: User) -> Meeting:
    postmortem = make_postmortem(make_incident("Checkout returned 502; carts, too"))
    invitations.invite(postmortem, guest, by=organiser)
    return meeting_times.schedule_meeting(
        postmortem, starts_at=hence(hours=30), minutes=60, zone="UTC", by=organiser
    )
