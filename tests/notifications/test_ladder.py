"""The ladder: each rung once, in order, whatever crashes, runs twice or changes its clock."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from followthrough.notifications import ladder
from followthrough.notifications.ladder import OWNER, Course, Ladder, Rung
from followthrough.notifications.models import Deadline, Message, Rhythm
from followthrough.notifications.operations import Telling
from followthrough.people.models import User
from tests.clock import Clock
from tests.factories import make_person

DAY = timedelta(days=1)


class Chores:
    """A kind of deadline for these tests: {number: due}, each with its owner; the lead hears a day late."""

    def __init__(self, owner: User, lead: User) -> None:
        self.due: dict[int, datetime] = {}
        self.owner, self.lead = owner, lead
        self.broken: set[int] = set()

    def load(self, subjects: Collection[int], _: Rhythm) -> dict[int, Course]:
        return {number: self._course(number) for number in subjects if number in self.due}

    def _course(self, number: int) -> Course:
        due = self.due[number]
        rungs = (Rung("before", due - DAY, OWNER), Rung("on", due, OWNER), Rung("lead", due + DAY, "lead"))

        def tell(rung: Rung, key: str) -> Iterator[Telling]:
            if number in self.broken:
                raise RuntimeError("cannot be told")
            person = self.lead if rung.to == "lead" else self.owner
            about = ladder.about("chore", number)
            yield Telling(person, "chore", key, f"{number} {rung.name}", about=about)

        return Course(due, rungs, tell)

    def missing(self, after: int, at_most: int) -> list[int]:
        known = set(Deadline.objects.filter(kind="chore").values_list("subject", flat=True))
        return sorted(number for number in self.due.keys() - known if number > after)[:at_most]


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch, db: Any) -> Chores:
    found = Chores(make_person("Owner"), make_person("Lead"))
    monkeypatch.setattr(ladder, "_ladders", {"chore": Ladder("chore", found.load, found.missing)})
    return found


def told() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def promise(chores: Chores, number: int, due: datetime) -> None:
    chores.due[number] = due
    ladder.refresh("chore", [number])


def test_each_rung_is_said_once_and_in_order(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + 3 * DAY)
    for _ in range(14):
        clock.go(hours=12)
        ladder.climb()
        ladder.climb()
    assert told() == ["1 before", "1 on", "1 lead"]
    assert Deadline.objects.get().next_at is None


def test_a_moved_date_begins_anew_and_moving_it_back_repeats_nothing(chores: Chores, clock: Clock) -> None:
    first = clock.now + 2 * DAY
    promise(chores, 1, first)
    clock.go(days=1, hours=1)
    ladder.climb()
    promise(chores, 1, first + 7 * DAY)
    clock.go(days=1)
    ladder.climb()
    promise(chores, 1, first + timedelta(hours=3))
    clock.go(days=3)
    ladder.climb()
    promise(chores, 1, first)
    ladder.climb()
    assert told() == ["1 before", "1 on", "1 lead"]


def test_what_is_done_is_forgotten_and_its_mail_kept_back(
    chores: Chores, clock: Clock, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    promise(chores, 1, clock.now + DAY)
    promise(chores, 2, clock.now + DAY)
    clock.go(days=1)
    ladder.climb()
    chores.due.clear()
    ladder.refresh("chore", [1])
    assert Message.objects.exclude(mail_after=None).get().about == "chore:2"
    clock.go(days=5)
    ladder.climb()
    assert not Deadline.objects.exists()
    assert told() == ["1 on", "2 on"]


def test_after_a_long_pause_each_person_hears_only_the_last(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + 3 * DAY)
    clock.go(days=30)
    ladder.climb()
    assert told() == ["1 on", "1 lead"]


def test_a_crash_between_telling_and_noting_leaves_neither(
    chores: Chores, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(chores, 1, clock.now + DAY)
    clock.go(days=1)
    with monkeypatch.context() as broken:
        broken.setattr(ladder, "tell_all", _crash)
        with pytest.raises(KeyboardInterrupt):
            ladder.climb()
    assert told() == []
    ladder.climb()
    assert told() == ["1 on"]


def _crash(_: object) -> None:
    raise KeyboardInterrupt


def test_a_clock_put_back_repeats_nothing(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + 2 * DAY)
    clock.go(days=1, hours=1)
    ladder.climb()
    clock.go(hours=-3)
    ladder.climb()
    ladder.refresh("chore", [1])
    clock.go(hours=4)
    ladder.climb()
    assert told() == ["1 before"]


def test_one_that_cannot_be_told_holds_up_no_other(
    chores: Chores, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2, 3):
        promise(chores, number, clock.now + DAY)
    chores.broken = {2}
    clock.go(days=1)
    ladder.climb()
    assert told() == ["1 on", "3 on"]
    assert "tried again in an hour" in caplog.text
    chores.broken.clear()
    clock.go(hours=1)
    ladder.climb()
    assert told() == ["1 on", "3 on", "2 on"]


def test_snoozing_spares_the_owner_and_nobody_else(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + DAY)
    clock.go(hours=1)
    ladder.snooze("chore", 1, until=clock.now + 3 * DAY)
    for _ in range(5):
        clock.go(days=1)
        ladder.climb()
    assert [text.split("-")[0] for text in told()] == ["1 lead", "1 snoozed"]


def test_what_was_written_without_a_deadline_is_found(chores: Chores, clock: Clock) -> None:
    chores.due = dict.fromkeys(range(1, 8), clock.now + DAY)
    assert ladder.find_missing() == 7
    assert ladder.find_missing() == 0
    clock.go(days=1)
    ladder.climb()
    assert len(told()) == 7


def test_a_pass_takes_few_queries_however_much_is_due(chores: Chores, clock: Clock) -> None:
    chores.due = dict.fromkeys(range(1, 201), clock.now + DAY)
    ladder.find_missing()
    with CaptureQueriesContext(connection) as nothing_due:
        ladder.climb()
    clock.go(days=1)
    with CaptureQueriesContext(connection) as all_due:
        ladder.climb()
    assert len(nothing_due) == 1
    assert len(all_due) < 40
    assert len(told()) == 200


class Walks(TestCase):
    """Whatever happens in whatever order, nobody hears the same twice, and what stays due is said."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("go"), st.integers(-6, 40)),
                st.tuples(st.just("move"), st.integers(1, 120)),
                st.tuples(st.just("refresh"), st.just(0)),
                st.tuples(st.just("snooze"), st.integers(1, 60)),
                st.tuples(st.just("climb"), st.just(0)),
            ),
            max_size=25,
        )
    )
    def test_walk(self, steps: list[tuple[str, int]]) -> None:
        owner, lead = make_person(), make_person()
        chores, clock = Chores(owner, lead), Clock(datetime(2026, 11, 23, 10, tzinfo=UTC))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.utils.timezone.now", clock)
            patch.setitem(ladder._ladders, "chore", Ladder("chore", chores.load, chores.missing))
            promise(chores, 1, clock.now + 2 * DAY)
            for what, amount in steps:
                self._take(what, amount, chores, clock)
            clock.now = max(clock.now, chores.due[1]) + 9 * DAY
            ladder.climb()
        keys = list(Message.objects.values_list("person", "key"))
        assert len(keys) == len(set(keys))
        assert Message.objects.filter(person=lead).exists()
        assert Deadline.objects.get().next_at is None

    def _take(self, what: str, amount: int, chores: Chores, clock: Clock) -> None:
        if what == "go":
            clock.go(hours=amount)
        elif what == "move":
            promise(chores, 1, clock.now + timedelta(hours=amount))
        elif what == "refresh":
            ladder.refresh("chore", [1])
        elif what == "snooze":
            ladder.snooze("chore", 1, until=clock.now + timedelta(hours=amount))
        else:
            ladder.climb()
