"""Each figure with its rule, how many it stands on, and what can be claimed of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from followthrough.insights.choice import Choice
from followthrough.insights.claims import Claim, curve_claim, in_unit, length_claim, share_claim
from followthrough.insights.queries import Found, Rows, names_of, omitted, team_names, teams_of
from followthrough.postmortems.models import Omission
from followthrough.statistics import distribution, survival
from followthrough.statistics.distribution import Spread
from followthrough.statistics.survival import Step

if TYPE_CHECKING:
    import numpy as np

MIN_HOURS = 0.5
"""What took no time counts as half a minute, as a log axis has no zero."""
BINS_PER_DECADE = 6
_EPOCH = date(1970, 1, 1)
_DAY = 86400


@dataclass(frozen=True)
class Measure:
    """`key` names its drawing and its download; `rule` says how it is counted; `claim` what may be said of it."""

    key: str
    title: str
    rule: str
    claim: Claim

    @property
    def verdict(self) -> str:
        return " ".join(filter(None, self.claim))


@dataclass(frozen=True)
class Share(Measure):
    """`part` of `whole`, month by month as (first day, part, whole), beside the period before."""

    part: int
    whole: int
    before: tuple[int, int]
    months: list[tuple[date, int, int]]

    @property
    def percent(self) -> int:
        return round(100 * self.part / self.whole) if self.whole else 0

    @property
    def interval(self) -> tuple[int, int]:
        low, high = distribution.share_interval(self.part, self.whole)
        return round(100 * low), round(100 * high)


@dataclass(frozen=True)
class Lengths(Measure):
    """The spread of positive values and that of the period before; `unit` is minutes or money.

    `bins` are (place, how many lie from 10^(place / BINS_PER_DECADE) up to the next); `missing` are not known.
    """

    unit: str
    bins: list[tuple[int, int]]
    spread: Spread | None
    before: Spread | None
    missing: int
    known: tuple[float, ...]
    """The values, smallest first."""

    @property
    def middle(self) -> str:
        """The median and the geometric mean in words, with their intervals."""
        if self.spread is None:
            return ""
        named = (("median", self.spread.median), ("geometric mean", self.spread.geometric))
        return "; ".join(
            f"{name} {in_unit(found.value, self.unit)} ({in_unit(found.low, self.unit)} – {in_unit(found.high, self.unit)})"
            for name, found in named
        )


@dataclass(frozen=True)
class Curve(Measure):
    """The share that still holds by days, of `n` of which `failed` came back; `longest` were watched."""

    n: int
    failed: int
    longest: float
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Months(Measure):
    """How many began in each month, the first and the last of them in part, and in the whole period before."""

    rows: list[tuple[date, int]]
    before: int
    period: str

    @property
    def n(self) -> int:
        return sum(number for _, number in self.rows)


@dataclass(frozen=True)
class Teams(Measure):
    """(team, how many it finished in time, of how many), the most due first."""

    rows: list[tuple[str, int, int]]


@dataclass(frozen=True)
class Load(Measure):
    """(name, meetings led), the most first."""

    rows: list[tuple[str, int]]
    of: str = "Facilitator"

    @property
    def n(self) -> int:
        return sum(number for _, number in self.rows)


def by_month(found: Found, choice: Choice) -> Months:
    """How many incidents began in each month, also in those that had none."""
    began = Counter(_months(found.now["began_at"], "s").tolist())
    first, last = (12 * (day.year - 1970) + day.month - 1 for day in (choice.since, choice.until))
    rows = [(_first_day(month), began[month]) for month in range(first, last + 1)]
    rule = "Incidents by the month in which they began. The first and the last month are counted in part."
    return Months("months", "How many there were", rule, Claim("", ""), rows, len(found.before), choice.words)


def by_team(found: Found, choice: Choice) -> Teams:
    """Who finishes in time: an action counts for every team of its incident."""
    since, until = ((moment.date() - _EPOCH).days for moment in (choice.since, choice.until))
    due = _between(found.actions[found.actions["in_time"] >= 0], "due_month", since, until)
    kept, whole = Counter[int](), Counter[int]()
    of = teams_of(found)
    for incident, in_time in zip(due["incident"].tolist(), due["in_time"].tolist(), strict=True):
        for team in of.get(incident, ()):
            whole[team] += 1
            kept[team] += in_time
    names = team_names(whole)
    rows = [(names[team], kept[team], number) for team, number in whole.items() if team in names]
    rule = "Promised actions that were due, by the teams named on their incident; with several teams in each of them."
    rows.sort(key=lambda row: (-row[2], row[0]))
    return Teams("teams", "Actions finished on time, by team", rule, Claim("", ""), rows)


def shares(found: Found, choice: Choice) -> list[Share]:
    """Promises kept: meetings, summaries, actions."""
    return [
        _share(
            "reviewed",
            "Reviewed in the window",
            "Of the post-mortems that were due: the meeting closed inside the severity’s window, neither before nor after, "
            "and left a finding or an action. By the month in which the incident began.",
            *_split(found, "reviewed_in_time"),
        ),
        _share(
            "summaries",
            "Summaries in time",
            "Of the summaries that were due: published within 24 hours of the meeting, with a finding or an action. By "
            "the month in which the incident began.",
            *_split(found, "summary_in_time"),
        ),
        _share(
            "actions",
            "Actions finished on time",
            "Of the promised actions that were due: done by the end of their date. By the month in which they were due.",
            *_due(found.actions, choice),
        ),
        _share(
            "fixes",
            "Fixes that held",
            "Of the actions done that answer a kind of cause: since then nothing of a kind struck (same service, kind of "
            "cause and tag, or joined by people), and nobody saw it fail. Without a kind of cause, what people verified. "
            "Those that did not hold stay in the count, also once they were replaced. By the month in which they were done.",
            *_finished(found.actions, choice),
        ),
    ]


Judged: TypeAlias = "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]"
"""Months counted since 1970, and for each whether what was promised was kept (1) or not (0)."""


def _split(found: Found, column: str) -> tuple[Judged, Judged]:
    known = (rows[rows[column] >= 0] for rows in (found.now, found.before))
    now, before = ((_months(rows["began_at"], "s"), rows[column]) for rows in known)
    return now, before


def _due(actions: Rows, choice: Choice) -> tuple[Judged, Judged]:
    rows = actions[actions["in_time"] >= 0]
    before, since, until = (
        (moment.date() - _EPOCH).days for moment in (choice.before, choice.since, choice.until)
    )
    now, earlier = (
        (_months(chosen["due_month"], "D"), chosen["in_time"])
        for chosen in (_between(rows, "due_month", since, until), _between(rows, "due_month", before, since))
    )
    return now, earlier


def _finished(actions: Rows, choice: Choice) -> tuple[Judged, Judged]:
    rows = actions[actions["held"] >= 0]
    before, since, until = (moment.timestamp() for moment in (choice.before, choice.since, choice.until))
    now, earlier = (
        (_months(chosen["finished_at"], "s"), chosen["held"])
        for chosen in (
            _between(rows, "finished_at", since, until),
            _between(rows, "finished_at", before, since),
        )
    )
    return now, earlier


def _between(rows: Rows, column: str, after: float, until: float) -> Rows:
    chosen: Rows = rows[(rows[column] > after) & (rows[column] <= until)]
    return chosen


def _months(moments: Any, unit: str) -> Any:
    return moments.astype(f"M8[{unit}]").astype("M8[M]").astype(int)


def _share(key: str, title: str, rule: str, now: Judged, before: Judged) -> Share:
    kept, kept_before = ((int(said.sum()), len(said)) for _, said in (now, before))
    return Share(key, title, rule, share_claim(kept, kept_before), *kept, kept_before, _by_month(*now))


def _by_month(months: Any, said: Any) -> list[tuple[date, int, int]]:
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    found, places, whole = np.unique(months, return_inverse=True, return_counts=True)
    part = np.bincount(places, weights=said, minlength=len(found))
    return [
        (_first_day(month), int(kept), number)
        for month, kept, number in zip(found.tolist(), part, whole.tolist(), strict=True)
    ]


def _first_day(month: int) -> date:
    """Of a month counted since 1970."""
    return date(1970 + month // 12, month % 12 + 1, 1)


STAGES = {
    "detect": ("Time to detect", "From the start to the moment somebody or something noticed."),
    "acknowledge": ("Time to acknowledge", "From the start to the moment somebody took it on."),
    "mitigate": ("Time to mitigate", "From the start to the moment customers were no longer harmed."),
    "resolve": ("Time to resolve", "From the start to the end."),
}


def durations(found: Found) -> list[Lengths]:
    """How long the response took, of outages whose milestones are known."""
    return [
        _lengths(
            key,
            title,
            f"{rule} Outages whose milestone is known; no time at all counts as half a minute.",
            "minutes",
            found,
        )
        for key, (title, rule) in STAGES.items()
    ]


def cost(found: Found) -> Lengths:
    """What incidents cost, where somebody wrote it down."""
    rule = (
        "Lost revenue, other cost, and people × hours × the cost of an hour, as the impact of each incident says. "
        "Incidents without any of these are not counted as free."
    )
    return _lengths("cost", "What they cost", rule, "money", found)


def _lengths(key: str, title: str, rule: str, unit: str, found: Found) -> Lengths:
    now, before = (values_of(rows, key)[1] for rows in (found.now, found.before))
    middle, middle_before = distribution.spread_of(now), distribution.spread_of(before)
    claim = length_claim(now, before, middle, middle_before, unit)
    missing = len(found.now) - len(now)
    return Lengths(
        key, title, rule, claim, unit, _bins(now), middle, middle_before, missing, tuple(sorted(now.tolist()))
    )


def values_of(rows: Rows, key: str) -> tuple[Any, Any]:
    """(incidents, their values) where they are known."""
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    known = rows[~np.isnan(rows[key])]
    return known["incident"], np.maximum(MIN_HOURS, known[key])


def _bins(values: Any) -> list[tuple[int, int]]:
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    places, numbers = np.unique(np.floor(np.log10(values) * BINS_PER_DECADE), return_counts=True)
    return list(zip(places.astype(int).tolist(), numbers.tolist(), strict=True))


def curves(found: Found, choice: Choice) -> list[Curve]:
    """What comes back, with those that were not watched for long counted as long as they were."""
    incidents = found.now[found.now["has_cause"] == 1]
    done = found.actions[
        (found.actions["finished_at"] > choice.since.timestamp()) & (found.actions["held"] >= 0)
    ]
    return [
        _curve(
            "recurrence",
            "Does it come back within 12 months?",
            "Incidents with a confirmed kind of cause: the share that nothing of a kind has followed yet, by days since.",
            "incidents",
            _watched(incidents["began_at"], incidents["recurred_at"], choice.until),
        ),
        _curve(
            "survival",
            "How long do fixes hold?",
            "Actions done that answer a kind of cause: the share after which nothing of a kind struck, by days since “done”.",
            "fixes",
            _watched(done["finished_at"], done["recurred_at"], choice.until),
        ),
    ]


Watched: TypeAlias = dict[tuple[float, bool], int]
"""{(whole days until it came back or until now, whether it did): how many}"""


def _watched(since: Any, came_back: Any, until: datetime) -> Watched:
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    seen = came_back <= until.timestamp()
    days = np.maximum(0, np.floor((np.where(seen, came_back, until.timestamp()) - since) / _DAY))
    spans, numbers = np.unique(days * 2 + seen, return_counts=True)
    return {
        (span // 2, bool(span % 2)): number
        for span, number in zip(spans.tolist(), numbers.tolist(), strict=True)
    }


def _curve(key: str, title: str, rule: str, what: str, spans: Watched) -> Curve:
    steps, number = survival.holding(spans), sum(spans.values())
    failed = sum(times for (_, came_back), times in spans.items() if came_back)
    longest = max((days for days, _ in spans), default=0.0)
    rule = f"{rule} Kaplan and Meier’s curve with its 95 % band."
    claim = curve_claim(what, number, steps, longest)
    return Curve(key, title, rule, claim, number, failed, longest, steps)


def facilitation(found: Found) -> Load:
    """Who led how many meetings."""
    import numpy as np  # noqa: PLC0415 - numpy, which an idle server does without

    leaders, numbers = np.unique(found.now["facilitator"][found.now["facilitator"] >= 0], return_counts=True)
    led = dict(zip(leaders.tolist(), numbers.tolist(), strict=True))
    names = names_of(led)
    rows = sorted(
        ((names.get(key, "somebody"), number) for key, number in led.items()),
        key=lambda row: (-row[1], row[0]),
    )
    rule = "Held post-mortem meetings of the period’s incidents, by facilitator."
    return Load("facilitation", "Who facilitates", rule, Claim("", ""), rows)


def omissions(found: Found) -> Load:
    """What meetings closed without, each for a recorded reason."""
    closed = set(found.now["incident"].tolist())
    rows = Counter(what for incident, what in omitted() if incident in closed)
    names = [(str(Omission.What(what).label), number) for what, number in rows.most_common()]
    rule = "Closed post-mortems of the period’s incidents without a timeline, cause, finding, action or facilitator."
    return Load("omissions", "What they closed without", rule, Claim("", ""), names, of="Missing")


def all_of(found: Found, choice: Choice) -> Iterator[Measure]:
    """Every figure, in the order of the page."""
    yield by_month(found, choice)
    yield from shares(found, choice)
    yield by_team(found, choice)
    yield from durations(found)
    yield from curves(found, choice)
    yield facilitation(found)
    yield omissions(found)
    yield cost(found)
