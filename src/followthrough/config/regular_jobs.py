"""The schedule of regular jobs (cron): what the worker does, and how often."""

from __future__ import annotations

from datetime import timedelta

from followthrough.calendars.operations import refresh_holidays
from followthrough.calendars.tasks import begin_checks, read_calendars
from followthrough.incidents.imports.uploads import tidy_uploads
from followthrough.integrations import tasks as integrations
from followthrough.jobs.retention import delete_finished
from followthrough.jobs.scheduler import RegularJob
from followthrough.meeting_room.operations.reopened_rooms import close_reopened
from followthrough.notifications.operations import escalation, outbox
from followthrough.patterns.tasks import PROPOSING, propose_patterns, refresh_patterns, refresh_queued
from followthrough.people import throttling
from followthrough.scheduling.operations.invitation_replies import read_replies
from followthrough.search import tasks as searching
from followthrough.similarity.tasks import fit_index_nightly
from followthrough.writing.operations import forget_folded
from followthrough.writing.tasks import keep_versions

REGULAR_JOBS = [
    RegularJob(
        "notifications.send_due_reminders",
        timedelta(minutes=1),
        escalation.send_due_reminders,
        "Tells of what has come due",
    ),
    RegularJob(
        "meeting_room.close_reopened",
        timedelta(minutes=5),
        close_reopened,
        "Closes rooms that were opened again for a day",
    ),
    RegularJob(
        "notifications.find_missing",
        timedelta(days=1),
        escalation.add_missing_deadlines,
        "Looks for what nobody would be reminded of",
    ),
    RegularJob(
        "notifications.take_back",
        timedelta(minutes=1),
        outbox.reclaim_orphaned_mail,
        "Takes over the mail of workers that are gone",
    ),
    RegularJob(
        "patterns.catch_up", timedelta(minutes=1), refresh_queued, "Draws what incidents have in common"
    ),
    RegularJob(PROPOSING, timedelta(hours=1), propose_patterns, "Proposes patterns", in_subprocess=True),
    RegularJob("calendars.read", timedelta(minutes=1), read_calendars, "Reads everyone’s calendars"),
    RegularJob(
        "calendars.refresh_holidays",
        timedelta(days=1),
        refresh_holidays,
        "Looks up public holidays",
        in_subprocess=True,
    ),
    RegularJob("scheduling.read_replies", timedelta(minutes=2), read_replies, "Reads answers to invitations"),
    RegularJob(
        "patterns.refresh",
        timedelta(days=1),
        refresh_patterns,
        "Looks for what keeps coming back",
        in_subprocess=True,
    ),
    RegularJob(
        "similarity.fit_index",
        timedelta(days=1),
        fit_index_nightly,
        "Learns which words tell incidents apart",
        in_subprocess=True,
    ),
    RegularJob(
        "search.refresh_stale",
        timedelta(minutes=1),
        searching.refresh_stale,
        "Lets texts that people write together be found",
    ),
    RegularJob(
        "search.fill",
        timedelta(days=1),
        searching.fill,
        "Lets everything be found that search does not know yet",
        in_subprocess=True,
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
    RegularJob(
        "incidents.tidy_uploads",
        timedelta(days=1),
        tidy_uploads,
        "Throws away files that were uploaded and never imported",
    ),
    RegularJob(
        "integrations.forget_old",
        timedelta(days=1),
        integrations.forget_old,
        "Forgets what went out to trackers and came in a month ago",
    ),
    RegularJob(
        "jobs.tidy_up", timedelta(days=1), delete_finished, "Throws away what finished work leaves behind"
    ),
]
WORK_STREAMS = [outbox.send_waiting, begin_checks, integrations.begin_turns]
