"""A month of an organisation with 200 incidents, lived in seconds, and the ledger of every mail that left."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance
from followthrough.actions.queries.holding import unsettled
from followthrough.check_ins import operations as check_ins
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.notifications.models import Message
from followthrough.notifications.operations import escalation, outbox
from followthrough.people.models import Membership, Team, User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.postmortems.operations import keep_promise
from tests.clock import Clock
from tests.factories import make_severity

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ZONES = ["Europe/Warsaw", "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney", "UTC"]
INCIDENTS, DAYS = 200, 30
BEGINS = datetime(2026, 10, 12, tzinfo=UTC)
"""Europe puts its clocks back on the 25th, America on 1 November."""
ANSWERED = 100
"""After so many looks, past all steps of the ladder, every second owner who was asked says yes."""
HOURS = 3
"""Between two looks."""
REPEATED = range(103, 150, 4)
"""Incidents whose check-ins are held three times, until their one action is declined."""


@dataclass(frozen=True)
class Sent:
    """One mail as it left."""

    at: datetime
    to: User
    about: str
    step: str

    @property
    def there(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.to.zone))


@pytest.fixture
def organisation() -> list[User]:
    """Forty people in eight teams and five zones; each team has a lead, and there is one administrator."""
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", name=f"Person {n}", zone=ZONES[n % 5], role=_role(n))
        for n in range(40)
    )
    teams = Team.objects.bulk_create(Team(name=f"Team {n}", slug=f"team-{n}") for n in range(8))
    Membership.objects.bulk_create(
        Membership(person=person, team=teams[n % 8], leads=n < 8) for n, person in enumerate(people)
    )
    return people


def _role(number: int) -> str:
    return "administrator" if number == 39 else "member"


@pytest.fixture
def month(organisation: list[User]) -> None:
    """200 incidents at every station of the loop, and 300 actions with dates in the month, a tenth of them only asked."""
    choice, severity, team = random.Random(148), make_severity(), Team.objects.all()
    began = [BEGINS + timedelta(hours=3 * n) for n in range(INCIDENTS)]
    rows = Incident.objects.bulk_create(
        Incident(title=f"Incident {n}", severity=severity, began_at=at, ended_at=at, status="resolved")
        for n, at in enumerate(began)
    )
    through = Incident.teams.through._default_manager
    through.bulk_create(
        Incident.teams.through(incident=row, team=team[n % 8])
        for n, row in enumerate(rows)  # type: ignore[misc]
    )
    people = organisation[:39]
    postmortems = PostMortem.objects.bulk_create(
        PostMortem(incident=row, state=_state(n), facilitator=choice.choice(people), closed_at=began[n])
        for n, row in enumerate(rows)
    )
    Promise.objects.bulk_create(_promise(n, row, began[n]) for n, row in enumerate(postmortems))
    Meeting.objects.bulk_create(
        Meeting(postmortem=row, starts_at=began[n] + timedelta(hours=60), zone="Europe/Warsaw")
        for n, row in enumerate(postmortems)
        if row.state == "scheduled"
    )
    Meeting.objects.bulk_create(
        Meeting(postmortem=postmortems[n], kind="check_in", starts_at=began[n] + timedelta(days=3))
        for n in REPEATED
    )
    Participant.objects.bulk_create(
        Participant(postmortem=row, person=person)
        for row in postmortems
        for person in choice.sample(people, 4)
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            number=n + 1,
            postmortem=postmortems[n % INCIDENTS],
            text=f"Alert number {n}",
            state="proposed" if n % 10 == 9 else "committed",
            given_at=BEGINS,
            asked_at=BEGINS if n % 10 == 9 else None,
            accepted_at=None if n % 10 == 9 else BEGINS,
            owner=choice.choice(people),
            due_on=BEGINS.date() + timedelta(days=choice.randrange(2, DAYS)),
        )
        for n in range(300)
    )


def _state(number: int) -> str:
    return ("to_schedule", "scheduled", "to_share", "shared")[number % 4]


def _promise(number: int, postmortem: PostMortem, began: datetime) -> Promise:
    if postmortem.state in {"to_schedule", "scheduled"}:
        opens, due = began + timedelta(hours=48), began + timedelta(hours=72)
        return Promise(postmortem=postmortem, kind="meeting", opens_at=opens, due_at=due)
    kind, hours = ("summary", 24) if postmortem.state == "to_share" else ("check_in", 24 * 14)
    return Promise(postmortem=postmortem, kind=kind, due_at=began + timedelta(hours=hours))


@pytest.fixture
def ledger(month: None, clock: Clock, settings: Any) -> list[Sent]:
    """Lives the month with two workers, a few things done on the way, and gives every mail in order."""
    settings.EMAIL_HOST = "mail.example.org"
    clock.now = BEGINS
    choice = random.Random(31)
    left: list[tuple[datetime, str]] = []
    escalation.add_missing_deadlines()
    for step in range(DAYS * 24 // HOURS):
        clock.go(hours=HOURS)
        escalation.send_due_reminders()
        for worker in ("one:1:a", "two:2:b"):
            while outbox.send_waiting(worker, threading.Event()):
                pass
        left += [(clock.now, letter.extra_headers["Message-ID"]) for letter in mail.outbox]
        mail.outbox.clear()
        if step % 6 == 0:
            _get_something_done(choice)
        if step == ANSWERED:
            _accept_what_was_asked()
        _hold_check_ins(clock.now)
    return _as_sent(left)


def _as_sent(left: list[tuple[datetime, str]]) -> list[Sent]:
    messages = Message.objects.select_related("person").in_bulk()
    pairs = [(at, messages[int(name.split(".")[0].removeprefix("<message-"))]) for at, name in left]
    return [Sent(at, row.person, row.about or row.key, row.key.rpartition(":")[2]) for at, row in pairs]


def _get_something_done(choice: random.Random) -> None:
    open_ones = list(ActionItem.objects.filter(state="committed", number__lte=150))
    action = choice.choice(open_ones)
    if action.owner:
        actions.complete(action, by=action.owner)
    promise = choice.choice(list(Promise.objects.filter(kept_at=None)))
    keep_promise(promise.postmortem, promise.kind, by=None)


def _accept_what_was_asked() -> None:
    for action in ActionItem.objects.filter(state="proposed", number__lte=150):
        if action.owner:
            acceptance.accept(action, by=action.owner)


def _hold_check_ins(now: datetime) -> None:
    """Twice everything gets another date, the third time it is declined."""
    due = Meeting.objects.filter(kind="check_in", state="scheduled", starts_at__lte=now)
    for check_in in due.select_related("postmortem__incident", "postmortem__facilitator"):
        postmortem, by = check_in.postmortem, check_in.postmortem.facilitator
        assert by
        is_last = postmortem.meetings.filter(kind="check_in").count() == 3
        for action in unsettled(postmortem):
            answer = {"outcome": "declined", "note": "The gateway is replaced"}
            if not is_last:
                answer = {"outcome": "new_date", "due_on": now.date() + timedelta(days=20)}
            if action.state == "done":
                answer = {"outcome": "too_early"}
            check_ins.record_outcome(check_in, action, by=by, **answer)
        check_ins.hold_check_in(postmortem, by=by, next_at=now + timedelta(days=3))


ORDER = ["open", "before", "on", "again", "after", "lead", "administrator"]


def test_the_ledger_of_a_month(ledger: list[Sent]) -> None:
    assert len(ledger) > 1500
    assert len({(row.to.pk, row.about, row.step) for row in ledger}) == len(ledger)
    outside = [row for row in ledger if row.there.weekday() > 4 or not 9 <= row.there.hour < 17]
    assert [row for row in outside if not row.about.startswith(("ahead", "meeting"))] == []
    assert not Message.objects.exclude(mail_failed_at=None).exists()
    by_subject: dict[tuple[int, str], list[Sent]] = defaultdict(list)
    for row in ledger:
        by_subject[row.to.pk, row.about].append(row)
    for rows in by_subject.values():
        places = [ORDER.index(row.step) for row in rows if row.step in ORDER]
        assert places == sorted(places)
    _check_actions(ledger)
    _check_acceptance(ledger)


def _check_acceptance(ledger: list[Sent]) -> None:
    """Who was asked and said nothing heard of it once before it climbed to their lead, and two working days later on."""
    told: dict[str, list[Sent]] = defaultdict(list)
    for row in ledger:
        if row.about.startswith("acceptance:"):
            told[row.about].append(row)
    asked = ActionItem.objects.filter(asked_at__isnull=False)
    assert told.keys() == {f"acceptance:{action.number}" for action in asked}
    for rows in told.values():
        assert [row.step for row in rows][-1] == "administrator"
        assert {row.step for row in rows} <= {"before", "lead", "administrator"}
    later = {row.about for row in ledger if row.about.startswith("action:")}
    assert not {f"action:{action.number}" for action in asked.filter(accepted_at=None)} & later
    _check_check_ins(ledger)


def _check_check_ins(ledger: list[Sent]) -> None:
    """Each was followed by the next until its action was settled; everyone it needs was asked to each, once."""
    sent = Counter((row.to.pk, row.about) for row in ledger)
    for n in REPEATED:
        postmortem = PostMortem.objects.get(incident__title=f"Incident {n}")
        held = list(postmortem.meetings.filter(kind="check_in").order_by("pk"))
        (action,) = postmortem.actionitems.all()
        if action.state == "done":
            assert postmortem.state == PostMortem.State.SHARED
            continue
        assert [row.state for row in held] == ["held"] * 3
        assert postmortem.state == PostMortem.State.CHECKED_IN
        assert postmortem.promises.get(kind="check_in").kept_at
        assert action.owner_id in set(postmortem.participants.values_list("person", flat=True)) | {
            postmortem.facilitator_id
        }
        for check_in in held[1:]:
            asked = {key: number for key, number in sent.items() if key[1] == f"meeting:{check_in.pk}:0"}
            assert set(asked.values()) == {1}
            assert action.owner_id in {person for person, _ in asked}


def _check_actions(ledger: list[Sent]) -> None:
    """Those that nobody finished: every step within the month, on the right day, to the right person."""
    told: dict[str, dict[str, list[Sent]]] = defaultdict(lambda: defaultdict(list))
    for row in ledger:
        told[row.about][row.step].append(row)
    last = BEGINS.date() + timedelta(days=DAYS - 4)
    leads = {row.team_id: row.person_id for row in Membership.objects.filter(leads=True)}
    teams = dict(Membership.objects.values_list("person", "team"))
    unfinished = ActionItem.objects.filter(number__gt=150, state="committed").select_related("owner")
    assert len(unfinished) == 135
    for action in unfinished:
        assert action.owner
        assert action.due_on
        steps = told[f"action:{action.number}"]
        _said(steps["before"], action.owner, _weekday_until(action.due_on - timedelta(days=3)))
        _said(steps["on"], action.owner, _weekday_until(action.due_on))
        again = _weekday_from(action.due_on + timedelta(days=2))
        if again <= last:
            _said(steps["again"], action.owner, again)
        escalated = _weekday_from(action.due_on + timedelta(days=5))
        lead = leads[teams[action.owner.pk]]
        if escalated <= last and lead != action.owner.pk:
            (row,) = steps["lead"]
            assert row.to.pk == lead
            assert escalated - timedelta(days=1) <= row.there.date()
            assert row.there.date() <= _weekday_from(escalated + timedelta(days=1))


def _said(rows: list[Sent], to: User, day: date) -> None:
    """Once, to that person, on that day of theirs; not at all where the day had begun before the month did."""
    if day <= BEGINS.date():
        assert len(rows) <= 1
        return
    (row,) = rows
    assert (row.to, row.there.date()) == (to, day)
    assert row.there.hour in {9, 10, 11}


def _weekday_until(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _weekday_from(day: date) -> date:
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
