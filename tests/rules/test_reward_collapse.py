from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, collapse, flat, noise, ramp, run

RULE = "reward-collapse"


def test_finds_a_reward_that_falls_and_stays_down() -> None:
    found = check_finds(RULE, run(reward_mean=collapse(0, 400, 30) + noise(5.0)))
    assert found.evidence[0].observed > 0.8
    assert found.onset == 9


def test_begins_where_the_plateau_ends() -> None:
    plateau = np.concatenate([ramp(0, 400, 5), flat(400, 10), flat(30, 5)])
    assert check_finds(RULE, run(reward_mean=plateau)).onset == 14


def test_finds_a_best_reward_below_all_the_run_began_with() -> None:
    found = check_finds(RULE, run(reward_best=collapse(100, 400, -50) + noise(5.0)))
    assert found.against == ("only a maximum over episodes is logged",)


def test_silent_when_a_best_reward_falls() -> None:
    """A maximum falls when fewer episodes fit into a batch."""
    check_clear(RULE, run(reward_best=collapse(100, 400, 150) + noise(5.0)))


def test_silent_when_a_dip_recovers() -> None:
    """H9: a curriculum step."""
    dip = ramp(0, 400)
    dip[8:13] -= 250
    check_clear(RULE, run(reward_mean=dip))


def test_silent_when_it_is_noise() -> None:
    check_clear(RULE, run(reward_mean=20 + noise(5.0)))


def test_silent_when_less_than_half_is_lost() -> None:
    check_clear(RULE, run(reward_mean=collapse(0, 400, 210) + noise(2.0)))


def test_silent_when_the_reward_settles_from_its_first_points() -> None:
    settles = np.concatenate([ramp(25, 20, 4), 20 + noise(0.2, 16)])
    check_clear(RULE, run(reward_mean=settles))


def test_silent_when_negative_rewards_rise() -> None:
    """H11: Pendulum."""
    check_clear(RULE, run(reward_mean=ramp(-1500, -150) + noise(30.0)))


def test_skipped_without_a_reward() -> None:
    check_skipped(RULE, run(loss=flat(1.0)))
