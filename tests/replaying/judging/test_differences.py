from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from rundoctor.model.replay import Arm, Difference, Effect
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.judging.conclusion import trials
from rundoctor.replaying.judging.differences import (
    FEWEST_PAIRS,
    LEVEL,
    called,
    differences,
    interquartile,
    together,
    verdict,
)
from rundoctor.replaying.judging.scores import BEYOND, Scores, Seen
from rundoctor.replaying.training.group import TRAITS


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


def of_shares(**arms: Sequence[float]) -> Scores:
    """Arms that differ from the control by these shares."""
    by_arm = {name: 100.0 * np.array(shares) for name, shares in arms.items()}
    zeros = {name: np.zeros(len(shares)) for name, shares in arms.items()}
    at = dict.fromkeys(arms, 8)
    return Scores(task="task", by_arm=by_arm, control=zeros, untrained=0.0, reference=100.0, at=at)


def found(**arms: Sequence[float]) -> dict[str, Difference]:
    return differences(of_shares(**arms), list(arms))


def half(shares: Sequence[float], one: Difference) -> float:
    """Half the width of an interval in standard errors."""
    return float((one.high - one.low) / 2 / stats.sem(shares))


def enumerated(arms: Sequence[np.ndarray]) -> np.ndarray:
    """The largest |t| over arms for each of the 2^n ways to flip the signs of their residuals together."""
    n = len(arms[0])
    signs = np.array(list(product((-1.0, 1.0), repeat=n)))
    rows = [stats.ttest_1samp(signs * (arm - arm.mean()), 0.0, axis=1).statistic for arm in arms]
    largest: np.ndarray = np.abs(rows).max(0)
    return largest


def noisy(count: int, shared: float = 0.0, pairs: int = 10, seed: int = 0) -> dict[str, np.ndarray]:
    """Normal arms; ``shared`` is the part of their variance that they have in common."""
    draw = np.random.default_rng(seed)
    common, own = draw.normal(size=pairs), draw.normal(size=(count, pairs))
    rows = 0.1 * (shared**0.5 * common + (1 - shared) ** 0.5 * own)
    return {f"arm{k}": row for k, row in enumerate(rows)}


def test_one_arms_interval_is_students_over_the_pairs() -> None:
    one = differences(scored([30.0, 50.0, 40.0], [20.0, 20.0, 20.0]), ["arm"])["arm"]
    student = stats.ttest_1samp([0.1, 0.3, 0.2], 0.0).confidence_interval(1 - LEVEL)
    assert (one.mean, one.low, one.high) == pytest.approx((0.2, student.low, student.high))


PATTERNS = ("+++++-----", "+++--++---", "++-+--+-+-", "+--++-+--+")
"""Any two, or one and the other turned round, differ in four places at least."""


def test_the_joint_interval_by_hand() -> None:
    """Of 1024 flips 4 x 22 agree with an arm or its opposite in nine places or more: 8.6 % have |t| = 4 or above.

    One arm has 2.1 %, and 11 % with those that agree in eight: its quantile is 2.25, below Student's 2.26.
    """
    arms = {f"arm{k}": [0.3 if sign == "+" else 0.1 for sign in row] for k, row in enumerate(PATTERNS)}
    error = 0.1 / 3
    for one in found(**arms).values():
        assert (one.mean, one.low, one.high) == pytest.approx((0.2, 0.2 - 4 * error, 0.2 + 4 * error))
    alone = found(arm0=arms["arm0"])["arm0"]
    assert (alone.low, alone.high) == pytest.approx((0.2 - 2.2622 * error, 0.2 + 2.2622 * error), abs=1e-5)


@pytest.mark.parametrize("shared", [0.0, 0.5, 0.9])
def test_the_joint_quantile_is_that_of_all_sign_flips(shared: float) -> None:
    arms = noisy(5, shared)
    least, most = np.quantile(enumerated(list(arms.values())), [1 - 1.3 * LEVEL, 1 - 0.7 * LEVEL])
    alone = stats.t.ppf(1 - LEVEL / 2, 9)
    for name, one in found(**arms).items():
        assert max(least, alone) <= half(arms[name], one) <= max(most, alone)


@given(
    rows=st.lists(st.lists(st.integers(-50, 50), min_size=10, max_size=10), min_size=1, max_size=5),
)
@settings(max_examples=40)
def test_no_interval_is_narrower_than_of_the_arm_alone(rows: list[list[int]]) -> None:
    arms = {f"arm{k}": [x / 100 for x in row] for k, row in enumerate(rows)}
    alone = stats.t.ppf(1 - LEVEL / 2, 9)
    for name, one in found(**arms).items():
        assert one.high - one.low >= 2 * alone * stats.sem(arms[name]) - 1e-12
        assert (one.low + one.high) / 2 == pytest.approx(one.mean)


def test_identical_arms_have_the_interval_of_one() -> None:
    (row,) = noisy(1).values()
    alone = found(arm=row)["arm"]
    assert set(found(arm=row, twin=row, third=row).values()) == {alone}
    close = found(arm=row, twin=row + noisy(1, seed=1)["arm0"] / 100)["arm"]
    assert half(row, alone) <= half(row, close) < 1.02 * half(row, alone)


def test_independent_arms_have_wider_intervals_and_those_that_err_together_narrower_than_bonferronis() -> None:
    independent, together = noisy(6), noisy(6, shared=0.9)
    alone, bonferroni = (stats.t.ppf(1 - LEVEL / arms / 2, 9) for arms in (1, 6))
    apart = half(independent["arm0"], found(**independent)["arm0"])
    near = half(together["arm0"], found(**together)["arm0"])
    assert 1.2 * alone < apart < 1.1 * bonferroni
    assert alone <= near < 0.9 * bonferroni
    assert near < apart


def test_an_arm_without_spread_widens_no_other() -> None:
    (row,) = noisy(1).values()
    still = found(arm=row, still=[0.25] * 10)
    assert still["arm"] == found(arm=row)["arm"]
    assert still["still"] == Difference(mean=0.25, low=0.25, high=0.25)


def test_arms_that_share_a_control_are_missed_together_as_often_as_said() -> None:
    replays = [noisy(5, shared=0.5, seed=seed) for seed in range(120)]
    missed = [not all(one.low <= 0 <= one.high for one in found(**arms).values()) for arms in replays]
    assert np.mean(missed) < 2 * LEVEL


@pytest.mark.parametrize("row", [[0.1, 0.3], [0.25, 0.75], [0.1, 0.3, 0.1, 0.3]])
def test_few_pairs_have_an_interval_that_rounding_does_not_decide(row: list[float]) -> None:
    with np.errstate(divide="raise", invalid="raise"):
        one = found(arm=row)["arm"]
    alone = stats.t.ppf(1 - LEVEL / 2, len(row) - 1)
    assert half(row, one) == pytest.approx(alone)


def test_no_arms_have_no_differences() -> None:
    assert differences(scored([1.0], [1.0]), []) == {}


def test_pairs_cancel_what_they_share() -> None:
    control = list(np.random.default_rng(0).normal(50, 30, 10))
    one = differences(scored([x + 10 for x in control], control), ["arm"])["arm"]
    assert one.high - one.low < 1e-6
    assert verdict(one, 10) is Effect.HELPS


def test_equal_scores_are_no_difference() -> None:
    one = differences(scored([7.0] * 10, [7.0] * 10), ["arm"])["arm"]
    assert (one.low, one.mean, one.high) == (0.0, 0.0, 0.0)
    assert verdict(one, 10) is Effect.NO_DIFFERENCE


def test_few_pairs_give_no_verdict() -> None:
    few = FEWEST_PAIRS - 1
    for pairs, effect in ((few, Effect.INCONCLUSIVE), (10, Effect.HELPS)):
        one = differences(scored([50.0] * pairs, [0.0] * pairs), ["arm"])["arm"]
        assert verdict(one, pairs) is effect


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
    one, effect = together([interval(0.1, 0.3), interval(0.2, 0.8)], seeds=10)
    assert (one.mean, one.low, one.high) == pytest.approx((0.35, 0.1, 0.8))
    assert effect is Effect.HELPS
    assert together([interval(0.1, 0.3), interval(0.2, 0.8)], FEWEST_PAIRS - 1) == (one, Effect.INCONCLUSIVE)


@pytest.mark.parametrize("other", [interval(-0.3, -0.1), interval(-0.01, 0.01), interval(-1.0, 1.0)])
def test_tasks_that_disagree_give_none(other: Difference) -> None:
    assert together([interval(0.1, 0.3), other], seeds=10)[1] is Effect.INCONCLUSIVE


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
    kinds = {"control": Arm.CONTROL, "reference": Arm.REFERENCE, "placebo": Arm.PLACEBO, "random": Arm.RANDOM}
    kinds |= {"one": Arm.FIX, "two": Arm.FIX}
    plans = [Plan(name=name, arm=arm, values={}, edits={}) for name, arm in kinds.items()]
    rows = dict(zip(kinds, noisy(len(plans)).values(), strict=True))
    scores, traits = of_shares(**rows), dict.fromkeys(rows, dict.fromkeys(TRAITS, 0.3))
    seen = Seen(label="task", reproduced=True, why="", scores=scores, traits=traits)
    shown = {trial.fix: trial.difference for trial in trials(plans, [seen], 8)}
    joint = differences(scores, ["placebo", "one", "two"])
    assert {name: shown[name] for name in joint} == joint
    assert half(rows["one"], joint["one"]) > 1.05 * half(rows["one"], found(one=rows["one"])["one"])
    assert shown["control"] is None


@given(
    scores=st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=12),
    unit=st.floats(0.1, 1e4),
    shift=st.floats(-1e4, 1e4),
)
def test_the_unit_of_the_reward_changes_nothing(scores: list[float], unit: float, shift: float) -> None:
    control = [x / 2 for x in scores]
    plain = differences(scored(scores, control), ["arm"])["arm"]
    moved = scored([unit * x + shift for x in scores], [unit * x + shift for x in control], shift, 100 * unit + shift)
    one = differences(moved, ["arm"])["arm"]
    assert (one.low, one.mean, one.high) == pytest.approx((plain.low, plain.mean, plain.high), abs=1e-5)
