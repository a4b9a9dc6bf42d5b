"""What the worker does regularly."""

from __future__ import annotations

from datetime import timedelta

from followthrough.calendars.operations import refresh_holidays
from followthrough.calendars.tasks import read_calendars
from followthrough.jobs.schedule import RegularJob
from followthrough.jobs.tidying import tidy_up
from followthrough.meetings.replies import read_replies
from followthrough.notifications import ladder, outbox
from followthrough.patterns.tasks import catch_up, propose_patterns, refresh_patterns

REGULAR_JOBS = [
    RegularJob("notifications.climb", timedelta(minutes=1), ladder.climb),
    RegularJob("notifications.find_missing", timedelta(days=1), ladder.find_missing),
    RegularJob("notifications.take_back", timedelta(minutes=1), outbox.take_back),
    RegularJob("patterns.catch_up", timedelta(minutes=1), catch_up),
    RegularJob("patterns.propose", timedelta(hours=1), propose_patterns),
    RegularJob("calendars.read", timedelta(minutes=1), read_calendars),
    RegularJob("calendars.refresh_holidays", timedelta(days=1), refresh_holidays),
    RegularJob("meetings.read_replies", timedelta(minutes=2), read_replies),
    RegularJob("patterns.refresh", timedelta(days=1), refresh_patterns),
    RegularJob("jobs.tidy_up", timedelta(days=1), tidy_up),
]
WORK_STREAMS = [outbox.send_waiting]
