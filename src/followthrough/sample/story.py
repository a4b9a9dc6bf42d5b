"""Where each incident of the sample stands in the loop today, so that the story is current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo


class Stage(IntEnum):
    """How far an incident has come; each includes the ones before it."""

    OPEN = 0
    MITIGATED = 1
    NOT_REVIEWED = 2
    TO_SCHEDULE = 3
    SCHEDULED = 4
    TO_SHARE = 5
    SHARED = 6
    CHECKED_IN = 7


@dataclass(frozen=True)
class Chapter:
    """`ended_ago` is how long ago the incident was over; `meeting_in` when its meeting is (negative: was held)."""

    slug: str
    stage: Stage
    ended_ago: timedelta
    meeting_in: timedelta | None = None


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


def _days(days: float) -> timedelta:
    return timedelta(days=days)


NOW = [
    Chapter("monzo-2019-07-29", Stage.MITIGATED, _hours(1)),
    Chapter("travis-ci-2018-03-13", Stage.NOT_REVIEWED, _hours(30)),
    Chapter("cloudflare-2025-11-18", Stage.TO_SCHEDULE, _hours(63)),
    Chapter("reddit-2023-03-14", Stage.TO_SCHEDULE, _hours(34)),
    Chapter("github-2018-10-21", Stage.SCHEDULED, _hours(52), _hours(2)),
    Chapter("slack-2022-02-22", Stage.SCHEDULED, _hours(45), _hours(23)),
    Chapter("slack-2021-01-04", Stage.TO_SHARE, _hours(80), _hours(-21)),
    Chapter("google-cloud-2025-06-12", Stage.SHARED, _days(9), _days(-6.1)),
    Chapter("atlassian-2022-04-05", Stage.SHARED, _days(14.5), _days(-12)),
    Chapter("circleci-2023-01-04", Stage.SHARED, _days(18), _days(-15.2)),
]
_PAST = [
    ("healthcare-gov-2013-10-01", 40),
    ("datadog-2023-03-08", 47),
    ("cloudflare-2023-11-02", 62),
    ("facebook-2021-10-04", 75),
    ("azure-wan-2023-01-25", 88),
    ("denver-airport-1993-10-31", 101),
    ("crowdstrike-2024-07-19", 118),
    ("microsoft-teams-2020-02-03", 133),
    ("aws-2021-12-07", 147),
    ("roblox-2021-10-28", 160),
    ("cloudflare-2022-06-21", 171),
    ("rogers-2022-07-08", 186),
    ("gitlab-2017-01-31", 199),
    ("fastly-2021-06-08", 214),
    ("mozilla-2019-05-04", 229),
    ("aws-s3-2017-02-28", 244),
    ("stripe-2019-07-10", 252),
    ("tsb-2018-04-20", 266),
    ("google-2020-12-14", 279),
    ("cloudflare-2019-07-02", 292),
    ("ericsson-o2-2018-12-06", 301),
    ("aws-kinesis-2020-11-25", 309),
    ("salesforce-2021-05-11", 316),
    ("lets-encrypt-2020-02-29", 323),
    ("google-cloud-2019-06-02", 331),
    ("cloudflare-2020-07-17", 338),
    ("knight-capital-2012-08-01", 344),
    ("basecamp-2018-11-08", 349),
    ("npm-left-pad-2016-03-22", 355),
    ("mars-climate-orbiter-1999-09-23", 361),
]
WINDOW = timedelta(hours=72)
HOME = ZoneInfo("Europe/London")
_HALF_DAYS_END = (time(12, 30), time(17, 30))
CHAPTERS = [
    *(Chapter(slug, Stage.CHECKED_IN, _days(days), _days(2.2 - days)) for slug, days in reversed(_PAST)),
    *sorted(NOW, key=lambda chapter: chapter.ended_ago, reverse=True),
]
"""Oldest first, so that keys grow with time."""


def ended_at(chapter: Chapter, now: datetime) -> datetime:
    """When the incident was over. One that still wants a meeting has its window end about when the story says, with a
    half-day of work, so that there are times to propose at any hour of any day."""
    ended = now - chapter.ended_ago
    if chapter.stage != Stage.TO_SCHEDULE:
        return ended
    return min(_half_days(now), key=lambda end: abs(end - WINDOW - ended)) - WINDOW


def _half_days(now: datetime) -> list[datetime]:
    """The ends of those in which a meeting still fits, of an incident that is over by now."""
    days = [now.astimezone(HOME).date() + timedelta(days=n) for n in range(4)]
    ends = [datetime.combine(day, end, HOME) for day in days if day.weekday() < 5 for end in _HALF_DAYS_END]
    return [end.astimezone(now.tzinfo) for end in ends if _hours(3) <= end - now <= WINDOW - _hours(1)]
