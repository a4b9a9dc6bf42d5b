"""The kinds of messages, as people choose among them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind: its `name` in the database, and what people read."""

    name: str
    label: str
    what: str


KINDS = (
    Kind("meeting", "Meetings", "You are asked to one, it moved, it is called off, somebody answered."),
    Kind("facilitator", "Facilitating", "Somebody asks you to lead a meeting, or hands it on."),
    Kind(
        "pre_read",
        "Pre-reads and briefs",
        "A day before a meeting: what to read, and the facilitator's brief.",
    ),
    Kind("window", "Meetings to schedule", "A window is open or about to close, and nothing is scheduled."),
    Kind("summary", "Summaries due", "A summary that is yours to share is due."),
    Kind(
        "summary_review",
        "Summaries to review",
        "Somebody asks you to read one before it is shared, or comments on one that you asked about.",
    ),
    Kind("summary_published", "Summaries to read", "One was shared with you."),
    Kind(
        "action", "Your actions", "Before an action's date, on it and after it, and when one becomes yours."
    ),
    Kind("check_in", "Check-ins", "When it is, that it is tomorrow, and what is still yours after it."),
    Kind(
        "recurrence",
        "It struck again",
        "Something much alike came while a fix that you answer for was unproven.",
    ),
    Kind("calendar", "Your calendars", "One that your busy times are read from cannot be read any more."),
    Kind("escalation", "Escalations", "What others answer for and is late, where you lead or administer."),
    Kind("digest", "Weekly digest", "Each week what is due from you, and from the teams you lead."),
)
ALWAYS = frozenset({"account"})
"""Kinds about one's own account, whose mail nobody can turn off."""
LABELS = {kind.name: kind.label for kind in KINDS}


def label_of(name: str) -> str:
    """What people call a kind, in the middle of a sentence."""
    return LABELS.get(name, name.replace("_", " ")).lower()
