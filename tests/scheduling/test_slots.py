"""Proposing times."""

from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.scheduling.availability import Attendee
from followthrough.scheduling.slots import Proposal, propose
from tests.pace import slowness

WEEK = frozenset(range(5))
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def someone(name: str = "Ann", zone: str = "UTC", **fields: object) -> Attendee:
    facts = {"key": hash((name, zone)), "work_starts": time(9), "work_ends": time(17), "working_days": WEEK}
    return Attendee(name=name, zone=zone, **(facts | fields))  # type: ignore[arg-type]


def window(opens: datetime, *people: Attendee, now: datetime | None = None, minutes: int = 60) -> Proposal:
    return propose(
        people, opens_at=opens, closes_at=opens + timedelta(hours=24), minutes=minutes, now=now or opens
    )


def test_the_overlap_of_two_zones_is_found_with_reasons():
    ann, ben = someone("Ann", "Europe/Warsaw"), someone("Ben", "America/New_York")
    found = window(MONDAY, ann, ben)
    assert found.note == ""
    assert [slot.starts_at.hour for slot in found.slots] == [14, 15]
    assert found.slots[0].reasons == ("Everyone required is free", "15:00 in Warsaw, 09:00 in New York")
    assert found.slots[0].in_window


def test_what_somebody_has_on_is_avoided():
    busy = (
        (MONDAY.replace(hour=9), MONDAY.replace(hour=15)),
        (MONDAY.replace(hour=11), MONDAY.replace(hour=12)),
    )
    found = window(MONDAY, someone(busy=busy), minutes=90)
    assert [slot.starts_at for slot in found.slots] == [MONDAY.replace(hour=15)]


def test_fewest_optional_absences_come_first_and_are_named():
    busy = ((MONDAY.replace(hour=9), MONDAY.replace(hour=16)),)
    found = window(MONDAY, someone("Ann"), someone("Ben", required=False, busy=busy))
    assert found.slots[0].starts_at.hour == 16
    assert found.slots[1].starts_at.hour == 9
    assert found.slots[1].reasons[-1] == "optional: Ben is busy"


def test_a_weekend_proposes_the_first_working_time_after_and_says_so():
    found = window(datetime(2026, 11, 21, 10, tzinfo=UTC), someone(zone="Europe/Warsaw"))
    assert found.slots[0].starts_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert not found.slots[0].in_window
    assert "holds no working time" in found.note


def test_where_nothing_fits_the_nearest_name_who_would_be_missing():
    busy = ((MONDAY, MONDAY + timedelta(hours=24)),)
    found = window(MONDAY, someone("Ann"), someone("Ben"), someone("Cy", busy=busy))
    assert found.slots[0].in_window
    assert found.slots[0].missing == ("Cy is busy",)
    assert "name who would be missing" in found.note
    assert not found.slots[-1].missing
    assert not found.slots[-1].in_window


def test_people_whose_hours_never_meet_get_compromises():
    found = window(MONDAY, someone("Ann", "Europe/London"), someone("Ben", "Pacific/Auckland"))
    assert found.slots
    assert all(slot.is_compromise for slot in found.slots)
    assert "outside working hours" in found.slots[0].missing[0]


def test_among_compromises_the_nearest_to_peoples_hours_comes_first():
    found = window(MONDAY, someone("Ann", "Europe/Warsaw"), someone("Ben", "America/Los_Angeles"))
    warsaw = found.slots[0].starts_at.astimezone(ZoneInfo("Europe/Warsaw"))
    assert (warsaw.hour, warsaw.minute) == (16, 0)
    assert found.slots[0].missing == ("for Ben it is outside working hours (Mon 07:00 in Los Angeles)",)


def test_public_holidays_are_kept_free_and_named():
    off = {MONDAY.date(): "Labour Day"}
    found = window(MONDAY, someone("Ann", days_off=off), someone("Ben"), someone("Cy"))
    assert found.slots[0].missing == ("Ann has a public holiday (Labour Day)",)
    assert found.slots[-1].starts_at.date() == MONDAY.date() + timedelta(days=1)


def test_a_closed_window_and_an_unresolved_incident_are_said():
    found = window(MONDAY, someone(), now=MONDAY + timedelta(hours=34))
    assert "has closed" in found.note
    assert found.slots[0].starts_at == MONDAY + timedelta(hours=34)
    found = propose([someone()], opens_at=None, closes_at=None, minutes=60, now=MONDAY)
    assert "once it is over" in found.note
    assert found.slots[0].starts_at == MONDAY.replace(hour=9)


def test_nobody_gets_no_times():
    assert not window(MONDAY).slots


def test_if_nobody_is_required_everybody_is():
    found = window(MONDAY, someone(required=False, busy=((MONDAY, MONDAY + timedelta(hours=16)),)))
    assert [slot.starts_at.hour for slot in found.slots] == [16]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_hours_follow_the_clock_on_the_days_it_changes(day: date):
    zone = ZoneInfo("Europe/Warsaw")
    opens = datetime.combine(day, time(), zone).astimezone(UTC)
    everyday = someone(zone="Europe/Warsaw", working_days=frozenset(range(7)))
    found = window(opens, everyday)
    local = [slot.starts_at.astimezone(zone) for slot in found.slots]
    assert (local[0].hour, local[0].date()) == (9, day)
    assert all(9 <= moment.hour < 17 for moment in local)


def test_thirty_people_with_five_hundred_meetings_each_take_under_200_ms():
    zones = ["UTC", "Europe/Warsaw", "America/New_York", "Asia/Kolkata"]
    start = MONDAY - timedelta(days=30)
    busy = tuple((start + timedelta(hours=3 * n), start + timedelta(hours=3 * n + 1)) for n in range(500))
    people = [someone(f"P{n}", zones[n % 4], busy=busy, key=n, required=n < 8) for n in range(30)]
    best = min(_seconds(people) for _ in range(3))
    assert best < 0.2 * slowness()


def _seconds(people: list[Attendee]) -> float:
    began = clock.process_time()
    window(MONDAY, *[someone(p.name, p.zone, busy=p.busy, key=p.key, required=p.required) for p in people])
    return clock.process_time() - began


ZONES = st.sampled_from(
    ["UTC", "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns"]
)
MOMENTS = st.integers(0, 2 * 365 * 48).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * timedelta(minutes=30)
)


@st.composite
def people(draw: st.DrawFn, around: datetime) -> Attendee:
    offsets = draw(st.lists(st.integers(0, 5 * 48), max_size=6))
    busy = tuple(
        (around + n * timedelta(minutes=30), around + (n + 3) * timedelta(minutes=30)) for n in offsets
    )
    return someone(
        zone=draw(ZONES),
        key=draw(st.integers()),
        work_starts=time(draw(st.integers(0, 23))),
        work_ends=time(draw(st.integers(0, 23)), 30),
        working_days=frozenset(draw(st.sets(st.integers(0, 6), max_size=6))),
        required=draw(st.booleans()),
        busy=busy,
    )


def at_work(person: Attendee, start: datetime, end: datetime) -> bool:
    """Minute by minute on the person's own clock; the slow and plain way."""
    moment = start
    while moment < end:
        local = moment.astimezone(ZoneInfo(person.zone))
        overnight = person.work_ends <= person.work_starts
        if person.work_starts <= local.time() and (overnight or local.time() < person.work_ends):
            day = local.date()
        elif overnight and local.time() < person.work_ends:
            day = local.date() - timedelta(days=1)
        else:
            return False
        if day.weekday() not in person.working_days:
            return False
        moment += timedelta(minutes=30)
    return True


@settings(max_examples=150, deadline=None)
@given(data=st.data(), opens=MOMENTS, minutes=st.sampled_from([60, 90]))
def test_a_slot_is_within_hours_and_free_or_names_who_is_missing(
    data: st.DataObject, opens: datetime, minutes: int
):
    group = data.draw(st.lists(people(around=opens), min_size=1, max_size=4, unique_by=lambda one: one.key))
    found = window(opens, *group, minutes=minutes)
    required = [one for one in group if one.required] or group
    for slot in found.slots:
        can = [
            one
            for one in required
            if at_work(one, slot.starts_at, slot.ends_at)
            and not any(start < slot.ends_at and end > slot.starts_at for start, end in one.busy)
        ]
        assert len(can) == len(required) - len(slot.missing)
        assert can
        assert slot.starts_at >= opens
        assert slot.in_window == (slot.ends_at <= opens + timedelta(hours=24))
    ranks = [(not slot.in_window, len(slot.missing)) for slot in found.slots]
    assert ranks == sorted(ranks)
    if found.note == "":
        assert all(slot.in_window and not slot.missing for slot in found.slots)


def test_a_window_full_of_other_things_is_not_called_free_of_work():
    busy = ((MONDAY - timedelta(days=7), MONDAY + timedelta(days=7)),)
    found = window(MONDAY, someone("Ann", busy=busy))
    assert "something else on" in found.note
    assert "holds no working time" not in found.note
