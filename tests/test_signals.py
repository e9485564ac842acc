"""Levels, spread, trend and onset, by hand-made numbers and by relations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rundoctor import signals
from tests.builders import flat, noise, ramp

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40).map(np.array)


@pytest.mark.parametrize(("count", "points"), [(1, 1), (2, 2), (9, 2), (14, 2), (15, 3), (100, 20)])
def test_a_level_is_a_fifth_and_two_points_at_least(count: int, points: int) -> None:
    assert signals.window(count) == points


def test_levels_are_medians_of_the_ends() -> None:
    values = np.array([1.0, 2, 3, 50, 50, 50, 50, 50, 50, 50, 50, 50, 7, 8, 100])
    assert (signals.head(values), signals.tail(values)) == (2.0, 8.0)


@settings(deadline=None)
@given(numbers)
def test_median_and_quantile_are_those_of_numpy(values: np.ndarray) -> None:
    assert signals.median(values) == pytest.approx(np.median(values))
    assert signals.quantile(values, 0.9) == pytest.approx(np.quantile(values, 0.9))


def test_smoothing_removes_single_spikes_and_keeps_steps() -> None:
    step = np.repeat([0.0, 1.0], 10)
    spiked = step.copy()
    spiked[[4, 15]] = 99.0
    assert signals.smooth(spiked) == pytest.approx(step)


@settings(deadline=None)
@given(numbers)
def test_smoothing_stays_inside_the_values(values: np.ndarray) -> None:
    slow = signals.smooth(values)
    assert len(slow) == len(values)
    assert values.min() <= slow.min() <= slow.max() <= values.max()


@pytest.mark.parametrize("values", [ramp(0, 100), flat(3), np.array([1.0, 9.0])])
def test_a_straight_line_has_no_noise(values: np.ndarray) -> None:
    assert signals.noise(values) == pytest.approx(0, abs=1e-12)


def test_noise_is_the_deviation_around_a_trend() -> None:
    assert signals.noise(ramp(0, 300, 2000) + noise(2.0, 2000)) == pytest.approx(2.0, rel=0.1)


def test_trend_is_the_rank_correlation_with_time() -> None:
    assert signals.trend(np.array([1.0, 10, 100, 1e9])) == pytest.approx(1)
    assert signals.trend(np.array([3.0, 2, 1])) == pytest.approx(-1)
    assert signals.trend(flat(5)) == signals.trend(np.array([1.0, 2.0])) == 0
    # 3 1 2 4: squared rank differences 4 + 1 + 1 + 0, so 1 - 6 x 6 / (4 x 15)
    assert signals.trend(np.array([30.0, 10, 20, 40])) == pytest.approx(0.4)


def test_ties_share_their_rank() -> None:
    assert signals.ranks(np.array([5.0, 1, 5, 9])).tolist() == [2.5, 1, 2.5, 4]


def test_growth_compares_sizes_and_is_one_at_zero() -> None:
    assert signals.growth(np.array([-2.0, -2, 6, 6])) == 3
    assert signals.growth(np.array([0.0, 0, 6, 6])) == signals.growth(np.array([6.0, 6, 0, 0])) == 1


@pytest.mark.parametrize(
    ("flags", "index"),
    [
        ("00000", None),
        ("11111", 0),
        ("00011", 3),
        ("01000", None),
        ("0011101111", 2),
        ("0110001111", 6),
        ("1000000011", 8),
        ("", None),
    ],
)
def test_the_onset_is_where_a_condition_begins_to_hold(flags: str, index: int | None) -> None:
    assert signals.onset(np.array([flag == "1" for flag in flags], dtype=bool)) == index


def test_a_step_is_found_with_its_size_in_deviations() -> None:
    values = np.concatenate([noise(1.0, 300), 10 + noise(1.0, 200, seed=1)])
    at, jump = signals.step_change(values)
    assert at == 300
    assert jump == pytest.approx(10, rel=0.15)


def test_a_clean_step_is_certain() -> None:
    at, jump = signals.step_change(np.repeat([1.0, 2.0], 6))
    assert at == 6
    assert jump > 1e6


@pytest.mark.parametrize("values", [flat(3), flat(0), np.array([1.0, 2, 3]), np.array([1.0])])
def test_there_is_no_step_in_a_constant_or_in_three_points(values: np.ndarray) -> None:
    assert signals.step_change(values)[1] == 0


def test_a_slope_is_no_clear_step() -> None:
    assert signals.step_change(ramp(0, 100))[1] < 6


@settings(deadline=None)
@given(numbers.filter(lambda values: len(values) >= 4), st.sampled_from([1e-3, 7.0, 1e4]))
def test_a_step_has_no_unit(values: np.ndarray, factor: float) -> None:
    values = np.round(values, 3)
    (at, jump), (scaled_at, scaled_jump) = signals.step_change(values), signals.step_change(values * factor)
    if jump < 1e3:
        assert scaled_jump == pytest.approx(jump, rel=1e-3)
        assert at == scaled_at or jump < 5
