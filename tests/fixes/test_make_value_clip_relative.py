from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "make-value-clip-relative"
CLIPPED = {"clip_range_vf": 0.2, "normalize_returns": None}
LARGE = {"reward_mean": flat(2e5), "episode_length": flat(200)}
"""1000 a step: returns of about 64,000."""


def test_proposes_a_fraction_of_the_value_once_the_critic_follows() -> None:
    edit = check_proposes(FIX, learning(CLIPPED, value_loss=flat(4e3**2), **LARGE))
    assert (edit.name, edit.value) == ("value_clip_relative", True)


def test_refused_while_the_critic_says_about_zero() -> None:
    assert "about zero" in check_refuses(FIX, learning(CLIPPED, value_loss=flat(5e4**2), **LARGE))


def test_refused_when_the_size_of_the_returns_is_not_known() -> None:
    assert "may still say about zero" in check_refuses(FIX, run(CLIPPED, value_loss=flat(1.0)))


def test_refused_with_normalised_returns() -> None:
    assert "lie around zero" in check_refuses(FIX, learning(CLIPPED, value_loss=flat(0.3), **LARGE))


@pytest.mark.parametrize("clip", [{"clip_range_vf": None}, {"clip_range_vf": 0.2, "value_clip": False}])
def test_refused_when_there_is_no_clip(clip: dict[str, object]) -> None:
    check_refuses(FIX, learning(CLIPPED | clip, value_loss=flat(4e3**2), **LARGE))


def test_refused_when_the_clip_is_relative() -> None:
    settings = CLIPPED | {"value_clip_relative": True}
    assert "relative already" in check_refuses(FIX, learning(settings, value_loss=flat(4e3**2), **LARGE))
