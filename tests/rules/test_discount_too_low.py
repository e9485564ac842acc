from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning, ramp, run

RULE = "discount-too-low"


def test_finds_a_horizon_of_a_few_steps() -> None:
    found = check_finds(RULE, not_learning({"gamma": 0.3}))
    assert found.rank == 1
    assert found.evidence[0].observed == pytest.approx(1 / 0.7 / 20, rel=0.05)


def test_a_long_horizon_that_is_a_small_part_of_the_episode_is_a_hazard() -> None:
    found = check_finds(RULE, learning({"gamma": 0.99}, episode_length=ramp(500, 9000)))
    assert found.rank is None


@pytest.mark.parametrize(("gamma", "rank"), [(0.85, None), (0.3, 1)])
def test_a_few_steps_ahead_of_episodes_of_one_length_are_a_hazard_until_it_is_blind(
    gamma: float, rank: int | None
) -> None:
    assert check_finds(RULE, learning({"gamma": gamma}, episode_length=flat(200))).rank == rank


def test_silent_when_pendulum_is_tuned_to_a_short_horizon() -> None:
    check_clear(RULE, learning({"gamma": 0.9}, reward_mean=ramp(-1200, -150), episode_length=flat(200)))


def test_silent_when_episodes_are_as_short_as_the_horizon() -> None:
    check_clear(RULE, learning({"gamma": 0.5}, episode_length=ramp(3, 5)))


def test_finds_a_blind_discount_where_failure_keeps_episodes_short() -> None:
    found = check_finds(RULE, learning({"gamma": 0.5}, episode_length=ramp(12, 16)))
    assert found.rank == 1
    assert found.evidence[0].limit == pytest.approx(1 / 3)


def test_silent_when_episodes_get_shorter_as_the_goal_is_met() -> None:
    check_clear(RULE, learning({"gamma": 0.5}, episode_length=ramp(40, 15)))


def test_silent_when_a_horizon_of_some_steps_is_a_part_of_short_episodes() -> None:
    check_clear(RULE, learning({"gamma": 0.75}, episode_length=ramp(12, 16)))


def test_silent_for_the_bandit_that_has_no_later() -> None:
    for length in (flat(1.0), ramp(1.0, 2.5)):
        check_clear(RULE, learning({"gamma": 0.0}, episode_length=length))


@pytest.mark.parametrize("gamma", [0.99, 1.0])
def test_silent_at_the_usual_discount(gamma: float) -> None:
    check_clear(RULE, learning({"gamma": gamma}))


def test_skipped_without_the_length_of_episodes() -> None:
    check_skipped(RULE, run({"gamma": 0.5}, reward_mean=ramp(0, 1)))


def test_skipped_without_a_discount() -> None:
    check_skipped(RULE, learning({"gamma": None}))
