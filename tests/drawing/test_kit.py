"""Axes and escaping of the drawing kit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from followthrough.drawing.axes import LinearAxis, LogAxis, TimeAxis, months_until, readable
from followthrough.drawing.svg import escaped, fill, fill_each

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "position"), [(-5, 10.0), (0, 10.0), (25, 35.0), (100, 110.0), (400, 110.0)]
)
def test_what_lies_outside_an_axis_stands_at_its_edge(value, position):
    assert LinearAxis(0, 100, 10, 110).position(value) == position


def test_equal_ratios_are_equally_far_on_a_log_axis():
    axis = LogAxis(1 / 8, 8, 0, 60)
    assert [axis.position(value) for value in (0.125, 0.5, 1, 2, 8, 99)] == [0, 20, 30, 40, 60, 60]


def test_a_time_axis_runs_backwards_from_its_end():
    axis = TimeAxis(NOW, timedelta(days=10), 0, 100)
    assert [axis.position(NOW - timedelta(days=days)) for days in (20, 10, 5, 0, -3)] == [0, 0, 50, 100, 100]


def test_months_until_cross_the_year():
    assert [f"{moment:%Y-%m-%d}" for moment in months_until(NOW, 4)] == [
        "2025-12-01",
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
    ]


def test_names_too_close_to_each_other_are_left_out():
    assert readable({0: "a", 10: "b", 48: "c", 60: "d"}, apart=48) == {0: "a", 48: "c"}


def test_people_write_no_elements_and_nothing_that_xml_forbids():
    assert escaped('<a>\x00 & "b"') == "&lt;a&gt; &amp; &quot;b&quot;"
    assert fill("<text>{}</text>", "<script>\x0b") == "<text>&lt;script&gt;</text>"
    assert (
        fill("<g>{}</g>", fill_each("<path d='{}'/>", [["M0"], ["<"]]))
        == "<g><path d='M0'/><path d='&lt;'/></g>"
    )
