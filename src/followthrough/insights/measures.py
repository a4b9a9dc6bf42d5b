"""Each figure with its rule, how many it stands on, and what can be claimed of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from followthrough.core.times import in_words
from followthrough.insights.forms import Choice
from followthrough.insights.queries import Found, Promised, Row, names_of
from followthrough.statistics import change, spread, survival
from followthrough.statistics.change import LEVEL
from followthrough.statistics.spread import FEWEST, Spread
from followthrough.statistics.survival import Step

SHORTEST = 0.5
"""What took no time counts as half a minute, as a log axis has no zero."""


@dataclass(frozen=True)
class Measure:
    """`key` names its drawing and its download; `rule` says how it is counted; `verdict` what may be claimed."""

    key: str
    title: str
    rule: str
    verdict: str


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
        low, high = spread.share_interval(self.part, self.whole)
        return round(100 * low), round(100 * high)


@dataclass(frozen=True)
class Lengths(Measure):
    """Positive values as (incident, value), their spread, and that of the period before; `unit` is minutes or money."""

    unit: str
    values: list[tuple[int, float]]
    spread: Spread | None
    before: Spread | None
    missing: int

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
class Load(Measure):
    """(name, meetings led), the most first."""

    rows: list[tuple[str, int]]

    @property
    def n(self) -> int:
        return sum(number for _, number in self.rows)


def shares(found: Found, choice: Choice) -> list[Share]:
    """Promises kept: meetings, summaries, actions."""
    return [
        _share(
            "reviewed",
            "Reviewed in the window",
            "Of the post-mortems that were due: the meeting closed before the severity’s window did. By the month in "
            "which the incident began.",
            *_split(found, lambda row: row.reviewed_in_time),
        ),
        _share(
            "summaries",
            "Summaries in time",
            "Of the summaries that were due: published within 24 hours of the meeting. By the month in which the "
            "incident began.",
            *_split(found, lambda row: row.summary_in_time),
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
            "Of the actions done that answer a sort of cause: since then nothing of a kind struck (same service, sort of "
            "cause and tag, or joined by people), and no check-in said otherwise. By the month in which they were done.",
            *_finished(found.actions, choice),
        ),
    ]


Judged = list[tuple[date, bool]]


def _split(found: Found, judge: Callable[[Row], bool | None]) -> tuple[Judged, Judged]:
    now, before = (
        [(row.began_at.date(), said) for row in rows if (said := judge(row)) is not None]
        for rows in (found.now, found.before)
    )
    return now, before


def _due(actions: Iterable[Promised], choice: Choice) -> tuple[Judged, Judged]:
    judged = [(row.due_month, row.in_time) for row in actions if row.due_month and row.in_time is not None]
    since, before, until = choice.since.date(), choice.before.date(), choice.until.date()
    return (
        [(day, said) for day, said in judged if since < day <= until],
        [(day, said) for day, said in judged if before < day <= since],
    )


def _finished(actions: Iterable[Promised], choice: Choice) -> tuple[Judged, Judged]:
    judged = [(row.finished_at, row.held) for row in actions if row.finished_at and row.held is not None]
    return (
        [(when.date(), held) for when, held in judged if choice.since < when <= choice.until],
        [(when.date(), held) for when, held in judged if choice.before < when <= choice.since],
    )


def _share(key: str, title: str, rule: str, now: Judged, before: Judged) -> Share:
    kept, kept_before = ((sum(said for _, said in rows), len(rows)) for rows in (now, before))
    months: dict[date, list[bool]] = defaultdict(list)
    for day, said in now:
        months[day.replace(day=1)].append(said)
    by_month = [(month, sum(said), len(said)) for month, said in sorted(months.items())]
    return Share(key, title, rule, _share_verdict(kept, kept_before), *kept, kept_before, by_month)


def _share_verdict(now: tuple[int, int], before: tuple[int, int]) -> str:
    if min(now[1], before[1]) < FEWEST:
        return f"Too few to compare with the period before: {now[1]} and {before[1]}."
    p = change.shares_differ(before, now)
    parts = [round(100 * part / whole) for part, whole in (now, before)]
    if p < LEVEL:
        return f"{'More' if parts[0] > parts[1] else 'Less'} than in the period before: {parts[0]} % instead of {parts[1]} % (p = {p:.2g})."
    needed = change.needed_for_share(now[0] / now[1])
    return (
        f"No change can be claimed (p = {p:.2f}). To see one of 20 points takes about {needed} in each period; "
        f"there were {now[1]} and {before[1]}."
    )


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
    now, before = (_values(rows, key) for rows in (found.now, found.before))
    numbers, numbers_before = [value for _, value in now], [value for _, value in before]
    middle, middle_before = spread.spread_of(numbers), spread.spread_of(numbers_before)
    verdict = _length_verdict(numbers, numbers_before, middle, middle_before, unit)
    return Lengths(key, title, rule, verdict, unit, now, middle, middle_before, len(found.now) - len(now))


def _values(rows: Iterable[Row], key: str) -> list[tuple[int, float]]:
    known = ((row.pk, getattr(row, key)) for row in rows)
    return [(pk, max(SHORTEST, value)) for pk, value in known if value is not None]


def _length_verdict(
    now: Sequence[float], before: Sequence[float], middle: Spread | None, earlier: Spread | None, unit: str
) -> str:
    if middle is None:
        return f"{len(now)} known: too few to say anything. It takes {FEWEST}."
    if earlier is None:
        return f"Too few in the period before to compare: {len(before)}."
    p = change.differs(before, now)
    if p < LEVEL:
        less = "Shorter" if unit == "minutes" else "Less"
        more = "Longer" if unit == "minutes" else "More"
        word = less if middle.geometric.value < earlier.geometric.value else more
        medians = f"{in_unit(middle.median.value, unit)} instead of {in_unit(earlier.median.value, unit)}"
        return f"{word} than in the period before: in the middle {medians} (Mann–Whitney p = {p:.2g})."
    return (
        f"No change can be claimed (Mann–Whitney p = {p:.2f}). To see a change by half takes about "
        f"{change.needed(now)} in each period; there were {len(now)} and {len(before)}."
    )


def in_unit(value: float, unit: str) -> str:
    """Minutes as a span of time, money as a number."""
    if unit == "money":
        return f"{value:,.0f}"
    return in_words(timedelta(minutes=round(value))) if value >= 1 else "under a minute"


def curves(found: Found, choice: Choice) -> list[Curve]:
    """What comes back, with those that were not watched for long counted as long as they were."""
    incidents = [_watched(row.began_at, row.recurred_at, choice.until) for row in found.now if row.has_cause]
    fixes = [
        _watched(row.finished_at, row.recurred_at, choice.until)
        for row in found.actions
        if row.finished_at and row.held is not None and row.finished_at > choice.since
    ]
    return [
        _curve(
            "recurrence",
            "Does it come back within 12 months?",
            "Incidents with a confirmed sort of cause: the share that nothing of a kind has followed yet, by days since.",
            "incidents",
            incidents,
        ),
        _curve(
            "survival",
            "How long do fixes hold?",
            "Actions done that answer a sort of cause: the share after which nothing of a kind struck, by days since “done”.",
            "fixes",
            fixes,
        ),
    ]


def _watched(since: datetime, came_back: datetime | None, until: datetime) -> tuple[float, bool]:
    """Whole days until it came back, or until now."""
    seen = came_back is not None and came_back <= until
    end = came_back if came_back is not None and seen else until
    return float(max(0, (end - since).days)), seen


def _curve(key: str, title: str, rule: str, what: str, spans: Sequence[tuple[float, bool]]) -> Curve:
    steps = survival.still_holding(spans)
    failed, longest = sum(came_back for _, came_back in spans), max((days for days, _ in spans), default=0.0)
    rule = f"{rule} Kaplan and Meier’s curve with its 95 % band."
    return Curve(
        key, title, rule, _curve_verdict(what, len(spans), steps, longest), len(spans), failed, longest, steps
    )


def _curve_verdict(what: str, number: int, steps: Sequence[Step], longest: float) -> str:
    if number < FEWEST:
        return f"{number} {what}: too few to say anything. It takes {FEWEST}."
    day = min(365.0, longest)
    at = survival.share_at(steps, day)
    if not steps or at.share == 1:
        return f"None of {number} {what} came back within {day:.0f} days."
    return f"After {day:.0f} days {1 - at.share:.0%} have come back ({1 - at.high:.0%}–{1 - at.low:.0%} with 95 %)."


def facilitation(found: Found) -> Load:
    """Who led how many meetings."""
    led = Counter(row.facilitator for row in found.now if row.facilitator)
    names = names_of(led)
    rows = sorted(
        ((names.get(key, "somebody"), number) for key, number in led.items()),
        key=lambda row: (-row[1], row[0]),
    )
    whole, most = sum(led.values()), rows[0][1] if rows else 0
    verdict = (
        f"{len(rows)} people led {whole} meetings; the busiest led {most / whole:.0%} of them."
        if whole
        else "Nobody has led a meeting in this period."
    )
    rule = "Held post-mortem meetings of the period’s incidents, by facilitator."
    return Load("facilitation", "Who facilitates", rule, verdict, rows)


def all_of(found: Found, choice: Choice) -> Iterator[Measure]:
    """Every figure, in the order of the page."""
    yield from shares(found, choice)
    yield from durations(found)
    yield from curves(found, choice)
    yield facilitation(found)
    yield cost(found)
