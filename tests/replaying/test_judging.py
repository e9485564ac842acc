from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rundoctor.model.replay import Arm, Difference, Effect
from rundoctor.replaying.judging import (
    BEYOND,
    FEWEST_PAIRS,
    LEVEL,
    Scores,
    called,
    compared_arms,
    difference,
    interquartile,
    together,
)


def scored(arm: list[float], control: list[float], untrained: float = 0.0, reference: float = 100.0) -> Scores:
    return Scores(
        task="task",
        by_arm={"arm": np.array(arm)},
        control={"arm": np.array(control)},
        untrained=untrained,
        reference=reference,
        at={"arm": 8},
    )


def interval(low: float, high: float) -> Difference:
    return Difference(mean=(low + high) / 2, low=low, high=high)


def test_zero_is_untrained_and_one_the_reference() -> None:
    shares = scored([], [], untrained=-200.0, reference=-100.0).shares(np.array([-200.0, -100.0, -150.0, -250.0]))
    assert shares.tolist() == [0.0, 1.0, 0.5, -0.5]


def test_a_seed_off_the_cliff_is_one_seed() -> None:
    shares = scored([], []).shares(np.array([-1e9, 1e9, np.nan]))
    assert shares.tolist() == [-BEYOND, 1 + BEYOND, -BEYOND]


def test_the_interval_is_students_over_the_pairs_and_bonferronis_over_the_arms() -> None:
    arm, control = [30.0, 50.0, 40.0, 60.0], [20.0, 20.0, 30.0, 30.0]
    shares = np.array([0.1, 0.3, 0.1, 0.3])
    for arms in (1, 6):
        found, _ = difference(scored(arm, control), "arm", arms)
        half = stats.t.ppf(1 - LEVEL / arms / 2, 3) * stats.sem(shares)
        assert (found.mean, found.low, found.high) == pytest.approx((0.2, 0.2 - half, 0.2 + half))
    one = stats.ttest_1samp(shares, 0.0).confidence_interval(0.95)
    found, _ = difference(scored(arm, control), "arm", 1)
    assert (found.low, found.high) == pytest.approx((one.low, one.high))


def test_pairs_cancel_what_they_share() -> None:
    control = list(np.random.default_rng(0).normal(50, 30, 10))
    found, effect = difference(scored([x + 10 for x in control], control), "arm", 5)
    assert found.high - found.low < 1e-6
    assert effect is Effect.HELPS


def test_equal_scores_are_no_difference() -> None:
    found, effect = difference(scored([7.0] * 10, [7.0] * 10), "arm", 3)
    assert (found.low, found.mean, found.high, effect) == (0.0, 0.0, 0.0, Effect.NO_DIFFERENCE)


def test_few_pairs_give_no_verdict() -> None:
    few = FEWEST_PAIRS - 1
    assert difference(scored([50.0] * few, [0.0] * few), "arm", 1)[1] is Effect.INCONCLUSIVE
    assert difference(scored([50.0] * 10, [0.0] * 10), "arm", 1)[1] is Effect.HELPS


@pytest.mark.parametrize(
    ("low", "high", "effect"),
    [
        (0.051, 0.3, Effect.HELPS),
        (0.05, 0.3, Effect.INCONCLUSIVE),
        (-0.3, -0.051, Effect.HURTS),
        (-0.3, -0.05, Effect.INCONCLUSIVE),
        (-0.05, 0.05, Effect.NO_DIFFERENCE),
        (0.01, 0.04, Effect.NO_DIFFERENCE),
        (-0.051, 0.05, Effect.INCONCLUSIVE),
        (-0.05, 0.051, Effect.INCONCLUSIVE),
        (-1.0, 1.0, Effect.INCONCLUSIVE),
    ],
)
def test_the_bounds_of_the_verdicts(low: float, high: float, effect: Effect) -> None:
    assert called(interval(low, high)) is effect


def test_an_interval_that_is_no_number_gives_no_verdict() -> None:
    assert called(interval(float("nan"), float("nan"))) is Effect.INCONCLUSIVE


def test_tasks_that_agree_give_their_verdict_and_the_widest_interval() -> None:
    found, effect = together([(interval(0.1, 0.3), Effect.HELPS), (interval(0.2, 0.8), Effect.HELPS)])
    assert (found.mean, found.low, found.high) == pytest.approx((0.35, 0.1, 0.8))
    assert effect is Effect.HELPS


@pytest.mark.parametrize("other", [Effect.HURTS, Effect.NO_DIFFERENCE, Effect.INCONCLUSIVE])
def test_tasks_that_disagree_give_none(other: Effect) -> None:
    assert together([(interval(0.1, 0.3), Effect.HELPS), (interval(-1, 1), other)])[1] is Effect.INCONCLUSIVE


def test_the_interquartile_mean_drops_a_quarter_at_each_end() -> None:
    shares = np.array([-9.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 9.0])
    score = interquartile(shares, seed=0)
    assert score.iqm == pytest.approx((0.2 + 0.3 + 0.4 + 0.5) / 4)
    assert score.low <= score.iqm <= score.high
    assert score == interquartile(shares, seed=0)


def test_scores_without_spread_have_an_interval_without_width() -> None:
    for shares in ([0.3], [0.3] * 10):
        score = interquartile(np.array(shares), seed=0)
        assert score.iqm == score.low == score.high == pytest.approx(0.3)


def test_the_bootstrap_covers() -> None:
    draw = np.random.default_rng(3)
    samples = draw.normal(0.5, 0.2, (60, 20))
    inside = [score.low <= 0.5 <= score.high for score in (interquartile(sample, seed=1) for sample in samples)]
    assert np.mean(inside) > 0.8


def test_fixes_and_the_placebo_share_the_level() -> None:
    assert compared_arms([Arm.CONTROL, Arm.REFERENCE, Arm.PLACEBO, Arm.FIX, Arm.FIX, Arm.RANDOM]) == 3
    assert compared_arms([Arm.CONTROL]) == 1


@given(
    scores=st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=12),
    unit=st.floats(0.1, 1e4),
    shift=st.floats(-1e4, 1e4),
)
def test_the_unit_of_the_reward_changes_nothing(scores: list[float], unit: float, shift: float) -> None:
    control = [x / 2 for x in scores]
    plain = difference(scored(scores, control), "arm", 2)[0]
    moved = scored([unit * x + shift for x in scores], [unit * x + shift for x in control], shift, 100 * unit + shift)
    found = difference(moved, "arm", 2)[0]
    assert (found.low, found.mean, found.high) == pytest.approx((plain.low, plain.mean, plain.high), abs=1e-5)
