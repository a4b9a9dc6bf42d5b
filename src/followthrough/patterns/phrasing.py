"""Phrasing of figures: words that say what they can carry, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isinf
from typing import Any, Self

from followthrough.causes.models import Cause
from followthrough.core.times import in_words
from followthrough.facts.models import Mechanism
from followthrough.facts.operations.aggregates import STAGES, WHOLE
from followthrough.statistics import distribution, rate_alarms
from followthrough.statistics.rate_alarms import Rate

STAGE_VERBS = {
    "detect": "to detect",
    "acknowledge": "to acknowledge",
    "mitigate": "to mitigate",
    "resolve": "to resolve",
    WHOLE: "from start to end",
}


_C = Cause.Category
_CAUSES: dict[str, str] = {
    _C.PROCESS: "Process gaps",
    _C.CONFIGURATION: "Configuration problems",
    _C.CODE: "Code problems",
    _C.INFRASTRUCTURE: "Infrastructure problems",
    _C.MONITORING: "Monitoring gaps",
    _C.COMMUNICATION: "Communication gaps",
    _C.DEPENDENCIES: "Dependency problems",
    _C.PEOPLE: "Working conditions",
}
_TRIGGERS: dict[str, str] = {
    _C.PROCESS: "a process",
    _C.CONFIGURATION: "configuration",
    _C.CODE: "code",
    _C.INFRASTRUCTURE: "infrastructure",
    _C.MONITORING: "monitoring",
    _C.COMMUNICATION: "communication",
    _C.DEPENDENCIES: "a dependency",
    _C.PEOPLE: "working conditions",
}
_MECHANISMS: dict[str, str] = {
    Mechanism.CAUSE: "{causes}{place}",
    Mechanism.TRIGGER: "Incidents{place} set off by {trigger}",
    Mechanism.DETECTION_GAP: "Problems{place} noticed late{because}",
    Mechanism.HANDOFF_GAP: "Handoffs{place} that go wrong{because}",
    Mechanism.SLOW_TO_DETECT: "Incidents{place} slow to be noticed",
    Mechanism.SLOW_TO_ACKNOWLEDGE: "Incidents{place} slow to be taken on",
    Mechanism.SLOW_TO_MITIGATE: "Incidents{place} slow to be contained",
    Mechanism.SLOW_TO_RESOLVE: "Incidents{place} slow to be resolved",
}


def theme_name(category: str, mechanism: str, service: str) -> str:
    """What a cause that comes back is called while no person has named it; each but the mechanism may be ""."""
    return _MECHANISMS[mechanism].format(
        causes=_CAUSES.get(category, "Problems"),
        trigger=_TRIGGERS.get(category, "the same thing"),
        place=f" in {service}" if service else "",
        because=f": {_C(category).label.lower()}" if category else "",
    )


MAX_TIMES = 50


def times(ratio: float) -> str:
    """2.4, 12 or ∞."""
    if isinf(ratio):
        return "∞"
    if ratio > MAX_TIMES:
        return f"over {MAX_TIMES}"
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def rate_in_short(rate: Rate) -> str:
    """For a row: how many times as often."""
    if not rate.before:
        return f"{rate.recent} in 90 days, none in the year before"
    return f"{times(rate.ratio)} times as often as in the year before"


def rate_certainty(name: str, rate: Rate) -> str:
    """How sure that is; "" where there is no ratio to give."""
    if not rate.before:
        return ""
    low, high = rate_alarms.interval_of(rate)
    return f"{name}: with 95 % certainty between {times(low)} and {times(high)} times."


def headline(rows: Sequence[Mapping[str, Any]]) -> str:
    """Which services are struck more often than chance gives, and which the most; "" where there is none."""
    if not rows:
        return ""
    worse = [f"{row['name']}, {rate_in_short(Rate(**row['rate']))}" for row in rows if row["alarm"]][:3]
    often = sorted(rows, key=lambda row: -row["year"])[:2]
    most = " and ".join(f"{row['name']} ({row['year']})" for row in often if row["year"])
    first = (
        f"Getting worse: {'; '.join(worse)}."
        if worse
        else "No service is clearly struck more often lately than in the year before."
    )
    return f"{first} Most incidents in 12 months: {most}." if most else first


def rate_in_words(rate: Rate, *, alarm: bool) -> list[str]:
    """What the last 90 days say beside the 365 before, in sentences."""
    low, high = rate_alarms.interval_of(rate)
    often = "once" if rate.recent == 1 else f"{rate.recent} times"
    said = [
        f"It struck {often} in the last 90 days. At the rate of the 365 days before, {rate.expected:.1f} would be expected."
    ]
    if rate.recent < rate_alarms.MIN_INCIDENTS:
        return [*said, f"With fewer than {rate_alarms.MIN_INCIDENTS} lately nothing more is claimed."]
    if not rate.before:
        said.append("There was none in the year before, so there is no ratio to give.")
    else:
        said.append(
            f"That is {times(rate.ratio)} times as often; with 95 % certainty between {times(low)} and {times(high)} times."
        )
    return [*said, _verdict(rate, alarm=alarm)]


def _verdict(rate: Rate, *, alarm: bool) -> str:
    share = f"{rate.p:.1%}" if rate.p >= 0.001 else "less than 0.1 %"
    if alarm:
        return f"Chance alone gives as many in {share} of cases, so this is more than chance."
    return f"Chance alone gives as many in {share} of cases, so this may well be chance."


@dataclass(frozen=True)
class Slower:
    """A stage that usually takes longer in one service: minutes with their interval, and elsewhere."""

    service: str
    stage: str
    n: int
    value: float
    low: float
    high: float
    usual: float

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        return cls(**{name: row[name] for name in ("service", "stage", "n", "value", "low", "high", "usual")})

    @property
    def verb(self) -> str:
        return STAGE_VERBS[self.stage]

    @property
    def words(self) -> str:
        return f"{length(self.value)} in the middle ({length(self.low)}–{length(self.high)}), elsewhere {length(self.usual)}"


def length(minutes: float) -> str:
    return in_words(timedelta(minutes=round(minutes))) if minutes >= 1 else "under a minute"


def usual_in_words(counted: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """(stage, its median in words, n) in the order of the response."""
    usual, counts = counted.get("usual", {}), counted.get("counts", {})
    return [
        (STAGE_VERBS[stage], length(usual[stage]), counts[stage])
        for stage in (*STAGES, WHOLE)
        if stage in usual
    ]


@dataclass(frozen=True)
class Detection:
    """Who noticed: of `known` incidents `customers` by customers; rows are (service, part, whole, low %, high %)."""

    known: int
    customers: int
    alerts: int
    unknown: int
    rows: list[tuple[str, int, int, int, int]]

    @classmethod
    def of(cls, counted: Mapping[str, Any]) -> Self:
        whole = counted.get("all", {})
        known = sum(whole.get(who, 0) for who in ("alert", "staff", "customer"))
        rows = [
            (service, part, of, *(round(100 * edge) for edge in distribution.share_interval(part, of)))
            for service, part, of in counted.get("rows", [])
        ]
        return cls(known, whole.get("customer", 0), whole.get("alert", 0), whole.get("not_known", 0), rows)

    @property
    def percent(self) -> int:
        return round(100 * self.customers / self.known) if self.known else 0
