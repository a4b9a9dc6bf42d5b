"""Answers, what is parked, and notes."""

from __future__ import annotations

import pytest

from followthrough.activity.models import Activity
from followthrough.core.errors import Conflict, DomainError, NotAllowed
from followthrough.meeting_room.operations import contributions
from followthrough.meetings.models import Note, Question
from tests.factories import make_person, make_postmortem

pytestmark = pytest.mark.django_db


def test_the_bank_has_its_questions_by_phase() -> None:
    of_outages = Question.objects.filter(kind__in=("", "outage"))
    phases = list(of_outages.order_by("pk").values_list("phase", flat=True))
    assert {phase: phases.count(phase) for phase in phases} == {
        "timeline": 3, "root_cause": 3, "impact": 2, "prevention": 3, "looking_back": 3, "returning": 3,
    }  # fmt: skip


def test_an_answer_is_its_authors_to_change() -> None:
    postmortem, sana, jonas = make_postmortem(), make_person("Sana"), make_person("Jonas")
    question = Question.objects.first()
    assert question
    answer = contributions.give_answer(postmortem, question=question, text="  At 14:03  ", by=sana)
    assert answer.text == "At 14:03"
    contributions.change_answer(answer, text="At 14:02", base=1, by=sana)
    with pytest.raises(Conflict):
        contributions.change_answer(answer, text="At 14:01", base=1, by=sana)
    with pytest.raises(NotAllowed):
        contributions.change_answer(answer, text="Never", by=jonas)
    with pytest.raises(DomainError, match="empty"):
        contributions.give_answer(postmortem, question=question, text=" ", by=jonas)


def test_what_is_parked_is_settled_once() -> None:
    postmortem, sana = make_postmortem(), make_person()
    item = contributions.park(postmortem, text="Talk about the rota", by=sana)
    contributions.settle_parked(item, by=sana)
    rows = Activity.objects.count()
    contributions.settle_parked(item, by=sana)
    assert Activity.objects.count() == rows


def test_notes_of_a_step_are_one_and_private_ones_are_not_logged_in_words() -> None:
    postmortem, petra, sana = make_postmortem(), make_person(), make_person()
    contributions.write_note(postmortem, step="causes", text="Shared", by=sana)
    shared = contributions.write_note(postmortem, step="causes", text="Shared by both", base=1, by=petra)
    assert (Note.objects.count(), shared.version) == (1, 2)
    with pytest.raises(Conflict) as conflict:
        contributions.write_note(postmortem, step="causes", text="Too late", base=1, by=sana)
    assert conflict.value.current["text"] == "Shared by both"
    contributions.write_note(postmortem, step="causes", text="Ask Sana kindly", private=True, by=petra)
    contributions.write_note(postmortem, step="causes", text="Ask Sana kindly again", private=True, by=petra)
    logged = " ".join(f"{row.label} {row.changes}" for row in Activity.objects.all())
    assert "Sana kindly" not in logged
    assert "Shared by both" in logged
