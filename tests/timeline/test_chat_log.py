from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.timeline.chat_log import LogTooLarge, Reading, read_log, read_users
from tests.pace import taking_at_most

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 23, 14, 3, tzinfo=BERLIN)


def read(text: str, users: dict[str, str] | None = None) -> Reading:
    return read_log(text, start=START, zone=BERLIN, users=users)


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (f"{one.happened_at.astimezone(BERLIN):%d %H:%M:%S}", one.author, one.text)
        for one in reading.messages
    ]


def test_slack_copied_with_name_and_time_on_one_line() -> None:
    reading = read(
        "cblecker [2:11 PM]\nsomething is broken\nit really is (edited)\n\nSana :palm_tree:  2:12 PM\nlooking\n"
        "PagerDutyAPP  2:14 PM\nalert\n2 replies\n"
    )
    assert reading.shape == "Slack"
    assert told(reading) == [
        ("23 14:11:00", "cblecker", "something is broken\nit really is"),
        ("23 14:12:00", "Sana", "looking"),
        ("23 14:14:00", "PagerDuty", "alert"),
    ]
    assert [one.line for one in reading.messages] == [1, 5, 7]
    assert reading.skipped == ((9, "2 replies", "put there by the chat program"),)


def test_slack_copied_with_the_time_below_the_name() -> None:
    reading = read("Sana Karim\n  11:58 AM\nhello\n12:02\nstill here\n\nJonas\n  12:05 PM\nhi")
    assert told(reading) == [
        ("23 11:58:00", "Sana Karim", "hello"),
        ("23 12:02:00", "Sana Karim", "still here"),
        ("23 12:05:00", "Jonas", "hi"),
    ]


def test_slack_headings_with_a_date_turn_the_day() -> None:
    reading = read("Sana  2:11 PM\nhello\nTuesday, November 24th\nSana  5:00 PM\nfixed")
    assert told(reading) == [("23 14:11:00", "Sana", "hello"), ("24 17:00:00", "Sana", "fixed")]


def test_a_quoted_slack_transcript_in_markdown() -> None:
    reading = read(
        "### #testing-ops\n>cblecker [1:26 PM]  \nbroken\n>\n>bentheelder [11:55 PM]\njoined #testing-ops.\n>\n"
        ">liggitt [11:58 PM]  \n>>cblecker [1:26 PM]\nagain\n>\n>liggitt [12:10 AM]\ndone\n\n"
        "### Other channel\n>Sen Lu [2:17 PM]\nlooking"
    )
    assert told(reading) == [
        ("23 13:26:00", "cblecker", "broken"),
        ("23 23:58:00", "liggitt", ">cblecker [1:26 PM]\nagain"),
        ("24 00:10:00", "liggitt", "done"),
        ("23 14:17:00", "Sen Lu", "looking"),
    ]
    assert [reason for _, _, reason in reading.skipped] == [
        "a heading: another log begins",
        "someone came or went",
        "a heading: another log begins",
    ]


def test_irc() -> None:
    reading = read(
        "14:11 <sana> pool full\n[14:11:30] <@mei> yes,\n  both\n* bob joined #ops\n"
        "14:12 -!- bob [~b@x] has left #ops\n14:13 * sana restarts it\n--- Day changed Tue Nov 24 2026\n14:12 <mei> ok"
    )
    assert reading.shape == "IRC"
    assert told(reading) == [
        ("23 14:11:00", "sana", "pool full"),
        ("23 14:11:30", "mei", "yes,\n  both"),
        ("23 14:13:00", "sana", "restarts it"),
        ("24 14:12:00", "mei", "ok"),
    ]
    assert {reason for _, _, reason in reading.skipped} == {"someone came or went"}


@pytest.mark.parametrize("head", ["[14:11]", "[2:11 PM]", "2026-11-23T13:11:00Z", "2026-11-23 14:11:00"])
def test_name_and_text_after_the_time(head: str) -> None:
    reading = read(f"{head} sana k: pool full: 100 %\nand stays so")
    assert reading.shape == "name: text"
    assert told(reading) == [("23 14:11:00", "sana k", "pool full: 100 %\nand stays so")]


def test_plain_lines_with_times() -> None:
    reading = read("# Timeline\n* 14:11 deploy: done\n* 23:55 moved\n* 07:00 normal again\n25:71 no time")
    assert reading.shape == "Markdown"
    assert told(reading) == [
        ("23 14:11:00", "", "deploy: done"),
        ("23 23:55:00", "", "moved"),
        ("24 07:00:00", "", "normal again"),
    ]
    assert reading.skipped == ((5, "25:71 no time", "its time was not understood"),)


def test_text_without_times_is_all_skipped() -> None:
    assert read("hello\nworld") == Reading(
        (), ((1, "hello", "no time before it"), (2, "world", "no time before it")), ""
    )
    assert read("") == Reading((), (), "")


def test_slack_export() -> None:
    messages = [
        {"ts": "1795437120.000200", "user": "U2", "text": "see <https://x.test/a|graph> &amp; <@U1>"},
        {"ts": "1795437060.000100", "user": "U1", "text": "pool full"},
        {
            "ts": "1795437000.0",
            "user": "U1",
            "subtype": "channel_join",
            "text": "<@U1> has joined the channel",
        },
        {
            "ts": "1795437180.0",
            "bot_id": "B1",
            "username": "pager",
            "text": "",
            "attachments": [{"fallback": "alert"}],
        },
        {"ts": "never", "text": "lost"},
        "nonsense",
    ]
    users = read_users(json.dumps([{"id": "U1", "name": "sk", "profile": {"real_name": "Sana K"}}]))
    reading = read(json.dumps(messages), users)
    assert reading.shape == "Slack export"
    assert [(one.author, one.text, one.line) for one in reading.messages] == [
        ("Sana K", "pool full", 2),
        ("U2", "see graph (https://x.test/a) & @Sana K", 1),
        ("pager", "alert", 4),
    ]
    assert reading.messages[0].happened_at == datetime.fromtimestamp(1795437060.0001, UTC)
    assert [line for line, _, _ in reading.skipped] == [6, 3, 5]


def test_slack_export_with_its_users_inside() -> None:
    text = json.dumps({"users": {"U1": "Sana"}, "messages": [{"ts": 1795437060, "user": "U1", "text": "hi"}]})
    assert [one.author for one in read(text).messages] == ["Sana"]
    assert read('{"alerts": []}').skipped[0][2] == "JSON, but not messages that Slack exported"
    assert read_users("nonsense") == {}


def test_csv() -> None:
    reading = read(
        '\nTime,Text,Author,Kind\n14:11,"a, b\nc",sana,Alert\n2026-11-24 00:01,later\nsoon,x\n\n14:13,\n'
    )
    assert reading.shape == "CSV"
    assert told(reading) == [("23 14:11:00", "sana", "a, b\nc"), ("24 00:01:00", "", "later")]
    assert [(one.line, one.kind) for one in reading.messages] == [(3, "alert"), (5, "")]
    assert [(line, reason) for line, _, reason in reading.skipped] == [
        (6, "no time that can be read"),
        (8, "no words"),
    ]


def test_csv_with_semicolons_and_a_date_column() -> None:
    assert told(read("date;time;message\n2026-11-23;14:11;hey\n")) == [("23 14:11:00", "", "hey")]


def test_reading_again_gives_the_same_keys_and_repeats_are_left_out() -> None:
    log = "14:11 <sana> pool full\n14:12 <mei> yes\n"
    once, twice = read(log), read("14:12 <mei> yes (edited)\n" + log.replace("pool  full", "pool full"))
    assert {one.key for one in once.messages} == {one.key for one in twice.messages}
    assert len({one.key for one in once.messages}) == 2
    assert twice.skipped == ((3, "yes", "the same as line 1"),)


@pytest.mark.parametrize(
    "text", ["x" * 500_001, "é" * 250_001, "\n" * 20_000, "\n".join(f"14:11 {n}" for n in range(2_001))]
)
def test_too_large_logs_are_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(LogTooLarge, match="Paste the hours that matter"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 499_000 + "b",
        ("a" + " " * 155 + "b\n") * 3_000,
        "[" * 499_000,
        "14:11 " + ":" * 490_000,
        "* x " + "joined " * 60_000,
    ],
)
def test_odd_logs_take_no_long_time(text: str) -> None:
    with taking_at_most(3):
        read(text)


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.text(alphabet='0123456789:[]<>*>|#,;{}"ts-TZapm sana\t', max_size=40),
        st.sampled_from(
            ["14:11 a", "[23:59] b: c", "Sana  2:11 PM", "23 Nov", "* x joined", "time,text", "  2:11 PM"]
        ),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(LINES)
def test_nothing_pasted_breaks_the_reading(lines: list[str]) -> None:
    reading = read("\n".join(lines))
    assert all(one.happened_at.tzinfo is UTC and one.text and one.key for one in reading.messages)
    assert len({one.key for one in reading.messages}) == len(reading.messages)


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda j: (
            st.lists(j, max_size=3)
            | st.dictionaries(
                st.sampled_from(["ts", "text", "user", "messages", "users", "attachments", "user_profile"]),
                j,
                max_size=4,
            )
        ),
    )
)
def test_no_json_breaks_the_reading(value: object) -> None:
    read(json.dumps(value))


@given(st.lists(st.integers(min_value=1, max_value=22 * 60), max_size=30))
def test_midnights_roll_over_in_order(steps: list[int]) -> None:
    moments = [START]
    for step in steps:
        moments.append(moments[-1].astimezone(UTC) + timedelta(minutes=step))
    log = "\n".join(f"{moment.astimezone(UTC):%H:%M} UTC <sana> {n}" for n, moment in enumerate(moments))
    assert [one.happened_at for one in read(log).messages] == moments
