"""Figures of stated probabilities, on numbers small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scoring.calibration import auroc, bootstrap, brier, brier_skill, calibration_error

RIGHT = np.array([True, True, False, True])
SURE = np.array([1.0, 1.0, 0.0, 1.0])


def test_brier_is_the_mean_square() -> None:
    assert brier(np.array([0.9, 0.6, 0.5, 1.0]), RIGHT) == pytest.approx((0.01 + 0.16 + 0.25 + 0) / 4)


def test_skill_is_none_for_the_base_rate_and_all_for_certainty() -> None:
    assert brier_skill(np.full(4, 0.75), RIGHT) == pytest.approx(0)
    assert brier_skill(SURE, RIGHT) == 1
    assert brier_skill(1 - SURE, RIGHT) == pytest.approx(1 - 1 / (0.75 * 0.25))


def test_skill_says_nothing_where_all_are_right() -> None:
    assert np.isnan(brier_skill(np.array([0.9, 0.8]), np.array([True, True])))


def test_auroc_counts_pairs_and_halves_ties() -> None:
    # pairs of the wrong answer's 0.6 with 0.9, 0.6 and 0.1: won, tied, lost
    assert auroc(np.array([0.9, 0.6, 0.6, 0.1]), RIGHT) == pytest.approx(1.5 / 3)
    assert np.isnan(auroc(SURE, np.full(4, True)))


def test_calibration_error_weighs_the_gap_of_each_bin() -> None:
    p = np.array([0.92, 0.98, 0.31, 0.39])
    # above 0.9: mean 0.95, both right, gap 0.05; 0.3 to 0.4: mean 0.35, half right, gap 0.15
    assert calibration_error(p, RIGHT) == pytest.approx(0.5 * 0.05 + 0.5 * 0.15)


def test_certainty_has_a_bin() -> None:
    assert calibration_error(SURE, RIGHT) == 0


def test_bootstrap_draws_the_formats_of_a_run_together() -> None:
    p, right = np.tile([0.9, 0.2], 20), np.tile([True, False], 20)
    alone = bootstrap(lambda p, right: float(right.mean()), p, right, [f"run {n}" for n in range(40)])
    together = bootstrap(lambda p, right: float(right.mean()), p, right, [f"run {n // 2}" for n in range(40)])
    assert alone[0] < 0.5 < alone[1]
    assert together == (0.5, 0.5)
