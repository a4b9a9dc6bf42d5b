"""Kinder wording, offered while an incident is written down."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_person

pytestmark = pytest.mark.django_db

SENTENCE = "The engineer forgot to check the backups"


@pytest.fixture
def client():
    client = Client()
    client.force_login(make_person())
    return client


def hints(client: Client, **fields) -> str:
    return client.post("/incidents/wording/", fields).content.decode()


def test_the_form_asks_for_hints_while_one_types(client):
    assert 'hx-post="/incidents/wording/"' in client.get("/incidents/new/").content.decode()


def test_a_hint_has_its_reason_and_a_better_question(client):
    part = hints(client, title="Backups were empty", what_happened=f"{SENTENCE}.")
    assert "engineer forgot to" in part
    assert "People act on what they see" in part
    assert "What made it look right at the time?" in part


def test_nothing_is_said_of_machines(client):
    assert "<li>" not in hints(client, title="The worker lost its lock", what_happened="The disk was full.")


def test_what_the_writer_lets_be_is_not_said_again(client):
    part = hints(client, title=SENTENCE)
    quoted = part.partition('data-lets-be="')[2].partition('"')[0]
    assert quoted
    assert "<li>" not in hints(client, title=SENTENCE, let_be=quoted)
