from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followthrough.timeline.analysis import (
    Handoff,
    Moment,
    Silence,
    compared_to_usual,
    handoffs,
    silences,
    stages,
)

START = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_a_long_span_without_entries_is_a_silence() -> None:
    moments = [Moment(at(minutes)) for minutes in (26, 0, 15, -22, 33)]
    assert silences(moments, START, at(38)) == [Silence(at(0), at(15)), Silence(at(15), at(26))]
    assert silences(moments, START, at(38))[1].minutes == 11
    assert silences(moments, START, at(38), at_least=timedelta(minutes=12)) == [Silence(at(0), at(15))]


def test_silences_are_only_found_while_the_incident_was_open() -> None:
    assert silences([], START, at(38)) == [Silence(START, at(38))]
    assert silences([Moment(at(-60)), Moment(at(90))], START, at(5)) == []
    assert silences([Moment(START)], START, START) == []


@given(st.lists(st.integers(min_value=-50, max_value=150), max_size=30))
def test_no_entry_lies_within_a_silence(minutes: list[int]) -> None:
    moments = [Moment(at(one)) for one in minutes]
    for silence in silences(moments, START, at(100)):
        assert silence.ended - silence.began >= timedelta(minutes=10)
        assert not any(silence.began < moment.happened_at < silence.ended for moment in moments)


def test_the_four_stages() -> None:
    known = {
        "started": at(0),
        "detected": at(8),
        "acknowledged": at(11),
        "mitigated": at(33),
        "resolved": at(38),
    }
    assert [(stage.name, stage.minutes) for stage in stages(known)] == [
        ("detect", 8),
        ("acknowledge", 3),
        ("mitigate", 22),
        ("resolve", 5),
    ]


def test_a_missing_milestone_leaves_both_its_stages_unknown() -> None:
    known = {"started": at(0), "acknowledged": at(11), "mitigated": at(33), "resolved": at(38)}
    detect, acknowledge, mitigate, _ = stages(known)
    assert (detect.minutes, detect.began, detect.ended) == (None, at(0), None)
    assert (acknowledge.minutes, acknowledge.began, acknowledge.ended) == (None, None, at(11))
    assert mitigate.minutes == 22
    assert not any(stage.warning for stage in stages(known))


def test_milestones_out_of_order_are_warned_of() -> None:
    detect = stages({"started": at(0), "detected": at(-3)})[0]
    assert detect.minutes is None
    assert detect.warning == "Detected is earlier than started. One of them is wrong."


def test_a_change_of_team_is_a_handoff_even_if_nobody_wrote_one() -> None:
    moments = [
        Moment(at(29), team="Storage"),
        Moment(at(11), team="Checkout"),
        Moment(at(20)),
        Moment(at(30), team="Storage"),
    ]
    assert handoffs(moments) == [Handoff(at(29), "Checkout", "Storage", 18, marked=False)]


def test_a_marked_handoff_is_completed_by_the_team_that_takes_over() -> None:
    moments = [Moment(at(11), team="Checkout"), Moment(at(26), "handoff"), Moment(at(33), team="Storage")]
    assert handoffs(moments) == [Handoff(at(26), "Checkout", "Storage", 22, marked=True)]
    assert handoffs(moments[:2]) == [Handoff(at(26), "Checkout", "", None, marked=True)]


def test_a_handoff_written_by_the_receiving_team() -> None:
    moments = [Moment(at(11), team="Checkout"), Moment(at(26), "handoff", team="Storage")]
    assert handoffs(moments) == [Handoff(at(26), "Checkout", "Storage", 15, marked=True)]
    assert handoffs(moments[1:]) == [Handoff(at(26), "", "Storage", None, marked=True)]
    assert handoffs([]) == []


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (24, "2.4× the usual for checkout"),
        (10.3, "about the usual for checkout"),
        (5, "0.5× the usual for checkout"),
        (120, "12× the usual for checkout"),
        (0.1, "under 0.1× the usual for checkout"),
    ],
)
def test_a_stage_is_compared_with_the_median_of_the_past(minutes: float, words: str) -> None:
    comparison = compared_to_usual(minutes, [4, 9, 10, 11, 200], service="checkout")
    assert comparison is not None
    assert (comparison.usual, comparison.words) == (10, words)
    assert comparison.ratio == pytest.approx(minutes / 10)


def test_too_small_a_past_is_not_compared_with() -> None:
    assert compared_to_usual(24, [10, 10, 10, 10]) is None
    assert compared_to_usual(24, [10, 10, 10, 10, float("nan")]) is None
    assert compared_to_usual(24, [0, 0, 0, 0, 0]) is None
    comparison = compared_to_usual(24, [10] * 5)
    assert comparison is not None
    assert comparison.words == "2.4× the usual"
