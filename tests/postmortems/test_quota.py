"""A post-mortem holds so much and no more; what is refused is refused in words, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from followthrough.actions import operations as actions
from followthrough.causes import operations as causes
from followthrough.core.errors import DomainError
from followthrough.meeting_room.operations import contributions, preparation
from followthrough.meetings.models import Question
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.queries import quota
from followthrough.timeline import operations as timeline
from followthrough.timeline.models import Entry
from tests.factories import make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three of each kind fit, and nothing is remembered of other tests."""
    monkeypatch.setattr(quota, "MOST_RECORDS", dict.fromkeys(quota.MOST_RECORDS, 3))
    quota._counted.clear()
    yield
    quota._counted.clear()


@pytest.fixture
def ada() -> User:
    return make_person("Ada Lind")


@pytest.fixture
def postmortem() -> PostMortem:
    return make_postmortem(make_incident("Checkout returned 502"))


def _entry(postmortem: PostMortem, by: User, text: str = "Alert fired") -> Entry:
    return timeline.add_entry(postmortem, text=text, happened_at=AT, zone="UTC", by=by)


WAYS = {
    "timeline entries": _entry,
    "causes": lambda postmortem, by: causes.add_cause(postmortem, text="Empty value", by=by),
    "findings": lambda postmortem, by: causes.add_finding(postmortem, kind="luck", text="Quiet hour", by=by),
    "action items": lambda postmortem, by: actions.add_action(postmortem, text="Reject empty values", by=by),
    "answers": lambda postmortem, by: contributions.give_answer(
        postmortem, question=Question.objects.all()[0], text="Yes", by=by
    ),
    "parked items": lambda postmortem, by: contributions.park(postmortem, text="Later", by=by),
    "observations": lambda postmortem, by: preparation.observe(postmortem, text="Odd", by=by),
}


@pytest.mark.parametrize("kind", WAYS)
def test_no_more_of_a_kind_are_added_than_fit(postmortem: PostMortem, ada: User, kind: str) -> None:
    for _ in range(3):
        WAYS[kind](postmortem, ada)
    for _ in range(2):
        with pytest.raises(
            DomainError, match=f"holds 3 {kind} at most, and 3 are here. All of them are kept"
        ):
            WAYS[kind](postmortem, ada)
    WAYS[kind](make_postmortem(make_incident("Another")), ada)


def test_removing_makes_room_and_restoring_needs_it(postmortem: PostMortem, ada: User) -> None:
    first, *_ = [_entry(postmortem, ada) for _ in range(3)]
    timeline.remove_entry(first, by=ada)
    _entry(postmortem, ada)
    with pytest.raises(DomainError, match="holds 3 timeline entries at most"):
        timeline.restore_entry(first, by=ada)


def test_rows_of_a_log_are_taken_over_all_or_not_at_all(postmortem: PostMortem, ada: User) -> None:
    rows = [timeline.Row(key=str(n), happened_at=AT, text="Alert", id=uuid4()) for n in range(4)]
    with pytest.raises(DomainError, match="nothing was added"):
        timeline.take_over(postmortem, rows, source="chat", by=ada)
    assert Entry.objects.filter(postmortem=postmortem).count() == 0
    assert len(timeline.take_over(postmortem, rows[:3], source="chat", by=ada)) == 3


def test_the_characters_of_all_kinds_together_are_bounded(
    postmortem: PostMortem, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MOST_CHARACTERS", 100)
    entry = _entry(postmortem, ada, "x" * 60)
    contributions.park(postmortem, text="y" * 40, by=ada)
    with pytest.raises(DomainError, match="hold 100 characters at most, and there are 100"):
        causes.add_cause(postmortem, text="z", by=ada)
    with pytest.raises(DomainError, match="this was not saved"):
        timeline.change_entry(entry, text="x" * 61, by=ada)
    timeline.change_entry(entry, text="x" * 30, by=ada)
    causes.add_cause(postmortem, text="z" * 30, by=ada)


def test_nothing_is_counted_while_there_is_room_enough(
    postmortem: PostMortem, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "MOST_RECORDS", dict.fromkeys(quota.MOST_RECORDS, 50))
    monkeypatch.setattr(quota, "_count", lambda *_: pytest.fail("It was counted."))
    for _ in range(10):
        _entry(postmortem, ada)
