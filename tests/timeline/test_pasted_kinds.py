"""Logs and timelines as people bring them, each kind in several spellings; the incident began on 20 Nov 2026, 14:03 UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from followthrough.timeline.chat_log import Reading, read_log
from followthrough.timeline.markdown_timeline import read_timeline

START = datetime(2026, 11, 20, 14, 3, tzinfo=UTC)


def read(text: str, *, zone: str = "UTC", end: datetime | None = None, **fields: object) -> Reading:
    return read_log(text, start=START, zone=ZoneInfo(zone), end=end, **fields)  # type: ignore[arg-type]


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (f"{one.happened_at:%d %H:%M}".replace("20 ", ""), one.author, one.text) for one in reading.messages
    ]


SANA = ("14:11", "Sana", "alert fired")


@pytest.mark.parametrize(
    "line",
    [
        "[20/11/2026, 14:11:05] Sana: alert fired",
        "11/20/26, 2:11\u202fPM - Sana: alert fired",
        "20.11.26, 14:11 - Sana: alert fired",
        "\u200e[20.11.26, 14:11:05] Sana: \u200ealert fired",
        "20/11/2026 2:11 p. m. - Sana: alert fired",
        "[2026/11/20 14:11:30] Sana:alert fired",
        "[11/20/26, 2:11:05 PM] Sana: alert fired",
        "20-11-2026 14:11 - Sana: alert fired",
        "2026-11-20, 14:11 - Sana: alert fired",
        "20.11.2026 klo 14.11 - Sana: alert fired",
        "2026. 11. 20. 14:11 - Sana: alert fired",
        "2026. 11. 20. 오후 2:11, Sana : alert fired",
        "Sana, [20.11.2026 14:11]\nalert fired",
        "Sana — 20/11/2026 14:11\nalert fired",
        "14:11:05 From Sana to Everyone:\n\talert fired",
    ],
)
def test_phone_chats(line: str) -> None:
    assert told(read(line)) == [SANA]


def test_a_phone_chat_says_which_number_is_the_day_or_it_is_asked_for() -> None:
    assert told(read("11/12/2026, 14:11 - Sana: a\n20/11/2026, 14:12 - Mei: b"))[0][0] == "11 14:11"
    guessed = read("05/06/2026, 14:11 - Sana: a")
    assert (f"{guessed.messages[0].happened_at:%d %m}", guessed.assumed.order) == ("05 06", "day")
    turned = read("05/06/2026, 14:11 - Sana: a", day_first=False)
    assert (f"{turned.messages[0].happened_at:%d %m}", turned.assumed.order) == ("06 05", "")


def test_a_phone_chats_second_line_and_its_own_lines() -> None:
    reading = read(
        "20/11/2026, 14:10 - Messages and calls are end-to-end encrypted.\n20/11/2026, 14:11 - Sana: alert\nfired\n"
        "20/11/2026, 14:12 - You added Jonas\n20/11/2026, 14:13 - +49 170 12: https://x.example/a"
    )
    assert told(reading) == [
        ("14:11", "Sana", "alert\nfired"),
        ("14:12", "", "You added Jonas"),
        ("14:13", "+49 170 12", "https://x.example/a"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[2:11 PM] Sana\n\nalert fired\n\nlike 1\n\n[2:12 PM] Jonas L\n\nlooking",
        "[Yesterday 14:11] Sana\nalert fired\n[Yesterday 14:12] Jonas L\nlooking",
        "[20/11/2026 14:11] Sana\nalert fired\n1 Like reaction.\n[20/11/2026 14:12] Jonas L\nlooking\n👍 2",
        "Sana, 2:11 PM\nalert fired\nJonas L, 2:12 PM\nlooking",
        "Sana\n14:11\nalert fired\n\nJonas L\n14:12\nlooking",
        "Sana — Today at 2:11 PM\nalert fired\nJonas L — Today at 2:12 PM\nlooking",
    ],
)
def test_meeting_chats(text: str) -> None:
    assert told(read(text)) == [SANA, ("14:12", "Jonas L", "looking")]


ALERT, PAGED = ("14:11", "", "alert fired"), ("14:12", "", "paged (about this time)")


@pytest.mark.parametrize(
    "text",
    [
        "- **14:11 UTC** - alert fired\n- **~14:12 UTC** - paged",
        "| Time (UTC) | Event |\n|---|---|\n| 14:11 | alert fired |\n| ~14:12 | paged |",
        "## Timeline (all times CET)\n\n* 15:11 – alert fired\n* ca. 15.12 – paged",
        "All times in PST, on November 20th 2026\n\n1. [06:11] alert fired\n2. [about 06:12] paged",
        "**14:11 UTC**: alert fired\n\n**around 14:12 UTC**: paged",
        "### 14:11 UTC\n\nalert fired\n\n### ~14:12 UTC\n\npaged",
        "### November 20, 2026 - Pool\n\n- [x] 9:11 AM New York - alert fired\n- [ ] ~9:12 AM EST - paged",
        "*14:11 UTC*: alert fired\n\n*≈14:12 UTC*: paged",
        "|When|What happened|\n|-|-|\n|20 Nov, 2:11 PM UTC|alert fired|\n|~2:12 PM|paged|",
        "- 15:11 Berlin time - alert fired\n- approx. 15:12 Berlin time - paged",
        "Time (UTC),What\n14:11,alert fired\n~14:12,paged",
        "Friday 20 November 2026 (times in UTC)\n14:11 alert fired\nabout 2:12pm paged",
        "<details>\n\n- `14:11` alert fired\n- `~14:12` paged\n\n</details>",
    ],
)
def test_written_timelines(text: str) -> None:
    assert told(read(text)) == [ALERT, PAGED]


@pytest.mark.parametrize(
    "text",
    [
        "14:20-14:25 failover",
        "14:20 – 14:25: failover",
        "from 14:20 to 14:25 failover",
        "between 14:20 and 14:25 failover",
        "* 14:20 → 14:25 failover",
        "### 14:20-14:25\n\nfailover",
    ],
)
def test_a_range_is_its_beginning_with_the_end_in_words(text: str) -> None:
    assert told(read(text)) == [("14:20", "", "failover (until 14:25)")]


def test_code_and_lists_below_an_entry_belong_to_it() -> None:
    text = '**14:11 UTC** alert fired\n\n```json\n{"timestamp":"2026-11-20T13:54:16Z"}\n```\n\n**14:12 UTC** paged\n\n- one\n'
    assert [one.text for one in read(text).messages] == [
        'alert fired\n```\n{"timestamp":"2026-11-20T13:54:16Z"}\n```',
        "paged",
    ]
    assert read("- 14:11 rolled back:\n  - one\n    - deep\n- 14:12 done\n- no time").messages[0].text == (
        "rolled back:\n  - one\n    - deep"
    )


def test_days_of_headings_hold_below_them() -> None:
    text = (
        "## 2026-11-20\n- 23:58: a\n- 00:05: b\n\n## 21 November\n1. 02:10 c\n\n**22.11.2026**\n\n- 01:00 d"
    )
    assert [time for time, _, _ in told(read(text))] == ["23:58", "21 00:05", "21 02:10", "22 01:00"]


def test_only_the_timeline_of_a_report_is_read() -> None:
    text = (
        "# Pool\n\n- 13:00 not this\n\n## Timeline\n\n- 14:11 alert fired\n\n## Lessons\n\n- 15:00 nor this"
    )
    assert told(read(text)) == [ALERT]


def test_links_stay_and_name_who() -> None:
    text = (
        "- 14:11 [mei] opened [the graph](https://g.example/a)\n- 14:12 @sana joined\n"
        "- [14:13] Jonas Olsen: on it\n\n[mei]: https://github.com/mei\n"
    )
    assert told(read(text)) == [
        ("14:11", "mei", "mei (https://github.com/mei) opened the graph (https://g.example/a)"),
        ("14:12", "sana", "@sana joined"),
        ("14:13", "Jonas Olsen", "Jonas Olsen: on it"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "14:11 Uhr alert fired",
        "14.11 Uhr alert fired",
        "1411 alert fired",
        "14h11 alert fired",
        "kl. 14.11 alert fired",
        "14:11 hrs alert fired",
        "20.11.2026 14:11 alert fired",
        "20. November 2026, 14.11 Uhr: alert fired",
        "20/Nov/2026:15:11:00 +0100 alert fired",
        "Fri Nov 20 14:11:02 UTC 2026 alert fired",
        "[Fri Nov 20 14:11:02.123 2026] alert fired",
        "Nov 20, 2026 @ 14:11:02.123 alert fired",
        "2026-11-20 14:11:05,123 alert fired",
        "20261120T141105Z alert fired",
        "1795183860.123 alert fired",
        'time="2026-11-20T14:11:00Z" alert fired',
        '{"@timestamp":"2026-11-20T14:11:00.000Z","message":"alert fired"}',
    ],
)
def test_other_clocks_and_programs(line: str) -> None:
    assert told(read(line))[0] == ALERT


def test_a_web_servers_line_has_its_time_inside() -> None:
    text = '10.0.0.1 - - [20/Nov/2026:15:14:00 +0100] "GET / HTTP/1.1" 502\nE1120 14:15:05.1 12 a.go:1] lost'
    assert told(read(text)) == [
        ("14:14", "", '"GET / HTTP/1.1" 502 · 10.0.0.1 - -'),
        ("14:15", "", "E 12 a.go:1] lost"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "25:71 never",
        "14:1x perhaps",
        "2X:XX not sure",
        "half past two fixed",
        "1420 users left",
        "20/Foo/2026 x",
    ],
)
def test_a_time_that_is_not_understood_is_told_and_never_swallowed(line: str) -> None:
    reading = read(f"14:11 alert fired\n{line}\n14:12 done")
    assert told(reading) == [ALERT, ("14:12", "", "done")]
    assert reading.skipped == ((2, line, "its time was not understood"),)


def test_a_line_out_of_order_does_not_move_the_others_to_the_next_day() -> None:
    end = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    times = [time for time, _, _ in told(read("14:05 a\n12:30 b\n14:10 c", end=end))]
    assert times == ["14:05", "12:30", "14:10"]


def test_the_day_of_a_log_can_be_chosen() -> None:
    reading = read("14:11 a\n00:10 b", day=datetime(2026, 11, 18, tzinfo=UTC).date())
    assert [time for time, _, _ in told(reading)] == ["18 14:11", "19 00:10"]
    assert read("14:11 a").assumed.day


def test_a_report_without_an_incident_dates_itself() -> None:
    text = "# Outage of 2019-10-21\n\n## Timeline (UTC)\n\n- 01:38 down\n- 00:10 up\n"
    moments = [one.happened_at for one in read_timeline(text, start=None, zone=UTC).messages]
    assert moments == [datetime(2019, 10, 21, 1, 38, tzinfo=UTC), datetime(2019, 10, 22, 0, 10, tzinfo=UTC)]
    assert read_timeline("- 01:38 down", start=None, zone=UTC).messages == ()
