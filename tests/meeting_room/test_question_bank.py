"""Keeping the question bank."""

from __future__ import annotations

import pytest
from django.test import Client

from followthrough.activity.models import Activity
from followthrough.meetings.models import Question
from followthrough.people.models import User
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Client:
    client = Client()
    client.force_login(make_person(role=User.Role.ADMINISTRATOR))
    return client


def _texts(phase: str) -> list[str]:
    return list(Question.objects.filter(phase=phase).order_by("position").values_list("text", flat=True))


def test_questions_are_added_changed_moved_and_switched_off(administrator: Client) -> None:
    text = "Who else would have noticed?"
    administrator.post("/settings/questions/", {"phase": "impact", "text": text, "answered_from": ""})
    assert _texts("impact")[-1] == text
    added = Question.objects.get(text=text)
    administrator.post(f"/settings/questions/{added.pk}/place/", {"to": "up"})
    assert _texts("impact")[-2] == text
    for _ in range(4):
        administrator.post(f"/settings/questions/{added.pk}/place/", {"to": "down"})
    assert _texts("impact")[-1] == text
    change = {"phase": "timeline", "text": "Who noticed first?", "answered_from": "detection"}
    administrator.post(f"/settings/questions/{added.pk}/", change)
    assert _texts("timeline")[-1] == "Who noticed first?"
    administrator.post(f"/settings/questions/{added.pk}/use/", {"used": "no"})
    added.refresh_from_db()
    assert (added.active, added.answered_from) == (False, "detection")
    assert "Switch on: Who noticed first?" in administrator.get("/settings/questions/").content.decode()
    verbs = Activity.objects.filter(kind="meetings.question").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["added", "moved", "moved", "changed", "changed"]


def test_only_administrators_keep_the_bank() -> None:
    client = Client()
    client.force_login(make_person())
    assert client.get("/settings/questions/").status_code == 403
    assert client.post("/settings/questions/", {"phase": "impact", "text": "Why?"}).status_code == 403
    assert "Why?" not in _texts("impact")


def test_an_empty_question_is_not_added(administrator: Client) -> None:
    before = Question.objects.count()
    page = administrator.post("/settings/questions/", {"phase": "impact", "text": " "})
    assert page.status_code == 200
    assert Question.objects.count() == before
