"""What people are told of their own accounts; deadlines that follow changed settings."""

from __future__ import annotations

from typing import cast

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.notifications.models import ReminderSettings
from followthrough.notifications.operations import notify
from followthrough.notifications.tasks import refresh_deadlines
from followthrough.people.models import User

_ADVICE = (
    "If it was not you, tell an administrator at once and choose a new password by “Forgot your password?”."
)
_WORDS = {
    "password_changed": "Your password was changed and your other sessions are signed out.",
    "password_reset": "Your password was reset by a link. Your sessions are signed out, and your API tokens and calendar feed no longer work.",
}


def follow_passwords() -> None:
    """Called once, from this room's ready()."""
    for verb in _WORDS:
        subscribe(User._meta.label_lower, verb, _tell)


def follow_settings() -> None:
    """Called once, from this room's ready(): the worker brings open deadlines in line within moments."""
    subscribe(ReminderSettings._meta.label_lower, "changed", _refresh_deadlines)


def _refresh_deadlines(_: Activity, __: models.Model) -> None:
    refresh_deadlines.enqueue()


def _tell(row: Activity, person: models.Model) -> None:
    notify(
        cast("User", person),
        kind="account",
        key=f"{row.verb}:{row.seq}",
        subject="Your password at Followthrough was changed",
        body=f"{_WORDS[row.verb]} {_ADVICE}",
        path="/profile/",
        opens="Look at your account",
        references=(),
    )
