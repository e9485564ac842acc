from __future__ import annotations

import numpy as np

from tests.builders import check_proposes, check_refuses, flat, learning

FIX = "clip-reward-outliers"
OUTLIER = {"reward_mean": np.where(np.arange(20) == 12, -2e4, -20.0), "episode_length": flat(100.0)}


def test_clips_at_ten_times_the_usual_reward() -> None:
    edit = check_proposes(FIX, learning(**OUTLIER))
    assert (edit.name, edit.value) == ("reward_clip", 2.0)
    assert "usually pays 0.2, up to 200" in edit.why


def test_refused_when_rewards_are_clipped_there() -> None:
    assert "1 already" in check_refuses(FIX, learning({"reward_clip": 1.0}, **OUTLIER))


def test_refused_when_a_step_usually_pays_nothing() -> None:
    check_refuses(FIX, learning(reward_mean=flat(0.0)))
