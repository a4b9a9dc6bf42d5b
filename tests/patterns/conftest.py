"""Incidents that struck, with what their meetings confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.causes import operations as causes
from followthrough.incidents.models import Service
from followthrough.incidents.operations.catalogue import tags_named
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from tests.factories import make_incident, make_person, make_postmortem, make_service

Struck = Callable[..., PostMortem]


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def person() -> User:
    return make_person("Priya Nair")


@pytest.fixture
def service() -> Service:
    return make_service("checkout")


@pytest.fixture
def client(person: User) -> Client:
    """Signed in as the person."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def struck(person: User, service: Service) -> Struck:
    """Makes an incident that struck `days` days ago, with a confirmed cause of a sort."""

    def make(
        days: float,
        *,
        category: str = "configuration",
        tags: tuple[str, ...] = (),
        kind: str = "root_cause",
        **fields: Any,
    ) -> PostMortem:
        incident = make_incident(began_at=ago(days), **fields)
        incident.services.add(service)
        incident.tags.set(tags_named(tags))
        postmortem = make_postmortem(incident)
        cause = causes.add_cause(postmortem, text="The template allowed an empty value", by=person)
        causes.change_cause(cause, by=person, category=category)
        causes.add_finding(
            postmortem, kind=kind, text="Config reached all machines at once", by=person, cause=cause
        )
        return postmortem

    return make
