"""The statistics by which replays are held against real training, on tables small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("scipy")

from benchmarks.truth.agreement import (
    Prediction,
    Truth,
    first_choice,
    judge,
    paired_interval,
    share_interval,
    split_half,
)

TRUTH = Truth(
    "task__fault__trainer",
    {
        "control": np.array([10.0, 12.0, 11.0, 9.0]),
        "good": np.array([90.0, 93.0, 91.0, 90.0]),
        "bad": np.array([0.0, 1.0, 2.0, -1.0]),
        "same": np.array([10.0, 13.0, 10.0, 9.0]),
    },
    unit=100.0,
)
RIGHT = Prediction({"good": 0.7, "bad": -0.2, "same": 0.0}, {"good": "helps", "bad": "hurts", "same": "no-difference"})


def test_interval_of_paired_differences() -> None:
    low, high = paired_interval(np.array([1.0, 2.0, 3.0]))
    assert (low + high) / 2 == pytest.approx(2.0)
    assert (high - low) / 2 == pytest.approx(4.302653 / math.sqrt(3), rel=1e-5)


def test_pairs_that_the_training_tells_apart() -> None:
    assert set(TRUTH.decided()) == {
        ("good", "control"),
        ("good", "bad"),
        ("good", "same"),
        ("control", "bad"),
        ("same", "bad"),
    }


def test_what_really_hurts() -> None:
    assert TRUTH.harmful() == ["bad"]


def test_harm_needs_the_whole_interval_below_the_margin() -> None:
    slight = Truth("slight", {"control": TRUTH.scores["control"], "fix": TRUTH.scores["control"] - 4.0}, 100.0)
    assert slight.harmful() == []


def test_right_replay() -> None:
    verdict = judge(TRUTH, RIGHT)
    assert (verdict.decided, verdict.answered, verdict.agreed) == (5, 5, 5)
    assert verdict.choice == "good"
    assert verdict.regret == 0.0
    assert verdict.ceiling == 1.0
    assert (verdict.harmful, verdict.called_helpful) == (1, ())


def test_wrong_replay() -> None:
    verdict = judge(TRUTH, Prediction({"good": -0.1, "bad": 0.5, "same": 0.0}, {"bad": "helps"}))
    assert verdict.agreed == 0
    assert verdict.choice == "bad"
    assert verdict.regret == pytest.approx(0.905)
    assert verdict.called_helpful == ("bad",)


def test_ties_do_not_agree() -> None:
    assert judge(TRUTH, Prediction({"good": 0.0, "bad": 0.0, "same": 0.0}, {})).agreed == 0


def test_replay_that_lacks_an_arm() -> None:
    verdict = judge(TRUTH, Prediction({"good": 0.5, "same": 0.0}, {}))
    assert (verdict.decided, verdict.answered, verdict.agreed) == (5, 2, 2)


def test_no_answer() -> None:
    verdict = judge(TRUTH, Prediction({}, {}))
    assert verdict.choice == ""
    assert math.isnan(verdict.regret)


def test_control_is_the_choice_where_every_fix_is_predicted_to_hurt() -> None:
    assert first_choice(TRUTH, Prediction({"good": -0.1, "bad": -0.5}, {})) == "control"


def test_regret_of_a_fix_drawn_by_lot() -> None:
    means = [91.0, 0.5, 10.5]
    assert judge(TRUTH, RIGHT).blind_regret == pytest.approx(np.mean([91.0 - mean for mean in means]) / 100)


def test_halves_that_agree_and_do_not() -> None:
    assert split_half(np.array([1.0, 2.0, 3.0, 4.0])) == 1.0
    assert split_half(np.array([3.0, 3.0, -1.0, -1.0])) == pytest.approx(4 / 6)


def test_share_interval() -> None:
    assert share_interval(0, 10) == pytest.approx((0.0, 0.30850), abs=1e-4)
    assert share_interval(8, 10) == pytest.approx((0.44390, 0.97479), abs=1e-4)
