"""What the worker does regularly."""

from __future__ import annotations

from datetime import timedelta

from followthrough.calendars.operations import refresh_holidays
from followthrough.calendars.tasks import begin_checks, read_calendars
from followthrough.jobs.schedule import RegularJob
from followthrough.jobs.tidying import tidy_up
from followthrough.meetings.replies import read_replies
from followthrough.notifications import ladder, outbox
from followthrough.patterns.similar.tasks import learn_nightly
from followthrough.patterns.tasks import catch_up, propose_patterns, refresh_patterns
from followthrough.people import throttling
from followthrough.writing.operations import forget_folded
from followthrough.writing.tasks import keep_versions

REGULAR_JOBS = [
    RegularJob("notifications.climb", timedelta(minutes=1), ladder.climb, "Tells of what has come due"),
    RegularJob(
        "notifications.find_missing",
        timedelta(days=1),
        ladder.find_missing,
        "Looks for what nobody would be reminded of",
    ),
    RegularJob(
        "notifications.take_back",
        timedelta(minutes=1),
        outbox.take_back,
        "Takes over the mail of workers that are gone",
    ),
    RegularJob("patterns.catch_up", timedelta(minutes=1), catch_up, "Draws what incidents have in common"),
    RegularJob("patterns.propose", timedelta(hours=1), propose_patterns, "Proposes patterns", apart=True),
    RegularJob("calendars.read", timedelta(minutes=1), read_calendars, "Reads everyone’s calendars"),
    RegularJob(
        "calendars.refresh_holidays",
        timedelta(days=1),
        refresh_holidays,
        "Looks up public holidays",
        apart=True,
    ),
    RegularJob("meetings.read_replies", timedelta(minutes=2), read_replies, "Reads answers to invitations"),
    RegularJob(
        "patterns.refresh",
        timedelta(days=1),
        refresh_patterns,
        "Looks for what keeps coming back",
        apart=True,
    ),
    RegularJob(
        "patterns.learn_words",
        timedelta(days=1),
        learn_nightly,
        "Learns which words tell incidents apart",
        apart=True,
    ),
    RegularJob(
        "writing.keep_versions",
        timedelta(minutes=1),
        keep_versions,
        "Keeps versions of texts that are at rest",
    ),
    RegularJob(
        "writing.forget_folded",
        timedelta(hours=1),
        forget_folded,
        "Takes single keystrokes out of the log once versions hold them",
    ),
    RegularJob(
        "people.forget_tries", timedelta(days=1), throttling.forget_old, "Forgets old tries to sign in"
    ),
    RegularJob("jobs.tidy_up", timedelta(days=1), tidy_up, "Throws away what finished work leaves behind"),
]
WORK_STREAMS = [outbox.send_waiting, begin_checks]
