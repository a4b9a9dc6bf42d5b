"""Phrasing of figures: one plain sentence for each, without a word of statistics."""

from __future__ import annotations

from functools import singledispatch

from django.conf import settings

from followthrough.incidents.response_stages import lateness
from followthrough.insights.claims import in_unit
from followthrough.insights.lateness import DaysLate
from followthrough.insights.measures import Curve, Lengths, Load, Measure, Months, Share, Teams


@singledispatch
def sentence_of(measure: Measure) -> str:
    """What it says first; "" where nothing is known."""
    raise NotImplementedError(measure.key)


def count(number: int, one: str, many: str = "") -> str:
    """1 fix, 2 fixes."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


_KEPT = {
    "reviewed": (
        "post-mortem",
        "met within the window of its severity",
        "met within the window of their severity",
    ),
    "summaries": ("summary", "was published within 24 hours", "were published within 24 hours"),
    "actions": ("action", "was done by its date", "were done by their date"),
    "fixes": ("fix", "has held so far", "have held so far"),
}
_PLURAL = {"summary": "summaries", "fix": "fixes"}


@sentence_of.register
def _(share: Share) -> str:
    if not share.whole:
        return ""
    noun, was, were = _KEPT[share.key]
    nouns = _PLURAL.get(noun, f"{noun}s")
    if share.whole == 1:
        return f"The only {noun} {'' if share.part else 'is not one that '}{was}."
    part = {0: "None", share.whole: "All"}.get(share.part, str(share.part))
    return _with_change(
        f"{part} of {count(share.whole, noun, nouns)} {was if share.part == 1 else were}.", share
    )


def _with_change(said: str, measure: Measure) -> str:
    return f"{said} {measure.claim.change}".rstrip()


_STAGES = {
    "detect": "noticed",
    "acknowledge": "taken on by somebody",
    "mitigate": "contained",
    "resolve": "over",
}


@sentence_of.register
def _(lengths: Lengths) -> str:
    known = lengths.known
    if not known:
        return ""
    if lengths.unit == "money":
        return _with_change(_cost(lengths), lengths)
    verb = _STAGES[lengths.key]
    if lengths.spread:
        middle = in_unit(lengths.spread.median.value, lengths.unit)
        return _with_change(f"Half of the {len(known):,} outages known were {verb} within {middle}.", lengths)
    longest = in_unit(known[-1], lengths.unit)
    if len(known) == 1:
        return f"The one outage of which it is known was {verb} after {longest}."
    return f"{count(len(known), 'outage')} were {verb} after {in_unit(known[0], lengths.unit)} to {longest}."


def _cost(lengths: Lengths) -> str:
    known = lengths.known
    total = f"{settings.CURRENCY} {sum(known):,.0f}"
    said = f"{total} in all, over the {count(len(known), 'incident')} whose cost is known."
    if lengths.spread is None:
        return said
    return f"{said} Half of them cost {settings.CURRENCY} {lengths.spread.median.value:,.0f} or less."


@sentence_of.register
def _(curve: Curve) -> str:
    if not curve.n:
        return ""
    noun = ("incident", "incidents") if curve.key == "recurrence" else ("fix", "fixes")
    verb = "came back" if curve.key == "recurrence" else "did not last"
    failed = "None" if not curve.failed else str(curve.failed)
    return _with_change(f"{failed} of {count(curve.n, *noun)} {verb} so far.", curve)


@sentence_of.register
def _(load: Load) -> str:
    if not load.rows:
        return ""
    if load.key == "omissions":
        named = "; ".join(f"{name.lower()}: {number}" for name, number in load.rows)
        return f"Each has its reason in the summary. {named[0].upper()}{named[1:]}."
    led = f"{count(len(load.rows), 'person', 'people')} led {count(load.n, 'meeting')}"
    if len(load.rows) == 1:
        return f"{led}."
    return f"{led}; whoever led most, {load.rows[0][1]} of them."


@sentence_of.register
def _(months: Months) -> str:
    if not months.n:
        return ""
    said = f"{count(months.n, 'incident')} in the last {months.period}"
    return f"{said}; {months.before:,} in the {months.period} before." if months.before else f"{said}."


@sentence_of.register
def _(teams: Teams) -> str:
    if not teams.rows:
        return ""
    if len(teams.rows) == 1:
        name, part, whole = teams.rows[0]
        return f"{name} finished {part} of {count(whole, 'action')} on time."
    shares = sorted(((part / whole, name) for name, part, whole in teams.rows), reverse=True)
    return f"From {shares[0][0]:.0%} ({shares[0][1]}) to {shares[-1][0]:.0%} ({shares[-1][1]}).".replace(
        "%", " %"
    )


@sentence_of.register
def _(late: DaysLate) -> str:
    if not late.known:
        return ""
    days = sorted(days for _, days in late.known)
    if len(days) == 1:
        return f"The one deadline, project or launch of which it is known ended {lateness(days[0])}."
    after = sum(one > 0 for one in days)
    said = f"{after or 'None'} of {len(days)} deadlines, projects and launches ended after their date"
    return f"{said}; the last of them {lateness(days[-1])}." if after else f"{said}."


def headline_of(cards: dict[str, Measure]) -> str:
    """The page in one sentence: how many there were, and which promises were kept; "" before anything is known."""
    parts = []
    for key, words in (
        ("reviewed", "post-mortems in time"),
        ("actions", "actions on time"),
        ("fixes", "fixes that held"),
    ):
        share = cards[key]
        if isinstance(share, Share) and share.whole:
            parts.append(f"{share.part} of {share.whole} {words}")
    cost = cards["cost"]
    if isinstance(cost, Lengths) and cost.known:
        parts.append(f"{settings.CURRENCY} {sum(cost.known):,.0f} of known cost")
    return f"{', '.join(parts)}." if parts else ""
