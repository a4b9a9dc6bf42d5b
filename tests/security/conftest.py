"""What the tests of security share."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_incident, make_person, make_postmortem, signed_in


@pytest.fixture
def administrator() -> Client:
    """Signed in, where INC-1 exists."""
    make_postmortem(make_incident(pk=1))
    return signed_in(make_person(role="administrator"))
