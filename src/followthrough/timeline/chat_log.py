"""Chat logs and tables, pasted or exported, read into messages with their times.

Recognised: Slack's export (JSON), CSV with a header, Slack's desktop copy, IRC, `[14:11] name: text`, lines
that begin with an ISO stamp, and plain `14:11 text` lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from followthrough.core.timestamps import CalendarDay
from followthrough.timeline.chat_lines import read_lines
from followthrough.timeline.csv_log import read_table
from followthrough.timeline.log_clock import LogClock
from followthrough.timeline.log_messages import LogTooLarge, Message, Reading, check_size
from followthrough.timeline.markdown_timeline import read_markdown
from followthrough.timeline.slack_export import read_export, read_users

__all__ = ["LogTooLarge", "Message", "Reading", "read_log", "read_users"]

_INVISIBLE = {
    **dict.fromkeys([0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]),
    **dict.fromkeys([0x00A0, 0x2009, 0x202F], " "),
}
"""Marks of direction are taken out, and spaces that do not break become plain ones."""


def read_log(
    text: str,
    *,
    start: datetime,
    zone: ZoneInfo,
    end: datetime | None = None,
    users: Mapping[str, str] | None = None,
    day: date | None = None,
    day_first: bool | None = None,
) -> Reading:
    """The messages of a log, in its order; days roll over at midnight.

    `start` and `end` (aware) are the incident's; `zone` is what bare times are in; `day` is the one of the first
    message that names none; `day_first` says how 05/06 is read; `users` maps Slack's user ids to names
    (`read_users` reads them from users.json). Raises LogTooLarge over 500 KB, 20,000 lines or
    2,000 messages.
    """
    check_size(text)
    text = text.translate(_INVISIBLE)
    clock = LogClock(start=start, zone=zone, end=end, day_first=day_first)
    if day:
        clock.turn_to(CalendarDay(day.year, day.month, day.day))
    exported = read_export(text, users or {}) if text.lstrip()[:1] in {"[", "{"} else None
    if exported and exported.messages:
        return exported
    reading = read_table(text, clock) or read_markdown(text, clock) or read_lines(text, clock)
    return replace(reading if reading.messages or not exported else exported, assumed=clock.assumed)
