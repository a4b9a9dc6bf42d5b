"""Chat logs and tables, pasted or exported, read into messages with their times.

Recognised: Slack's export (JSON), CSV with a header, Slack's desktop copy, IRC, `[14:11] name: text`, lines
that begin with an ISO stamp, and plain `14:11 text` lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from followthrough.timeline.chat_lines import read_lines
from followthrough.timeline.csv_log import read_table
from followthrough.timeline.log_messages import LogTooLarge, Message, Reading, check_size
from followthrough.timeline.slack_export import read_export, read_users
from followthrough.timeline.typed_times import LogClock

__all__ = ["LogTooLarge", "Message", "Reading", "read_log", "read_users"]


def read_log(
    text: str,
    *,
    start: datetime,
    zone: ZoneInfo,
    end: datetime | None = None,
    users: Mapping[str, str] | None = None,
) -> Reading:
    """The messages of a log, in its order; days roll over at midnight.

    `start` and `end` (aware) are the incident's; `zone` is what bare times are in; `users` maps Slack's user
    ids to names (`read_users` reads them from users.json). Raises LogTooLarge over 500 KB, 20,000 lines or
    2,000 messages.
    """
    check_size(text)
    text = text.removeprefix("\ufeff")
    clock = LogClock(start=start, zone=zone, end=end)
    exported = read_export(text, users or {}) if text.lstrip()[:1] in {"[", "{"} else None
    return exported or read_table(text, clock) or read_lines(text, clock)
