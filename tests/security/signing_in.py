"""Signing in as a browser does."""

from __future__ import annotations

from django.test import Client

from followthrough.people.models import User

PASSWORD = "kettle on the stove"


def sign_in(person: User, password: str) -> int:
    return Client().post("/accounts/login/", {"login": person.email, "password": password}).status_code
