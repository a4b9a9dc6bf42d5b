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
    State.WORSE: "None of its actions is done, and of three incidents or more most fell into the last six months.",
    State.DID_NOT_HOLD: "An action was done, and it struck again afterwards.",
    State.NO_ACTION: "No action came out of its incidents.",
    State.UNDER_WAY: "Actions came out of it, but none is done yet.",
    State.QUIET: "An action was done, and it has not struck again since.",
}

_TONES = {State.WORSE: "broke", State.NO_ACTION: "broke", State.DID_NOT_HOLD: "due", State.UNDER_WAY: "note"}


def tone_of(pattern: Pattern) -> str:
    """The colour of its chip."""
    return _TONES.get(State(pattern.state), "forward")


def state_of(
    began: Sequence[datetime], done: Sequence[datetime], *, open_actions: int, now: datetime
) -> State:
    """The state, from when its incidents `began` and its actions were `done`, both oldest first."""
    if not done and not open_actions:
        return State.NO_ACTION
    if done:
        return State.QUIET if done[-1] >= began[-1] else State.DID_NOT_HOLD
    return State.WORSE if _grows(began, now) else State.UNDER_WAY


def _grows(began: Sequence[datetime], now: datetime) -> bool:
    lately = sum(moment >= now - YEAR / 2 for moment in began)
    return len(began) > 2 and lately > len(began) - lately


def usual_gap_days(began: Sequence[datetime]) -> int:
    """The median of the days between two incidents that follow each other."""
    return round(median((later - earlier).total_seconds() for earlier, later in pairwise(began)) / 86400)


def note_of(pattern: Pattern, now: datetime) -> tuple[str, str]:
    """What its chip says, and the words beside it."""
    state = State(pattern.state)
    if state == State.QUIET and pattern.fixed_at:
        return _quiet(pattern, pattern.fixed_at, now)
    if state == State.DID_NOT_HOLD and pattern.fixed_at:
        return str(state.label), f"came back {_days(pattern.last_at - pattern.fixed_at)} after “done”"
    if state == State.NO_ACTION:
        return str(state.label), f"usual gap between them: {_days(timedelta(days=pattern.usual_gap_days))}"
    return str(state.label), f"{pattern.unfinished} of {pattern.actions} actions unfinished"


def _quiet(pattern: Pattern, fixed_at: datetime, now: datetime) -> tuple[str, str]:
    gap = _days(timedelta(days=pattern.usual_gap_days))
    return f"quiet {_days(now - fixed_at)} since the fix", f"usual gap between them: {gap}"


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"
