"""Escalation: each step once, in order, whatever crashes, runs twice or changes its clock."""

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

from followthrough.notifications.models import Deadline, Message, ReminderSettings
from followthrough.notifications.operations import Notification, escalation
from followthrough.notifications.operations.escalation import (
    OWNER,
    EscalationPolicy,
    EscalationStep,
    Schedule,
)
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

    def load(self, subjects: Collection[int], _: ReminderSettings) -> dict[int, Schedule]:
        return {number: self._course(number) for number in subjects if number in self.due}

    def _course(self, number: int) -> Schedule:
        due = self.due[number]
        steps = (
            EscalationStep("before", due - DAY, OWNER),
            EscalationStep("on", due, OWNER),
            EscalationStep("lead", due + DAY, "lead"),
        )

        def notify(step: EscalationStep, key: str) -> Iterator[Notification]:
            if number in self.broken:
                raise RuntimeError("cannot be told")
            person = self.lead if step.to == "lead" else self.owner
            about = escalation.about("chore", number)
            yield Notification(person, "chore", key, f"{number} {step.name}", about=about, references=[])

        return Schedule(due, steps, notify)

    def missing(self, after: int, at_most: int) -> list[int]:
        known = set(Deadline.objects.filter(kind="chore").values_list("subject", flat=True))
        return sorted(number for number in self.due.keys() - known if number > after)[:at_most]


@pytest.fixture
def chores(monkeypatch: pytest.MonkeyPatch, db: Any) -> Chores:
    found = Chores(make_person("Owner"), make_person("Lead"))
    monkeypatch.setattr(
        escalation, "_policies", {"chore": EscalationPolicy("chore", found.load, found.missing)}
    )
    return found


def told() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("subject", flat=True))


def promise(chores: Chores, number: int, due: datetime) -> None:
    chores.due[number] = due
    escalation.refresh_deadlines("chore", [number])


def test_each_rung_is_said_once_and_in_order(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + 3 * DAY)
    for _ in range(14):
        clock.go(hours=12)
        escalation.send_due_reminders()
        escalation.send_due_reminders()
    assert told() == ["1 before", "1 on", "1 lead"]
    assert Deadline.objects.get().next_at is None


def test_a_moved_date_begins_anew_and_moving_it_back_repeats_nothing(chores: Chores, clock: Clock) -> None:
    first = clock.now + 2 * DAY
    promise(chores, 1, first)
    clock.go(days=1, hours=1)
    escalation.send_due_reminders()
    promise(chores, 1, first + 7 * DAY)
    clock.go(days=1)
    escalation.send_due_reminders()
    promise(chores, 1, first + timedelta(hours=3))
    clock.go(days=3)
    escalation.send_due_reminders()
    promise(chores, 1, first)
    escalation.send_due_reminders()
    assert told() == ["1 before", "1 on", "1 lead"]


def test_what_is_done_is_forgotten_and_its_mail_kept_back(
    chores: Chores, clock: Clock, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    promise(chores, 1, clock.now + DAY)
    promise(chores, 2, clock.now + DAY)
    clock.go(days=1)
    escalation.send_due_reminders()
    chores.due.clear()
    escalation.refresh_deadlines("chore", [1])
    assert Message.objects.exclude(mail_after=None).get().about == "chore:2"
    clock.go(days=5)
    escalation.send_due_reminders()
    assert not Deadline.objects.exists()
    assert told() == ["1 on", "2 on"]


def test_after_a_long_pause_each_person_hears_only_the_last(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + 3 * DAY)
    clock.go(days=30)
    escalation.send_due_reminders()
    assert told() == ["1 on", "1 lead"]


def test_a_crash_between_telling_and_noting_leaves_neither(
    chores: Chores, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(chores, 1, clock.now + DAY)
    clock.go(days=1)
    with monkeypatch.context() as broken:
        broken.setattr(escalation, "notify_all", _crash)
        with pytest.raises(KeyboardInterrupt):
            escalation.send_due_reminders()
    assert told() == []
    escalation.send_due_reminders()
    assert told() == ["1 on"]


def _crash(_: object) -> None:
    raise KeyboardInterrupt


def test_a_clock_put_back_repeats_nothing(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + 2 * DAY)
    clock.go(days=1, hours=1)
    escalation.send_due_reminders()
    clock.go(hours=-3)
    escalation.send_due_reminders()
    escalation.refresh_deadlines("chore", [1])
    clock.go(hours=4)
    escalation.send_due_reminders()
    assert told() == ["1 before"]


def test_one_that_cannot_be_told_holds_up_no_other(
    chores: Chores, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2, 3):
        promise(chores, number, clock.now + DAY)
    chores.broken = {2}
    clock.go(days=1)
    escalation.send_due_reminders()
    assert told() == ["1 on", "3 on"]
    assert "tried again in an hour" in caplog.text
    chores.broken.clear()
    clock.go(hours=1)
    escalation.send_due_reminders()
    assert told() == ["1 on", "3 on", "2 on"]


def test_snoozing_spares_the_owner_and_nobody_else(chores: Chores, clock: Clock) -> None:
    promise(chores, 1, clock.now + DAY)
    clock.go(hours=1)
    escalation.snooze("chore", 1, until=clock.now + 3 * DAY)
    for _ in range(5):
        clock.go(days=1)
        escalation.send_due_reminders()
    assert [text.split("-")[0] for text in told()] == ["1 lead", "1 snoozed"]


def test_what_was_written_without_a_deadline_is_found(chores: Chores, clock: Clock) -> None:
    chores.due = dict.fromkeys(range(1, 8), clock.now + DAY)
    assert escalation.add_missing_deadlines() == 7
    assert escalation.add_missing_deadlines() == 0
    clock.go(days=1)
    escalation.send_due_reminders()
    assert len(told()) == 7


def test_a_pass_takes_few_queries_however_much_is_due(chores: Chores, clock: Clock) -> None:
    chores.due = dict.fromkeys(range(1, 201), clock.now + DAY)
    escalation.add_missing_deadlines()
    with CaptureQueriesContext(connection) as nothing_due:
        escalation.send_due_reminders()
    clock.go(days=1)
    with CaptureQueriesContext(connection) as all_due:
        escalation.send_due_reminders()
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
                st.tuples(st.just("send"), st.just(0)),
            ),
            max_size=25,
        )
    )
    def test_walk(self, steps: list[tuple[str, int]]) -> None:
        owner, lead = make_person(), make_person()
        chores, clock = Chores(owner, lead), Clock(datetime(2026, 11, 23, 10, tzinfo=UTC))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.utils.timezone.now", clock)
            patch.setitem(
                escalation._policies, "chore", EscalationPolicy("chore", chores.load, chores.missing)
            )
            promise(chores, 1, clock.now + 2 * DAY)
            for what, amount in steps:
                self._take(what, amount, chores, clock)
            clock.now = max(clock.now, chores.due[1]) + 9 * DAY
            escalation.send_due_reminders()
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
            escalation.refresh_deadlines("chore", [1])
        elif what == "snooze":
            escalation.snooze("chore", 1, until=clock.now + timedelta(hours=amount))
        else:
            escalation.send_due_reminders()
