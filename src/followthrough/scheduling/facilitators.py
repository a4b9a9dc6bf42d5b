"""Who could lead the meeting: neutral people, ranked, each with the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from followthrough.core.phrasing import listed
from followthrough.meetings import phrasing
from followthrough.people.models import User

MAX_SUGGESTIONS = 6


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody. `owns` names the affected services of their teams, `recent_turns` counts the
    meetings they led in 90 days, `absence` says why they could not come at the slot ("" if they could)."""

    person: User
    took_part: bool
    owns: tuple[str, ...] = ()
    recent_turns: int = 0
    absence: str | None = None
    """None while the meeting has no time."""


@dataclass(frozen=True)
class Suggestion:
    """Somebody neutral, with what speaks for them and what against."""

    person: User
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]


def suggest(candidates: Iterable[Candidate], most: int = MAX_SUGGESTIONS) -> list[Suggestion]:
    """The best neutral people, best first. Who took part or would rather not facilitate is never among them."""
    neutral = [one for one in candidates if not one.took_part and one.person.willing_to_facilitate]
    return [_suggestion(one) for one in sorted(neutral, key=_rank)[:most]]


def _rank(one: Candidate) -> tuple[bool, bool, int, str]:
    return bool(one.owns), bool(one.absence), one.recent_turns, one.person.name


def _suggestion(one: Candidate) -> Suggestion:
    good, bad = ["Took no part in it"], []
    if one.owns:
        bad.append(f"In the team that owns {listed(one.owns)}")
    else:
        good.append("Not in a team that it concerns")
    if one.absence == "":
        good.append("Free at that time")
    elif one.absence:
        bad.append(one.absence)
    turns = f"{phrasing.counted(one.recent_turns, 'turn')} in the last 90 days"
    if one.recent_turns > 1:
        bad.append(turns)
    else:
        good.append(turns.capitalize() if one.recent_turns else "No turn in the last 90 days")
    return Suggestion(one.person, tuple(good), tuple(bad))
