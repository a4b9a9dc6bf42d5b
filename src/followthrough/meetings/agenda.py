"""How a meeting's minutes are shared out."""

from __future__ import annotations

from dataclasses import dataclass

from followthrough.meetings.models import AgendaStep

Key = AgendaStep.Key

SHARES = {
    Key.WELCOME: 4,
    Key.TIMELINE: 15,
    Key.CAUSES: 16,
    Key.IMPACT: 5,
    Key.PREVENTION: 7,
    Key.ACTIONS: 10,
    Key.CLOSE: 3,
}
"""Minutes of each step in a meeting of 60; longer and shorter ones keep the proportions."""


@dataclass(frozen=True)
class Step:
    """One step of an agenda and its minutes."""

    key: str
    minutes: int

    @property
    def name(self) -> str:
        return str(Key(self.key).label)


def plan(minutes: int) -> list[Step]:
    """The seven steps, whole minutes of at least one each, together `minutes` (seven at least)."""
    total = sum(SHARES.values())
    exact = {key: max(1.0, share * minutes / total) for key, share in SHARES.items()}
    whole = {key: int(span) for key, span in exact.items()}
    by_rest = sorted(exact, key=lambda key: whole[key] - exact[key])
    for key in by_rest[: max(0, minutes - sum(whole.values()))]:
        whole[key] += 1
    return [Step(key, span) for key, span in whole.items()]
