"""Busy times out of calendar files in the shapes that Apple, Google, Outlook and Exchange write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from followthrough.calendars.busy_times import busy_times

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)


def calendar(*events: str, head: str = "") -> str:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n")


def busy(text: str, *, zone: str = "Europe/Warsaw", days: int = 60, **rest: object) -> list[tuple[str, str]]:
    """What is busy, on the clock of the zone: [("2026-10-05 09:00", "2026-10-05 10:00"), …]."""
    found = busy_times(
        [text],
        zone=zone,
        start=OCTOBER,
        end=OCTOBER + timedelta(days=days),
        **rest,  # type: ignore[arg-type]
    )
    clock = ZoneInfo(zone)
    return [
        (
            f"{datetime.fromtimestamp(a, clock):%Y-%m-%d %H:%M}",
            f"{datetime.fromtimestamp(b, clock):%Y-%m-%d %H:%M}",
        )
        for a, b in found.spans
    ]


APPLE_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Warsaw
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
DTSTART:19880327T020000
TZNAME:GMT+2
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
DTSTART:19961027T030000
TZNAME:GMT+1
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:Our own office
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("head", "start"),
    [
        pytest.param(APPLE_ZONE, "DTSTART;TZID=Europe/Warsaw:20261023T090000", id="apple"),
        pytest.param(
            "X-WR-TIMEZONE:Europe/Warsaw\n", "DTSTART;TZID=Europe/Warsaw:20261023T090000", id="google"
        ),
        pytest.param("", "DTSTART;TZID=Central European Standard Time:20261023T090000", id="outlook name"),
        pytest.param(OUTLOOK_ZONE, "DTSTART;TZID=Our own office:20261023T090000", id="outlook's own zone"),
        pytest.param("", "DTSTART:20261023T090000", id="no zone at all"),
    ],
)
def test_a_weekly_event_stays_at_nine_when_the_clocks_change(head: str, start: str):
    found = busy(calendar(f"UID:1\n{start}\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=4", head=head))
    assert found == [(f"2026-10-{day} 09:00", f"2026-10-{day} 09:30") for day in (23, 24, 25, 26)]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        pytest.param('"tzone://Microsoft/Utc"', "2026-10-05 11:00", id="what Exchange calls UTC"),
        pytest.param("Pacific Standard Time", "2026-10-05 18:00", id="a Windows name"),
        pytest.param(
            "/softwarestudio.org/Tzfile/America/New_York", "2026-10-05 15:00", id="with a maker's mark"
        ),
        pytest.param(
            '"(UTC-08:00) Pacific Time (US & Canada)"', "2026-10-05 18:00", id="as Outlook shows it"
        ),
        pytest.param(
            "(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "2026-10-05 10:00", id="without quotes"
        ),
        pytest.param(
            '"(UTC+05:30) Chennai, Kolkata,\n  Mumbai, New Delhi"', "2026-10-05 05:30", id="in two lines"
        ),
        pytest.param("(GMT-03.00) City of Buenos Aires", "2026-10-05 14:00", id="as older ones show it"),
        pytest.param("(UTC+09:00) Berlin", "2026-10-05 09:00", id="a place that is not there"),
        pytest.param("Europe/Kiev", "2026-10-05 08:00", id="a name of before"),
        pytest.param("Mars/Olympus", "2026-10-05 09:00", id="nobody's zone is the person's"),
    ],
)
@pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")
def test_zones_are_known_by_all_their_names(zone: str, start: str):
    found = busy(calendar(f"UID:1\nDTSTART;TZID={zone}:20261005T090000\nDURATION:PT30M"))
    assert [begins for begins, _ in found] == [start]


SHOWN = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"


def test_an_exchange_calendar_of_shown_names_needs_no_definitions_and_its_own_count():
    meeting = (
        f'UID:040000008200E00074C5B7101A82E008\nSUMMARY:Weekly\nDTSTART;TZID="{SHOWN}":20261023T090000\n'
        f'DTEND;TZID="{SHOWN}":20261023T093000\nRRULE:FREQ=WEEKLY;UNTIL=20261106T080000Z;INTERVAL=1;BYDAY=FR;WKST=MO\n'
        f'EXDATE;TZID="{SHOWN}":20261030T090000\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-INTENDEDSTATUS:BUSY'
    )
    alone = [("2026-10-23 09:00", "2026-10-23 09:30"), ("2026-11-06 09:00", "2026-11-06 09:30")]
    assert busy(calendar(meeting)) == alone
    moscow = OUTLOOK_ZONE.replace("+0200", "+0300").replace("+0100", "+0300")
    own = moscow.replace("Our own office", SHOWN.replace(",", "\\,"))
    assert busy(calendar(meeting, head=own)) == [
        ("2026-10-23 08:00", "2026-10-23 08:30"),
        ("2026-11-06 07:00", "2026-11-06 07:30"),
    ]


def test_zones_that_nobody_knows_are_named_where_they_still_matter():
    def unknown(*events: str, head: str = "") -> list[str]:
        return busy_times(
            [calendar(*events, head=head)], zone="UTC", start=OCTOBER, end=OCTOBER
        ).unknown_zones

    ahead = "UID:1\nDTSTART;TZID={}:20261023T090000\nDURATION:PT1H"
    assert unknown(ahead.format("Customized Time Zone")) == ["Customized Time Zone"]
    assert unknown(ahead.format('"(UTC+09:00) Berlin"')) == ["(UTC+09:00) Berlin"]
    assert unknown(ahead.format("Our own office"), head=OUTLOOK_ZONE) == []
    assert unknown(ahead.format("W. Europe Standard Time"), ahead.replace(";TZID={}", "")) == []
    past = "UID:1\nDTSTART;TZID=Lost:20161023T090000\nDURATION:PT1H"
    assert unknown(past) == []
    assert unknown(f"{past}\nRRULE:FREQ=WEEKLY") == ["Lost"]


def test_exceptions_of_a_series_move_drop_and_add():
    series = "UID:1\nDTSTART;TZID=Europe/Warsaw:20261005T100000\nDTEND;TZID=Europe/Warsaw:20261005T110000\n"
    rule = "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Warsaw:20261012T100000\n"
    added = "RDATE;TZID=Europe/Warsaw:20261007T080000\n"
    moved = "UID:1\nRECURRENCE-ID;TZID=Europe/Warsaw:20261019T100000\nDTSTART;TZID=Europe/Warsaw:20261020T153000\nDURATION:PT15M"
    called_off = "UID:1\nRECURRENCE-ID;TZID=Europe/Warsaw:20261026T100000\nSTATUS:CANCELLED\nDTSTART;TZID=Europe/Warsaw:20261026T100000\nDURATION:PT1H"
    assert busy(calendar(series + rule + added, moved, called_off)) == [
        ("2026-10-05 10:00", "2026-10-05 11:00"),
        ("2026-10-07 08:00", "2026-10-07 09:00"),
        ("2026-10-20 15:30", "2026-10-20 15:45"),
    ]


def test_all_day_is_the_persons_own_day_even_where_it_has_25_hours():
    text = calendar("UID:1\nDTSTART;VALUE=DATE:20261025\nDTEND;VALUE=DATE:20261026")
    assert busy(text) == [("2026-10-25 00:00", "2026-10-26 00:00")]
    ((start, end),), *_ = busy_times(
        [text], zone="Europe/Warsaw", start=OCTOBER, end=OCTOBER + timedelta(days=60)
    )
    assert end - start == 25 * 3600


def test_free_cancelled_declined_and_our_own_events_leave_one_free():
    when = "DTSTART:20261005T080000Z\nDURATION:PT1H\n"
    text = calendar(
        f"UID:1\n{when}TRANSP:TRANSPARENT",
        f"UID:2\n{when}STATUS:CANCELLED",
        f"UID:3\n{when}ATTENDEE;PARTSTAT=DECLINED:mailto:Ada@example.org\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bo@example.org",
        f"UID:4\n{when}X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        f"UID:meeting-7@127.0.0.1:8000\n{when}",
    )
    assert busy(text, mails=["ada@example.org"], own=["@127.0.0.1:8000"]) == []
    assert busy(text, mails=["bo@example.org"], own=["@127.0.0.1:8000"]) != []


def test_busy_periods_are_read_and_free_ones_not():
    part = "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY:20261005T080000Z/20261005T090000Z,20261006T080000Z/PT30M\nFREEBUSY;FBTYPE=FREE:20261007T080000Z/20261007T090000Z\nEND:VFREEBUSY\n"
    assert busy(calendar(head=part), zone="UTC") == [
        ("2026-10-05 08:00", "2026-10-05 09:00"),
        ("2026-10-06 08:00", "2026-10-06 08:30"),
    ]


def test_overlaps_become_one_and_nothing_reaches_beyond_what_was_asked():
    first = "UID:1\nDTSTART:20260930T200000Z\nDTEND:20261001T090000Z"
    second = "UID:2\nDTSTART:20261001T083000Z\nDTEND:20261001T100000Z"
    assert busy(calendar(first, second), zone="UTC") == [("2026-10-01 00:00", "2026-10-01 10:00")]


def test_a_rule_that_repeats_each_second_does_not_hold_anything_up():
    bomb = "UID:1\nDTSTART:20000101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"
    meeting = "UID:2\nDTSTART:20261005T080000Z\nDURATION:PT1H"
    assert len(busy(calendar(bomb, meeting))) == 1


def test_what_is_no_calendar_is_said():
    with pytest.raises(ValueError, match=r"."):
        busy("<html>Sign in</html>")


WHEN = "UID:bad\nDTSTART:20261119T090000Z\nDURATION:PT1H\n"
GOOD = "UID:good\nDTSTART:20261118T090000Z\nDTEND:20261118T100000Z"
NOVEMBER = {"start": datetime(2026, 11, 1, tzinfo=UTC), "end": datetime(2026, 12, 1, tzinfo=UTC)}


@pytest.mark.parametrize(
    "bad",
    [
        "UID:bad\nSUMMARY:No beginning",
        "UID:bad\nDTSTART:2026-11-19 09:00\nDURATION:PT1H",
        f"{WHEN}RRULE:FREQ=WEEKLY;UNTIL=99991332T000000Z",
        f"{WHEN}RRULE:FREQ=WEEKLY;BYDAY=XX",
        "UID:bad\nDTSTART:20261119T250000Z\nDURATION:PT1H",
        "UID:bad\nDTSTART:00001119T090000Z\nDURATION:PT1H",
        "UID:bad\nDTSTART:20261119T090000Z\nDURATION:one hour",
        f"{WHEN}DTSTART:20261120T090000Z",
        f"{WHEN}RRULE:FREQ=DAILY;INTERVAL=0",
        f"{WHEN}RRULE:FREQ=FORTNIGHTLY",
        f"{WHEN}RRULE:INTERVAL=2",
        f"{WHEN}EXDATE:next week",
        f"{WHEN}BEGIN:VALARM\nTRIGGER:-PT5M",
    ],
)
def test_one_bad_event_does_not_hide_the_others(bad: str):
    found = busy_times([calendar(GOOD, bad)], zone="UTC", **NOVEMBER)
    begins = int(datetime(2026, 11, 18, 9, tzinfo=UTC).timestamp())
    assert (found.spans, found.unreadable) == ([[begins, begins + 3600]], 1)


def test_one_bad_file_of_an_account_does_not_hide_the_others():
    garbage = "BEGIN:VCALENDAR\nthis is garbage\n"
    found = busy_times([calendar(GOOD), garbage, "", "<html>"], zone="UTC", **NOVEMBER)
    assert (len(found.spans), found.unreadable) == (1, 3)


@pytest.mark.parametrize(
    "day",
    [
        "DTSTART;VALUE=DATE:20261118\nDTEND;VALUE=DATE:20261118",
        "DTSTART;VALUE=DATE:20261118",
        "DTSTART;VALUE=DATE:20261118\nDURATION:P0D",
        "DTSTART;VALUE=DATE:20261118\nDURATION:PT0S",
        "DTSTART;VALUE=DATE:20261111\nDTEND;VALUE=DATE:20261111\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;VALUE=DATE:20261111",
        "DTSTART:20261118T000000\nDTEND:20261118T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "DTSTART;VALUE=DATE:20261118\nDTEND;VALUE=DATE:20261119",
    ],
)
def test_a_whole_day_is_busy_however_its_end_is_told(day: str):
    assert busy(calendar(f"UID:1\n{day}"), zone="Asia/Tokyo") == [("2026-11-18 00:00", "2026-11-19 00:00")]


@pytest.mark.parametrize("front", ["\ufeff", "ï»¿", "\ufeff\r\n", "\r\n\r\n", " \ufeff "])
def test_what_stands_before_a_calendar_does_not_matter(front: str):
    assert len(busy(front + calendar(GOOD))) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (calendar(GOOD)[:-16], "cut short"),
        (calendar(GOOD)[:60], "cut short"),
        ("<!DOCTYPE html><title>Sign in</title>", "a web page, not a calendar"),
        ("\ufeff \n<HTML><body>Sign in", "a web page, not a calendar"),
        ('<?xml version="1.0"?><html>', "a web page, not a calendar"),
        ('{"error": "sign in"}', "not a calendar"),
        ("", "nothing at all"),
        (" \r\n", "nothing at all"),
    ],
)
def test_what_is_there_in_place_of_a_calendar_is_said(text: str, said: str):
    with pytest.raises(ValueError, match=said):
        busy(text)


@pytest.mark.parametrize(
    "occurrence",
    [
        "RECURRENCE-ID;TZID=Europe/Paris:20261118T220000",
        "RECURRENCE-ID:20261118T210000Z",
        "RECURRENCE-ID;TZID=Pacific/Auckland:20261119T100000",
        "RECURRENCE-ID;TZID=America/New_York:20261118T160000",
        "RECURRENCE-ID;TZID=New Zealand Standard Time:20261119T100000",
    ],
)
def test_an_occurrence_told_in_another_zone_is_moved_not_doubled(occurrence: str):
    series = "UID:1\nDTSTART;TZID=Pacific/Auckland:20261118T100000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3"
    moved = f"UID:1\n{occurrence}\nDTSTART;TZID=Europe/Paris:20261119T090000\nDURATION:PT30M"
    assert [begins for begins, _ in busy(calendar(series, moved), zone="UTC")] == [
        "2026-11-17 21:00",
        "2026-11-19 08:00",
        "2026-11-19 21:00",
    ]


def test_a_date_left_out_may_be_told_in_utc():
    series = "UID:1\nDTSTART;TZID=Europe/Berlin:20261118T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:20261119T080000Z"
    assert busy(calendar(series), zone="Europe/Berlin") == [("2026-11-18 09:00", "2026-11-18 10:00")]
