"""What people and programs write into tables, each with the value that is right: never another one without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from followthrough.incidents.imports import cell_values, lengths, moments
from followthrough.incidents.imports.cell_values import Unreadable

AFTERNOON = [
    "November 20, 2026 2:03 PM",
    "20-Nov-26 2:03 PM",
    "Nov 20, 2026 2:03PM",
    "11/20/2026 2:03 PM",
    "11/20/26, 2:03 PM",
    "2026-11-20 02:03 PM",
    "20/Nov/26 2:03 PM",
    "20 Nov 2026 2:03 p. m.",
    "Nov 20, 2026 at 2:03\u202fPM",
    "Friday, November 20th, 2026 2:03:00 pm",
    "2:03 PM, Nov 20, 2026",
    "2026-11-20 14:03 PM",
]
ELSEWHERE = [
    ("20 Nov 2026 14:03 CET", "13:03"),
    ("20 Nov 2026 14:03 JST", "05:03"),
    ("2026-11-20 14:03 CET", "13:03"),
    ("2026-11-20 14:03 UTC+2", "12:03"),
    ("2026-11-20 14:03 Europe/Berlin", "13:03"),
    ("2026-11-20 14:03 (CET)", "13:03"),
    ("November 20, 2026 2:03 PM (GMT+1)", "13:03"),
    ("November 20, 2026 2:03 PM PT", "22:03"),
    ("Fri, 20 Nov 2026 14:03:00 +0100", "13:03"),
    ("Fri Nov 20 2026 14:03:00 GMT+0100 (Central European Standard Time)", "13:03"),
    ("Fri Nov 20 14:03:00 UTC 2026", "14:03"),
    ("20/Nov/2026:14:03:00 +0100", "13:03"),
    ("2026-11-20T14:03:00+01:00[Europe/Berlin]", "13:03"),
    ("2026-11-20 14:03:00.123456+00", "14:03"),
    ("2026-11-20 14:03:00 +0100 CET", "13:03"),
    ("2026-11-20 14:03 +05:30", "08:33"),
    ("14:03 UTC, 20 Nov 2026", "14:03"),
]
PLAIN = [
    "2026-11-20 14:03",
    "2026/11/20 14:03",
    "20.11.2026 14:03",
    "20.11.26 14.03 Uhr",
    "20. November 2026, 14:03",
    "20 November 2026 at 14h03",
    "2026-11-20 - 14:03",
    "20261120140300",
    "20261120T140300Z",
    "1795183380",
    "1795183380000",
    1795183380.0,
    1795183380000,
    1795183380000000,
    20261120140300,
    "46346.5854166667",
    "2026年11月20日 14:03",
    "Fri Nov 20 14:03:00 2026",
    "2026-11-20\u00a014:03:00",
]
NEVER = [
    "2026-11-20 14:03 XYT",
    "20 Nov 2026 14:03 CET or so",
    "14:03 AM 20 Nov 2026",
    "2026-11-20 0:03 PM",
    "2026-11-20 25:61:00",
    "2026-02-30",
    "13/31/2026",
    "2026-11-20 14:03 and later",
    "26-11-20 14:03",
    "Nov 2026",
    "January 14-19, 2026",
    "January 14-19",
    "Jan 14-15 2026",
    "Q4 2026",
    "14:03",
    "the other day",
    2026,
    7,
    "2" * 100,
]


def read(value):
    return moments.moment(value, zone="UTC", days_first=False)


@pytest.mark.parametrize("text", AFTERNOON)
def test_two_in_the_afternoon_is_never_two_in_the_night(text):
    assert f"{read(text):%Y-%m-%d %H:%M}" == "2026-11-20 14:03"


@pytest.mark.parametrize(("text", "clock"), ELSEWHERE)
def test_a_zone_behind_the_time_counts(text, clock):
    assert f"{read(text):%Y-%m-%d %H:%M}" == f"2026-11-20 {clock}"


@pytest.mark.parametrize("value", PLAIN)
def test_moments_without_a_zone(value):
    assert f"{read(value):%Y-%m-%d %H:%M}" == "2026-11-20 14:03"


@pytest.mark.parametrize("value", NEVER)
def test_what_is_not_understood_to_its_end_is_no_moment(value):
    with pytest.raises(Unreadable):
        read(value)


@pytest.mark.parametrize("value", ["n/a", "-", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", 0])
def test_what_programs_write_for_no_moment(value):
    assert read(value) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-05", "2024-03-05 00:00"),
        ("03/05/2024", "2024-03-05 00:00"),
        ("25.12.2023 18:00", "2023-12-25 18:00"),
        ("25/12/2023 18:00", "2023-12-25 18:00"),
        ("January 23rd, 2019", "2019-01-23 00:00"),
        ("1628-08-10T12:00:00+00:00", "1628-08-10 12:00"),
        ("20261120", "2026-11-20 00:00"),
        ("12/31/2026 12:00 AM", "2026-12-31 00:00"),
        ("12/31/2026 12:30 PM", "2026-12-31 12:30"),
        ("2026-11-20T24:00", "2026-11-21 00:00"),
    ],
)
def test_days_and_midnights(text, moment):
    assert f"{read(text):%Y-%m-%d %H:%M}" == moment


def test_zone_and_order_of_days_are_respected():
    found = moments.moment("05/03/2024 08:00", zone="Europe/Berlin", days_first=True)
    assert f"{found:%Y-%m-%d %H:%M}" == "2024-03-05 07:00"


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("November 20, 2026 2:03 PM → November 20, 2026 3:10 PM", "2026-11-20 15:10"),
        ("November 20, 2026 2:03 PM → 3:10 PM", "2026-11-20 15:10"),
        ("2026-11-20 14:03 - 15:10", "2026-11-20 15:10"),
        ("2026-11-20 14:03 – 15:10 UTC", "2026-11-20 15:10"),
        ("2026-11-20 14:03 to 2026-11-21 15:10", "2026-11-21 15:10"),
        ("2026-11-20T14:03:00Z/2026-11-20T15:10:00Z", "2026-11-20 15:10"),
        ("2026-11-20 14:03 → 00:10", "2026-11-21 00:10"),
        ("20 Nov 2026 15:03 CET -> 16:10 CET", "2026-11-20 15:10"),
    ],
)
def test_a_span_is_a_beginning_and_an_end(text, ended):
    began, end = moments.moments(text, zone="UTC", days_first=False)
    assert (f"{began:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}") == ("2026-11-20 14:03", ended)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1,5 h", 90),
        ("2 days, 3:04:00", 2 * 1440 + 184),
        ("1w 2d", 9 * 1440),
        ("1:05 h", 65),
        ("about 2h", 120),
        ("58m", 58),
        ("1h 58m", 118),
        ("1h30", 90),
        ("2:05", 125),
        ("00:45:00", 45),
        ("54 minutes", 54),
        (7, 7),
        ("13m 30s", 13.5),
        ("1 day", 1440),
        ("PT1H30M", 90),
        ("P1DT2H", 1560),
        ("1 hour and 5 minutes", 65),
        ("3 days 04:05:00", 3 * 1440 + 245),
        ("2 Std. 5 Min.", 125),
        ("~90 min", 90),
    ],
)
def test_lengths_of_time(text, minutes):
    assert lengths.span(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    ["30 months", "-45 min", "2 years", "45 minutes later", "1:75", "1:30 PM", "2h 3h", "3h 2d", "5 quarters",
     "1,500 min", "h", "1h x", True],
)  # fmt: skip
def test_what_is_not_understood_to_its_end_is_no_length(text):
    with pytest.raises(Unreadable):
        lengths.span(text)


@pytest.mark.parametrize(
    ("column", "minutes"),
    [
        ("duration", 90),
        ("duration_seconds", 1.5),
        ("Downtime (hours)", 5400),
        ("durationMs", 0.0015),
        ("TTR [h]", 5400),
    ],
)
def test_a_heading_tells_the_unit_of_its_numbers(column, minutes):
    assert lengths.span(90, unit=lengths.unit_of(column)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "rank"),
    [("P1 - Critical", 1), ("1 - Critical", 1), ("Sev 2 (High)", 2), ("SEV-3: partial", 3), ("Priority 2", 2),
     ("High", 2), ("major_outage", 1), ("Minor", 4), ("Red", 7)],
)  # fmt: skip
def test_severities(text, rank):
    assert cell_values.rank(text, {"red": 7}) == rank


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Missed deadline", "missed_deadline"), ("missed-deadline", "missed_deadline"), ("Incident", "outage"),
     ("Failed release", "failed_deployment"), ("Launch", "launch"), ("Project's end", "project_end")],
)  # fmt: skip
def test_kinds_of_event(text, kind):
    assert cell_values.kind_of(text) == kind
