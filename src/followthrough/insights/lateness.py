"""How far what was planned ended from its date, by team: what the times of a response are for outages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from followthrough.insights.claims import Claim
from followthrough.insights.measures import Measure
from followthrough.insights.queries import Found, days_late_of, team_names, teams_of

_RULE = (
    "Deadlines, projects and launches that ended in the period, of which planned and actual end are known: calendar days "
    "from one to the other on their own clock, below nought where they were early. One of several teams counts for each."
)

NO_TEAM = 0


@dataclass(frozen=True)
class DaysLate(Measure):
    """(team, of how many events, median and most days late), the latest first; `known` are the days of each event."""

    rows: list[tuple[str, int, float, int]]
    known: tuple[tuple[int, int], ...]
    """(incident, days)"""


def days_late(found: Found) -> DaysLate:
    """Of the period's events that are no outages; an event without a team counts for "no team"."""
    late, of = days_late_of(found), teams_of(found)
    by_team: dict[int, list[int]] = defaultdict(list)
    for incident, days in late.items():
        for team in of.get(incident) or [NO_TEAM]:
            by_team[team].append(days)
    names = {NO_TEAM: "no team named", **team_names(by_team)}
    rows = [
        (names[team], len(days), median(days), max(days)) for team, days in by_team.items() if team in names
    ]
    rows.sort(key=lambda row: (-row[2], row[0]))
    return DaysLate("lateness", "Days late, by team", _RULE, Claim("", ""), rows, tuple(late.items()))
