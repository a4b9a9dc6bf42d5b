"""Countdown of the meeting's window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from followthrough.core.times import in_words
from followthrough.postmortems.models import Promise


@dataclass(frozen=True)
class Countdown:
    """What runs out next; `tone` is "", "due" or "broke"."""

    words: str
    tone: str = ""


def window_countdown(promise: Promise, now: datetime) -> Countdown:
    """Where the meeting's window stands while no meeting is scheduled."""
    if promise.opens_at and now < promise.opens_at:
        return Countdown(f"meeting window opens in {in_words(promise.opens_at - now)}")
    if now < promise.due_at:
        return Countdown(f"meeting window closes in {in_words(promise.due_at - now)}", "due")
    return Countdown(f"meeting window closed {in_words(now - promise.due_at)} ago", "broke")
