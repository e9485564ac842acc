"""Curves as a line of characters."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.model import Curve
from rundoctor.screen.sparkline import Axis, draw, is_wide


def curve(*values: float) -> Curve:
    return Curve.from_points("loss", np.arange(len(values)), values, "loss_metrics.json")


def line(*values: float, width: int = 40) -> str:
    found = curve(*values)
    return draw(found, Axis.over([found], width))


def test_a_ramp_rises_through_every_block():
    assert line(*range(8)) == "▁▂▃▄▅▆▇█"


def test_a_constant_lies_in_the_middle():
    assert len(set(line(3.0, 3.0, 3.0))) == 1


def test_a_broken_update_is_marked_where_it_is():
    assert line(1.0, math.nan, 2.0) == "▁!█"


def test_long_curves_are_averaged_into_the_width():
    assert line(*range(400), width=8) == "▁▂▃▄▅▆▇█"


def test_curves_share_an_axis():
    short = Curve.from_points("reward", [2, 3], [0.0, 1.0], "x")
    axis = Axis.over([curve(0, 1, 2, 3), short], 40)
    assert draw(short, axis) == "  ▁█"


def test_a_spike_turns_the_axis_logarithmic():
    assert is_wide(curve(1, 1, 1, 1000))
    assert not is_wide(curve(0, 1, 1, 1000))
    assert not is_wide(curve(1, 2, 3))


@given(st.lists(st.floats(), min_size=1, max_size=60), st.integers(1, 30))
def test_any_values_draw(values: list[float], width: int):
    assert len(line(*values, width=width)) == min(width, len(values))


@pytest.mark.parametrize("values", [(1e308, -1e308), (5e-324, 0.0), (1e308, 1e-308, 1.0)])
def test_extreme_values_draw(values):
    assert len(line(*values)) == len(values)
