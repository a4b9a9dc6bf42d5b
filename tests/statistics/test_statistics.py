"""The statistics beside scipy's own, known values, and what must hold for any numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from followthrough.statistics import alarm_evaluation, distribution, period_comparison, rate_alarms, survival

months = st.lists(st.integers(0, 40), min_size=15, max_size=15)
minutes = st.lists(st.floats(0.5, 5000), min_size=5, max_size=40)
spans = st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=60)


@given(st.integers(1, 60), st.integers(0, 60), st.floats(0.3, 200), st.floats(0.3, 200))
def test_the_tail_is_the_beta_binomial_one(least, more, a, b):
    total = least + more
    expected = stats.betabinom.sf(least - 1, total, a, b)
    assert rate_alarms.p_value(least, total, a, b) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_even_months_are_judged_as_a_binomial():
    rate = rate_alarms.rate_of([2] * 12 + [6, 6, 6])
    assert rate.p == pytest.approx(stats.binom.sf(17, 42, 0.2), rel=1e-3)
    assert rate.ratio == pytest.approx(18 / (24 * 90 / 365))


def test_bursts_of_their_own_make_a_facet_harder_to_alarm():
    even, bursting = [2] * 12, [0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 12]
    assert rate_alarms.rate_of([*even, 6, 6, 5]).p < 0.01 < rate_alarms.rate_of([*bursting, 6, 6, 5]).p


def test_with_fewer_than_three_recent_events_nothing_is_said():
    assert rate_alarms.rate_of([0] * 12 + [0, 0, 2]).p == 1


@given(months)
def test_more_recent_events_never_make_an_alarm_less_likely(counts):
    more = [*counts[:-1], counts[-1] + 1]
    assert rate_alarms.rate_of(more).p <= rate_alarms.rate_of(counts).p + 1e-9


@given(months)
def test_the_interval_holds_the_ratio(counts):
    rate = rate_alarms.rate_of(counts)
    low, high = rate_alarms.interval_of(rate)
    assert 0 <= low <= high
    if rate.before:
        assert low <= rate.ratio <= high


def test_the_interval_of_even_months_is_clopper_and_pearson_s():
    rate = rate_alarms.Rate(recent=8, before=12, size=1e9, p=0.5)
    exact = stats.binomtest(8, 20).proportion_ci(method="exact")
    low, high = (share / (1 - share) * 365 / 90 for share in exact)
    assert rate_alarms.interval_of(rate) == pytest.approx((low, high), rel=1e-4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusting_is_benjamini_and_hochberg_s(ps):
    assert rate_alarms.discoveries(ps) == pytest.approx(list(stats.false_discovery_control(ps)))


@given(spans)
def test_the_curve_is_kaplan_and_meier_s(rows):
    came_back = [days for days, failed in rows if failed]
    quiet = [days for days, failed in rows if not failed]
    steps = survival.kaplan_meier(rows)
    data = stats.CensoredData(uncensored=came_back, right=quiet)
    expected = stats.ecdf(data).sf
    for step in steps:
        assert step.share == pytest.approx(float(expected.evaluate(step.day)))
        assert step.low <= step.share <= step.high


def test_the_curve_s_interval_is_greenwood_s():
    rows = [
        (6, True),
        (6, True),
        (6, True),
        (7, True),
        (10, True),
        (13, True),
        (9, False),
        (11, False),
        (20, False),
    ]
    data = stats.CensoredData(uncensored=[6, 6, 6, 7, 10, 13], right=[9, 11, 20])
    band = stats.ecdf(data).sf.confidence_interval(method="log-log")
    step = survival.share_at(survival.kaplan_meier(rows), 10)
    expected = [float(side.evaluate(10)) for side in (band.low, band.high)]
    assert [step.low, step.high] == pytest.approx(expected)


def test_before_anything_came_back_all_hold():
    steps = survival.kaplan_meier([(30, True), (50, False)])
    assert survival.share_at(steps, 29).share == 1
    assert survival.share_at(steps, 30).share == 0.5


@given(minutes)
def test_the_middles_lie_within_their_intervals(values):
    found = distribution.spread_of(values)
    assert found is not None
    assert found.median.low <= found.median.value + 1e-9
    assert found.median.value <= found.median.high + 1e-9
    assert min(values) - 1e-6 <= found.geometric.low <= found.geometric.high <= max(values) * (1 + 1e-9)
    assert found.geometric.value == pytest.approx(stats.gmean(values))


def test_the_median_s_interval_is_the_bootstrap_s():
    values = np.random.default_rng(3).lognormal(4, 1, 41)
    drawn = stats.bootstrap((values,), np.median, method="percentile", n_resamples=6000, rng=5)
    found = distribution.spread_of(list(values))
    assert found is not None
    ordered = sorted(values)
    for mine, theirs in (
        (found.median.low, drawn.confidence_interval.low),
        (found.median.high, drawn.confidence_interval.high),
    ):
        nearest = min(range(41), key=lambda place: abs(ordered[place] - theirs))
        assert abs(ordered.index(mine) - nearest) <= 1


@given(st.lists(st.floats(1, 1000), min_size=6, max_size=80, unique=True))
def test_the_median_s_plain_interval_is_the_sign_test_s(values):
    found, ordered = distribution.middle_of(values), sorted(values)
    out = ordered.index(found.low)
    assert ordered.index(found.high) == len(values) - 1 - out
    assert stats.binom.cdf(out, len(values), 0.5) <= 0.025 < stats.binom.cdf(out + 1, len(values), 0.5)


def test_of_fewer_than_five_values_nothing_is_said():
    assert distribution.spread_of([1, 2, 3, 4]) is None


@given(st.integers(0, 200), st.integers(0, 200))
def test_shares_have_wilson_s_interval(part, more):
    whole = part + more
    if whole:
        expected = stats.binomtest(part, whole).proportion_ci(method="wilson")
        assert distribution.share_interval(part, whole) == pytest.approx(
            (expected.low, expected.high), abs=1e-6
        )


@given(minutes, minutes)
def test_ranks_are_compared_as_scipy_does(before, after):
    expected = stats.mannwhitneyu(after, before, method="asymptotic").pvalue
    if not math.isnan(expected):
        assert period_comparison.differs(before, after) == pytest.approx(min(1.0, expected), abs=1e-9)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_shares_are_compared_by_fisher_s_exact_test(a, b, c, d):
    if a + b and c + d:
        expected = stats.fisher_exact([[a, b], [c, d]]).pvalue
        assert period_comparison.shares_differ((a, a + b), (c, c + d)) == pytest.approx(expected, rel=1e-6)


def test_with_as_many_as_are_said_to_be_needed_a_change_by_half_is_mostly_seen():
    chosen = np.random.default_rng(5)
    values = chosen.lognormal(4, 0.9, 300)
    number = period_comparison.sample_size(list(values))
    seen = sum(
        period_comparison.differs(chosen.lognormal(4, 0.9, number), chosen.lognormal(4, 0.9, number) * 1.5)
        < 0.05
        for _ in range(400)
    )
    assert 0.7 < seen / 400 < 0.9


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 10_000))
def test_false_alarms_and_claims_stay_near_what_they_promise(seed):
    chosen = np.random.default_rng(seed)
    series = [list(map(int, chosen.negative_binomial(2, 0.3, 40))) for _ in range(6)]
    found = alarm_evaluation.false_alarms(series, rounds=120, seed=seed)
    assert found.alarms / found.tried < 0.035
    (row, *_) = alarm_evaluation.false_claims(list(chosen.lognormal(4, 1, 120)), rounds=200, seed=seed)
    assert row.false / row.tried < 0.1


def test_many_values_are_reckoned_as_few_are(monkeypatch):
    drawn = np.random.default_rng(5)
    one, other = drawn.integers(1, 90, 300).tolist(), drawn.integers(5, 99, 400).tolist()
    few = period_comparison.differs(one, other), period_comparison.shares_differ((40, 90), (30, 120))
    monkeypatch.setattr(period_comparison, "MAX_SAMPLE_SIZE", 10)
    many = period_comparison.differs(one, other), period_comparison.shares_differ((40, 90), (30, 120))
    assert many == pytest.approx(few, rel=1e-9)
    assert few[1] == pytest.approx(stats.fisher_exact([[40, 50], [30, 90]]).pvalue)
