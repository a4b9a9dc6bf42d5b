"""Behind a proxy that keeps to itself how people came."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories import make_person


@pytest.mark.django_db
def test_a_sign_in_that_cannot_work_says_so(client: Client, settings: Any) -> None:
    make_person()
    settings.SESSION_COOKIE_SECURE = True
    words = b"Signing in does not work over this connection"
    assert words in client.get("/accounts/login/").content
    assert words not in client.get("/accounts/login/", secure=True).content
