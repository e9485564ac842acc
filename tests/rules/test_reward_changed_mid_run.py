from __future__ import annotations

from typing import Any

import numpy as np

from rundoctor.diagnosis import diagnose
from rundoctor.model import Run
from tests.builders import check_clear, check_finds, check_skipped, component, flat, learning, named, noise, ramp, run

RULE = "reward-changed-mid-run"
STEP = np.concatenate([flat(1.0, 12), flat(-2.0, 8)])


def test_finds_a_component_that_jumps() -> None:
    found = check_finds(RULE, run(components=[component("goal", STEP + noise(0.05)), component("living", -0.1)]))
    assert found.onset == 12
    assert "goal goes from" in found.message


def test_finds_a_reward_per_step_that_leaves_its_level_while_behaviour_had_not_moved_it() -> None:
    lengths = np.concatenate([ramp(20, 400, 12), flat(400, 8)])
    found = check_finds(RULE, learning(reward_mean=lengths * STEP, episode_length=lengths))
    assert found.onset == 12


def test_explains_the_fall_that_follows() -> None:
    lengths = np.concatenate([ramp(20, 400, 12), flat(400, 8)])
    diagnosis = diagnose(learning(reward_mean=lengths * STEP, episode_length=lengths))
    symptom = named(diagnosis, "reward-collapse")
    assert symptom is not None
    assert RULE in symptom.explained_by


def test_names_the_plan() -> None:
    """H9: a curriculum."""
    found = check_finds(RULE, run({"curriculum": True}, components=[component("goal", STEP)]))
    assert "as curriculum plans" in found.message


def test_silent_when_the_reward_changes_as_the_policy_does() -> None:
    check_clear(RULE, run(components=[component("goal", ramp(1.0, -2.0) + noise(0.05))]))


def test_silent_when_a_small_component_jumps_beside_a_large_one() -> None:
    small = component("goal", STEP * 0.01)
    check_clear(RULE, run(components=[small, component("living", -10 + noise(0.1))]))


def test_silent_when_a_small_component_jumps_beside_an_absent_and_a_large_one() -> None:
    absent = component("absent", 0.0, count=0.0)
    check_clear(RULE, run(components=[absent, component("goal", STEP * 0.01), component("living", -10 + noise(0.1))]))


def test_skipped_when_a_sparse_reward_is_found() -> None:
    lengths, found = ramp(20, 400), np.concatenate([flat(0.0, 12), flat(50.0, 8)])
    assert "success" in check_skipped(RULE, learning(reward_mean=found, episode_length=lengths)).reason


def test_skipped_when_the_policy_moves_the_reward_of_a_step() -> None:
    climbing = learning(reward_mean=ramp(-300, 9000), episode_length=flat(1000))
    assert "with the policy" in check_skipped(RULE, climbing).reason


def test_skipped_without_a_reward_per_step() -> None:
    check_skipped(RULE, run(reward_mean=ramp(0, 1)))


def fallen(**curves: Any) -> Run:
    """A reward that falls far below where it began, from one update to the next."""
    reward = np.concatenate([ramp(20, 60, 12), flat(-80.0, 8)])
    return learning(**({"reward_mean": reward, "episode_length": flat(100.0)} | curves))


def test_finds_a_fall_that_no_step_of_the_policy_explains() -> None:
    found = check_finds(RULE, fallen())
    assert (found.onset, found.rank) == (12, 1)
    assert "while the policy stays what it was" in found.message


def test_silent_when_the_policy_took_a_large_step_or_its_episodes_changed() -> None:
    motion, lengths = flat(0.01), flat(100.0)
    motion[11], lengths[12:] = 0.5, 30.0
    assert named(diagnose(fallen(approx_kl=motion)), RULE) is None
    assert named(diagnose(fallen(episode_length=lengths)), RULE) is None


def test_silent_when_the_fall_ends_where_the_run_began() -> None:
    level = np.concatenate([ramp(20, 60, 12), flat(21.0, 8)])
    assert named(diagnose(fallen(reward_mean=level)), RULE) is None


def test_silent_when_the_first_updates_already_leave_the_level_they_began_at() -> None:
    """A cost that is unlearned at once is no change of the reward."""
    unlearned = np.concatenate([[-2.0], flat(-0.03, 19)])
    assert named(diagnose(run(components=[component("cost", unlearned), component("other", -0.01)])), RULE) is None
