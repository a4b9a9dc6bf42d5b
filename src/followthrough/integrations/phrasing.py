"""The health of a connection, and what is to be known of an issue, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from followthrough.core.times import in_words
from followthrough.integrations.models import IssueLink, TrackerConnection


@dataclass(frozen=True)
class Health:
    """One line: what matters first, the rest, and whether somebody has to do something."""

    tone: str
    chip: str
    lead: str
    rest: str


def health_of(connection: TrackerConnection, waiting: int) -> Health:
    now = timezone.now()
    waits = (
        f"{waiting} change{'' if waiting == 1 else 's'} wait{'s' if waiting == 1 else ''}"
        if waiting
        else "Nothing waits"
    )
    if connection.refusal:
        since = f" since {_day(connection.refused_at)}" if connection.refused_at else ""
        ahead = f"; it is tried again {_ahead(connection.retry_at, now)}" if connection.retry_at else ""
        return Health("broke", "needs you", f"Refused{since}:", f"{connection.refusal} {waits}{ahead}.")
    if connection.check_asked_at:
        return Health("note", "checking", "Being checked.", f"{waits}.")
    if bad := [words for is_good, words in connection.findings if not is_good]:
        return Health("due", "look here", "Something is missing:", f"{bad[0]} {waits}.")
    if connection.paused_until and connection.paused_until > now:
        return Health("note", "well", "Asked to wait,", f"until {_day(connection.paused_until)}. {waits}.")
    heard = f"Heard {_ago(connection.heard_at, now)}." if connection.heard_at else "No webhook has come yet."
    answered = f" It last answered {_ago(connection.answered_at, now)}." if connection.answered_at else ""
    return Health("forward", "well", heard, f"{waits}.{answered}")


def issue_words(link: IssueLink) -> str:
    """What somebody who looks at the action should know of its issue, "" where all is well."""
    if link.state == IssueLink.State.PENDING:
        if link.words:
            return f"Not made yet. {link.words}"
        return f"On its way to {link.target} in {link.connection.name}."
    if link.words:
        return link.words
    if link.connection.refusal:
        return f"{link.connection.name} does not let us in just now, so this may be behind."
    return ""


def _ago(moment: datetime, now: datetime) -> str:
    return f"{in_words(now - moment)} ago" if (now - moment).total_seconds() >= 60 else "just now"


def _ahead(moment: datetime, now: datetime) -> str:
    return f"in {in_words(moment - now)}" if (moment - now).total_seconds() >= 60 else "within a minute"


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%a} {local.day} {local:%b %H:%M}"
