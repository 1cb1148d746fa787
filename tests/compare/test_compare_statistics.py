"""Intervals that hold as often as they say, and contrasts that claim no more than units can show."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from nb_banana._compare import statistics as st

RUNS = 600
COVERED = (0.93, 0.97)


def nested(units, takes, seed, runs=RUNS, mean=0.0):
    """Many experiments: (runs, units, takes) with an effect of the unit as large as that of chance."""
    random = np.random.default_rng(seed)
    return mean + random.normal(size=(runs, units, 1)) + random.normal(size=(runs, units, takes))


def values(rows):
    """One experiment as the module takes it."""
    return {unit: list(takes) for unit, takes in enumerate(rows)}


def contrasts(groups, **more):
    """Every pair of groups, corrected."""
    return st.corrected([st.contrast(*pair, **more) for pair in combinations(groups.items(), 2)])


def covered(found, truth=0.0):
    """How often an interval holds the truth."""
    return np.mean([one.low <= truth <= one.high for one in found])


@pytest.mark.parametrize(("units", "takes", "how"), [(5, 2, "t"), (10, 4, "t"), (30, 4, "bootstrap"), (60, 3, "bootstrap")])
def test_an_interval_holds_as_often_as_it_says(units, takes, how, monkeypatch):
    """The 95 % interval over units holds the truth in 93 to 97 % of experiments."""
    monkeypatch.setattr(st, "_RESAMPLES", 999)  # as many as a simulation of hundreds can wait for
    found = [st.mean(values(rows)) for rows in nested(units, takes, seed=1, runs=RUNS if how == "t" else 1000)]
    assert {one.how for one in found} == {how}
    assert COVERED[0] <= covered(found) <= COVERED[1]


def test_takes_as_evidence_of_their_own_miss_it():
    """The naive interval, over takes, holds far less often than it says; that is why units are averaged first."""
    rows = nested(10, 4, seed=2).reshape(RUNS, -1)
    half = stats.t.ppf(0.975, rows.shape[1] - 1) * rows.std(axis=1, ddof=1) / np.sqrt(rows.shape[1])
    assert np.mean(abs(rows.mean(axis=1)) <= half) < 0.8


def test_a_bootstrap_of_few_units_misses_it():
    """A percentile bootstrap of four units holds far less often than it says; that is why t is used there."""
    random = np.random.default_rng(3)
    found = nested(4, 2, seed=3).mean(axis=2)
    again = found[:, random.integers(4, size=(999, 4))].mean(axis=2)
    low, high = np.quantile(again, (0.025, 0.975), axis=1)
    assert np.mean((low <= 0) & (high >= 0)) < 0.88


def test_a_share_holds_as_often_as_it_says_and_the_plain_one_does_not():
    """Wilson's interval of twelve that say yes nine times of ten; the plain one falls to about 72 %."""
    random = np.random.default_rng(4)
    counts = random.binomial(12, 0.9, size=2000)
    found = [st.share(values([[1.0]] * yes + [[0.0]] * (12 - yes))) for yes in counts]
    assert covered(found, 0.9) >= 0.93
    shares = counts / 12
    half = 1.96 * np.sqrt(shares * (1 - shares) / 12)
    assert np.mean(abs(shares - 0.9) <= half) < 0.8


@pytest.mark.parametrize(("yes", "count", "low", "high"), [(174, 360, 0.432, 0.535), (185, 360, 0.462, 0.565), (9, 9, 0.701, 1.0)])
def test_wilson_by_published_numbers(yes, count, low, high):
    """RISEBench's counts (48.3 % and 51.4 % of 360) have the intervals that were published, and nine of nine is not sure."""
    assert st.wilson(yes / count, count) == pytest.approx((low, high), abs=0.0015)


def test_too_few_units_are_told_as_too_few():
    """Under five units there is a mean, no interval and no verdict, whatever the takes."""
    four = values(np.ones((4, 50)))
    assert (st.mean(four).value, st.mean(four).low, st.mean(four).how) == (1.0, None, "")
    assert st.share(four).high is None
    (one,) = contrasts({"a": four, "b": values(np.zeros((4, 50)))})
    assert (one.difference, one.p, one.p_holm, one.told) == (-1.0, None, None, None)


def test_units_are_compared_with_themselves():
    """A difference far smaller than that between units is found, and equals scipy's paired test; what only one group has is left out and counted."""
    random = np.random.default_rng(5)
    easy = random.normal(scale=10, size=20)
    before = {unit: [value] for unit, value in enumerate(easy)}
    after = {unit: [value + 0.5 + noise] for unit, (value, noise) in enumerate(zip(easy, random.normal(scale=0.2, size=20)))}
    del before[0], after[19]
    (found,) = contrasts({"a": before, "b": after})
    common = range(1, 19)
    expected = stats.ttest_rel([after[unit][0] for unit in common], [before[unit][0] for unit in common])
    assert found.p == found.p_holm == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval()))
    assert (found.units, found.left_out, found.told) == (18, 2, True)


def test_several_contrasts_are_corrected():
    """Holm's correction, by his own example, keeps its order and never falls below the p it corrects."""
    assert st.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert st.holm([0.5, None, 0.9]) == pytest.approx([1.0, None, 1.0])


def test_chance_is_rarely_taken_for_a_difference():
    """Three groups that do not differ are told apart in at most about one experiment of twenty."""
    random = np.random.default_rng(6)
    told = 0
    for _ in range(300):
        unit = random.normal(size=(12, 1))
        groups = {name: values(unit + random.normal(size=(12, 2))) for name in "abc"}
        told += any(one.told for one in contrasts(groups))
    assert told / 300 <= 0.08


def test_yes_and_no_are_tested_exactly():
    """Six units that all turn from no to yes: McNemar's exact p; all the same is no difference."""
    no, yes = values(np.zeros((6, 1))), values(np.ones((6, 1)))
    (found,) = contrasts({"a": no, "b": yes})
    assert found.p == pytest.approx(2 / 2**6)
    (same,) = contrasts({"a": yes, "b": yes})
    assert (same.difference, same.p, same.d_z) == (0.0, 1.0, None)


def pairs(both, first, second, neither):
    """Two groups of yes and no, by how many units said yes in both, in one alone, in none."""
    said = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
    return {name: values([[float(one[at])] for one in said]) for at, name in enumerate("ab")}



def test_takes_that_disagree_make_no_evidence_stronger():
    """Twelve pairs of two takes: with one take turned against the rest the interval reaches lower and p is no smaller."""
    no, yes = {unit: [0.0, 0.0] for unit in range(12)}, {unit: [1.0, 1.0] for unit in range(12)}
    whole = st.contrast(("no", no), ("yes", yes), shares=True)
    less = st.contrast(("no", no), ("yes", yes | {0: [1.0, 0.0]}), shares=True)
    assert less.difference < whole.difference and less.low < whole.low <= less.high <= whole.high == 1.0
    assert whole.p == less.p == pytest.approx(2 / 2**12)


def test_a_difference_of_shares_has_the_interval_that_was_published():
    """Newcombe's own example (36, 12, 2, 0) has his interval; and no difference of two shares reaches beyond 1, or is sure of six that agree."""
    (found,) = contrasts(pairs(36, 2, 12, 0), shares=True)
    assert (found.low, found.high) == pytest.approx((0.0569, 0.3404), abs=5e-5)
    for counts in ((1, 5, 0, 0), (0, 6, 0, 0), (6, 0, 0, 0), (0, 0, 6, 0)):
        (one,) = contrasts(pairs(*counts), shares=True)
        assert -1 <= one.low <= one.difference <= one.high <= 1 and one.high - one.low > 0.3


@pytest.mark.parametrize("shares", [(0.4, 0.1, 0.3, 0.2), (0.7, 0.05, 0.2, 0.05), (0.1, 0.05, 0.35, 0.5)])
def test_an_interval_of_a_difference_of_shares_holds_as_often_as_it_says(shares):
    """Of twelve pairs the interval holds the true difference in at least 93 of 100 experiments, and McNemar's test never tells apart what it does not."""
    random = np.random.default_rng(7)
    found = [contrasts(pairs(*counts), shares=True)[0] for counts in random.multinomial(12, shares, size=1000)]
    assert covered(found, shares[2] - shares[1]) >= COVERED[0]
    assert not any(one.told and one.low <= 0 <= one.high for one in found)


def test_what_does_not_vary_has_no_interval():
    """A figure or a difference that is the same in every unit has none: how it varies is not known from that."""
    steady, higher = values(np.full((9, 1), 0.3)), values(np.full((9, 1), 0.4))
    assert (st.mean(steady).low, st.mean(steady).how, st.mean(steady).value) == (None, "", pytest.approx(0.3))
    (found,) = contrasts({"a": steady, "b": higher})
    assert (found.low, found.high, found.told) == (None, None, True)


@pytest.mark.parametrize("units", [6, 12, 40])
@pytest.mark.parametrize("first, second", [(0.039, 0.134), (0.3, 0.4), (1e6 / 3, 1e6 / 3 + 0.1)])
def test_rounding_is_no_difference_between_units(units, first, second):
    """Numbers that only binary fractions tell apart are tested as what they mean: each unit the same step away, or none, whatever their size."""
    base = np.arange(units) % 5 / 10
    before, after = ({unit: [number + float(base[unit])] for unit in range(units)} for number in (first, second))
    (steady,) = contrasts({"a": before, "b": after})
    assert (steady.p, steady.d_z) == (pytest.approx(2 / 2**units), None)
    noisy = {unit: [sum([number / 10] * 10)] for unit, (number,) in after.items()}
    (same,) = contrasts({"a": after, "b": noisy})
    assert any(noisy[unit] != after[unit] for unit in after) and (same.difference, same.p) == (0.0, 1.0)


@pytest.mark.parametrize("count", [12, 36, 55])
@pytest.mark.parametrize("price", [0.039, 0.134, 0.05])
def test_one_price_for_all_has_no_interval_of_nan(count, price):
    """A column that is one number throughout, as a price is, has no end that is no number, however many there are."""
    found = st.mean({unit: [price] for unit in range(count)})
    assert (found.value, found.low, found.high) == (pytest.approx(price), None, None)


def test_what_could_not_be_tested_is_no_test_among_several():
    """A p that is no number is none: it neither becomes 1 nor makes Holm's correction of the others stricter."""
    assert st.holm([0.01, float("nan"), 0.04]) == pytest.approx([0.02, None, 0.04])
