from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, collapse, flat, noise, ramp, run

RULE = "reward-unstable"
LATE = np.array([400, 60, 50, 390, 380, 70, 60, 55, 400, 390, 80, 90], dtype=float)
SWINGS = np.concatenate([ramp(0, 400, 18), np.repeat(LATE, 2)[:18]])


def test_finds_a_reward_that_swings_to_the_end() -> None:
    found = check_finds(RULE, run(reward_mean=SWINGS))
    assert found.evidence[0].observed > 0.5
    assert found.onset == 24


def test_silent_when_it_is_still_climbing() -> None:
    check_clear(RULE, run(reward_mean=np.concatenate([flat(0, 12), ramp(0, 400, 8)])))


def test_silent_when_it_has_fallen_for_good() -> None:
    check_clear(RULE, run(reward_mean=collapse(0, 400, 20)))


def test_silent_when_the_swing_is_noise_between_episodes() -> None:
    check_clear(RULE, run(reward_mean=100 + noise(30.0, 40)))


def test_silent_when_one_update_spikes_out_of_a_constant_reward() -> None:
    spiked = flat(0.0)
    spiked[-3] = 1.0
    check_clear(RULE, run(reward_mean=spiked))


def test_skipped_where_only_a_maximum_is_logged() -> None:
    check_skipped(RULE, run(reward_best=SWINGS))


def test_skipped_without_a_reward() -> None:
    check_skipped(RULE, run(loss=flat(1.0)))


def test_skipped_when_the_run_is_too_short_to_tell() -> None:
    assert "11 points" in check_skipped(RULE, run(reward_mean=LATE[:11])).reason
