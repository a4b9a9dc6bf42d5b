"""The state of a pattern, by plain rules on its incidents and actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from followthrough.patterns.models import Pattern

State = Pattern.State
YEAR = timedelta(days=365)
URGENCY = {
    State.WORSE: 0,
    State.DID_NOT_HOLD: 1,
    State.NO_ACTION: 2,
    State.UNDER_WAY: 3,
    State.QUIET: 4,
}
RULES = {
    State.WORSE: "It struck more often in the last 90 days than in the 365 before, beyond what chance gives: p < 1 % by "
    "itself and, beside all other patterns, at most one such alarm in twenty is expected to be false.",
    State.DID_NOT_HOLD: "An action was done, and it struck again afterwards.",
    State.NO_ACTION: "No action came out of its incidents.",
    State.UNDER_WAY: "Actions came out of it, but none is done yet.",
    State.QUIET: "An action was done, and it has not struck again since. It counts as good news once that is longer than "
    "the usual gap between two incidents.",
}

_TONES = {State.WORSE: "broke", State.NO_ACTION: "broke", State.DID_NOT_HOLD: "due", State.UNDER_WAY: "note"}


def tone_of(pattern: Pattern, now: datetime) -> str:
    """The colour of its chip; good news only once it is quiet for longer than usual."""
    if pattern.state == State.QUIET and pattern.fixed_at:
        return "forward" if (now - pattern.fixed_at).days > pattern.usual_gap_days else "note"
    return _TONES.get(State(pattern.state), "forward")


def state_of(began: Sequence[datetime], done: Sequence[datetime], *, open_actions: int) -> State:
    """The state of what is not getting worse, from when its incidents `began` and its actions were `done`, both oldest
    first."""
    if not done:
        return State.UNDER_WAY if open_actions else State.NO_ACTION
    return State.QUIET if not began or done[-1] >= began[-1] else State.DID_NOT_HOLD


def came_back_days(began: Sequence[datetime], done: Sequence[datetime]) -> int | None:
    """Days from the last “done” before the latest incident to the first incident after that; None if none followed."""
    if not began or not (before := [moment for moment in done if moment < began[-1]]):
        return None
    return (min(moment for moment in began if moment > before[-1]) - before[-1]).days


def usual_gap_days(began: Sequence[datetime]) -> int:
    """The median of the days between two incidents that follow each other; 0 of fewer than two."""
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(began)]
    return round(median(gaps) / 86400) if gaps else 0


def note_of(pattern: Pattern, now: datetime) -> tuple[str, str]:
    """What its chip says, and the words beside it."""
    state = State(pattern.state)
    if state == State.QUIET and pattern.fixed_at:
        return _quiet(pattern, pattern.fixed_at, now)
    if state == State.DID_NOT_HOLD and pattern.came_back_days is not None:
        return str(state.label), f"came back {_days(pattern.came_back_days)} after “done”"
    if state == State.WORSE:
        return str(
            state.label
        ), f"{sum(pattern.months[-3:])} in 90 days, {sum(pattern.months[:-3])} in the year before"
    if state == State.NO_ACTION:
        return str(state.label), f"usual gap between them: {_days(pattern.usual_gap_days)}"
    return str(state.label), f"{pattern.unfinished} of {pattern.actions} actions unfinished"


def _quiet(pattern: Pattern, fixed_at: datetime, now: datetime) -> tuple[str, str]:
    quiet, gap = (now - fixed_at).days, pattern.usual_gap_days
    words = f"usual gap between them: {_days(gap)}"
    return f"quiet {_days(quiet)} since the fix", words if quiet > gap else f"too early to say; {words}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
