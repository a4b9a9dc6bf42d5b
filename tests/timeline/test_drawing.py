from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.drawing.palette import PAPER
from followthrough.timeline.analysis import MILESTONES, Moment, Silence
from followthrough.timeline.drawing import strip

SVG = "{http://www.w3.org/2000/svg}"
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 13, 3, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


KNOWN = dict(zip(MILESTONES, map(at, (0, 8, 11, 33, 38)), strict=True))
ENTRIES = [
    Moment(at(-22), "change"),
    Moment(at(0), "milestone", "started"),
    Moment(at(8), "alert", "detected"),
    Moment(at(15)),
]


def drawn(
    moments: Sequence[Moment],
    milestones: Mapping[str, datetime],
    silences: Sequence[Silence] = (),
    *,
    days: bool = False,
    width: int = 900,
) -> ET.Element:
    return ET.fromstring(strip(moments, milestones, zone=BERLIN, silences=silences, days=days, width=width))


def texts(svg: ET.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def test_the_strip_of_the_design_sheet() -> None:
    svg = drawn(ENTRIES, KNOWN, [Silence(at(15), at(26))])
    assert texts(svg) == [
        "14:03 · 1 before",
        "14:41",
        "8 min to detect",
        "3 ack",
        "22 min to mitigate",
        "5 to resolve",
    ]
    assert svg.get("role") == "img"
    assert svg.get("aria-label") == (
        "From 14:03 to 14:41: 8 minutes to detect, 3 minutes to acknowledge, 22 minutes to mitigate,"
        " 5 minutes to resolve. 4 entries and 1 silence."
    )
    dashes = [path for path in svg.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert [path.get("stroke") for path in dashes] == ["var(--due)"]


def test_milestones_are_drawn_on_top_and_once() -> None:
    circles = list(drawn(ENTRIES, KNOWN).iter(f"{SVG}circle"))
    assert [circle.findtext(f"{SVG}title") for circle in circles] == [
        "14:18 observation",
        "14:03 started",
        "14:11 detected",
        "14:14 acknowledged",
        "14:36 mitigated",
        "14:41 resolved",
    ]
    assert [circles[1].get("fill"), circles[-1].get("fill")] == ["var(--broke)", "var(--forward)"]


def test_paper_gets_concrete_colours_and_a_palette_overrides_them() -> None:
    printed = strip(ENTRIES, KNOWN, zone=BERLIN, palette={"broke": "#c00"})
    assert "var(" not in printed
    assert '"#c00"' in printed
    assert PAPER["forward-bg"] in printed


def test_no_style_gets_past_a_strict_policy() -> None:
    assert not re.search(r"\bstyle\s*=|<style|<script|\bon\w+=", strip(ENTRIES, KNOWN, zone=BERLIN))


def test_names_are_escaped() -> None:
    svg = drawn([Moment(at(5), "alert", team='<b>"R&D"\x00')], KNOWN)
    assert next(svg.iter(f"{SVG}title"), None) is not None
    assert '14:08 alert <b>"R&D"' in [title.text for title in svg.iter(f"{SVG}title")]


def test_nothing_to_draw() -> None:
    svg = drawn([], {})
    assert texts(svg) == ["No entries yet"]
    assert svg.get("aria-label") == "No entries yet."


@pytest.mark.parametrize("moments", [[Moment(at(0))], [Moment(at(0), "alert")] * 5])
def test_one_time_only(moments: list[Moment]) -> None:
    svg = drawn(moments, {})
    assert texts(svg) == ["14:03", "milestones not marked"]
    assert len(list(svg.iter(f"{SVG}circle"))) == 1


def test_all_milestones_at_one_time() -> None:
    assert texts(drawn([], dict.fromkeys(MILESTONES, START)))[1] == "0 min to detect"


def test_what_is_not_marked_is_said() -> None:
    without = {name: KNOWN[name] for name in ("started", "acknowledged", "resolved")}
    bands = [title.text for rect in drawn(ENTRIES, without).iter(f"{SVG}rect") for title in rect]
    assert bands == [
        "11 min from started to acknowledged, detected not marked",
        "27 min from acknowledged to resolved, mitigated not marked",
    ]
    assert "detected not marked" in texts(drawn(ENTRIES, {"started": START}))
    assert "before detected, started not marked" in texts(
        drawn(ENTRIES, {"detected": at(8), "resolved": at(20)})
    )


def test_a_milestone_out_of_order_makes_no_band() -> None:
    svg = drawn(ENTRIES, {**KNOWN, "detected": at(-5)})
    assert "22 min to mitigate" in texts(svg)
    assert "11 min, detected out of order" in texts(svg)
    assert not [text for text in texts(svg) if "to detect" in text]


def test_events_told_in_days() -> None:
    milestones = {"planned_start": at(0), "planned_end": at(40 * 1440), "actual_end": at(52 * 1440)}
    svg = drawn([Moment(at(50 * 1440)), Moment(at(60 * 1440))], milestones, days=True)
    assert texts(svg) == ["23 Nov 2026", "22 Jan 2027", "40 d to planned end", "12 d late", "after"]
    assert "40 days to planned end, 12 days past the planned end" in (svg.get("aria-label") or "")


def test_a_strip_over_midnight_says_the_dates() -> None:
    assert texts(drawn([], {"started": at(0), "detected": at(900)}))[:2] == ["23 Nov 14:03", "24 Nov 05:03"]


def test_many_entries_share_dots_that_would_hide_each_other() -> None:
    crowd = [Moment(at(n / 16), "alert" if n % 9 else "observation") for n in range(300)]
    circles = list(drawn(crowd, KNOWN).iter(f"{SVG}circle"))
    assert len(circles) <= 900 / 6 + 6
    assert any("more" in (circle.findtext(f"{SVG}title") or "") for circle in circles)


MINUTES = st.integers(min_value=-3_000, max_value=60_000)
MOMENTS = st.builds(
    Moment,
    MINUTES.map(at),
    st.sampled_from(["observation", "alert", "handoff", "odd kind"]),
    st.sampled_from(["", "", "started", "resolved"]),
    st.text(max_size=5),
)
SOME_MILESTONES = st.dictionaries(
    st.sampled_from([*MILESTONES, "planned_end", "actual_end"]), MINUTES.map(at)
)
SILENCES = st.lists(
    st.tuples(MINUTES, MINUTES).map(lambda pair: Silence(at(min(pair)), at(max(pair)))), max_size=3
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(MOMENTS, max_size=25), SOME_MILESTONES, SILENCES, st.booleans(), st.sampled_from([100, 360, 900])
)
def test_every_strip_is_well_formed_and_keeps_within_its_bounds(
    moments: list[Moment], milestones: dict[str, datetime], silences: list[Silence], days: bool, width: int
) -> None:
    svg = drawn(moments, milestones, silences, days=days, width=width)
    right = float((svg.get("viewBox") or "").split()[2])
    rects = [(float(rect.get("x", 0)), float(rect.get("width", 0))) for rect in svg.iter(f"{SVG}rect")]
    for (x, wide), (following, _) in pairwise(rects):
        assert x + wide <= following + 0.1
    assert all(wide > 0 and x + wide <= right + 0.1 for x, wide in rects)
    assert all(0 <= float(circle.get("cx", -1)) <= right for circle in svg.iter(f"{SVG}circle"))
    assert svg.get("aria-label")
