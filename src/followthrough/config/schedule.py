"""What the worker does regularly."""

from __future__ import annotations

from datetime import timedelta

from followthrough.jobs.schedule import RegularJob
from followthrough.jobs.tidying import tidy_up
from followthrough.meetings.tasks import escalate_closing_windows, remind_of_check_ins, send_pre_reads
from followthrough.notifications import outbox
from followthrough.patterns.tasks import refresh_patterns

REGULAR_JOBS = [
    RegularJob("notifications.take_back", timedelta(minutes=1), outbox.take_back),
    RegularJob("meetings.send_pre_reads", timedelta(minutes=10), send_pre_reads),
    RegularJob("meetings.remind_of_check_ins", timedelta(minutes=10), remind_of_check_ins),
    RegularJob("meetings.escalate_closing_windows", timedelta(minutes=10), escalate_closing_windows),
    RegularJob("patterns.refresh", timedelta(days=1), refresh_patterns),
    RegularJob("jobs.tidy_up", timedelta(days=1), tidy_up),
]
WORK_STREAMS = [outbox.send_waiting]
