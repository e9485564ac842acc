from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.facts import FactBook
from rundoctor.model import Component, Missing, Run
from tests.builders import (
    check_blames,
    check_clear,
    check_finds,
    check_skipped,
    component,
    flat,
    learning,
    named,
    noise,
    ramp,
    run,
)

RULE = "reward-changed-mid-run"
STEP = np.concatenate([flat(1.0, 12), flat(-2.0, 8)])
RAISED = np.concatenate([flat(1.0, 12), flat(4.0, 8)])


def test_finds_a_component_that_jumps() -> None:
    found = check_finds(RULE, run(components=[component("goal", RAISED + noise(0.05)), component("living", -0.1)]))
    assert found.onset == 12
    assert "goal goes from" in found.message


def test_silent_when_a_component_jumps_that_varies_within_episodes_or_may() -> None:
    """A goal that is suddenly reached looks the same."""
    for spread in (1.0, np.nan):
        goal = component("goal", RAISED + noise(0.05), std=spread)
        check_clear(RULE, run(components=[goal, component("living", -0.1)], approx_kl=flat(0.01)))


def test_finds_a_reward_whose_sign_turns_in_every_step() -> None:
    """Beside a reward of both signs, which does not show it."""
    cost = np.concatenate([-0.1 - noise(0.01, 12) ** 2, flat(0.07, 8)])
    speed = mixed(ramp(0, 2.0), slice(None))
    found = check_finds(RULE, run(components=[component("cost", cost, std=0.02), speed]))
    assert found.onset == 12
    assert found.message == "cost turns from -0.1 to 0.07 a step at update 12"


def test_blames_a_turn_after_which_the_reward_rises_to_the_ceiling() -> None:
    """Episodes at full length and a reward at its best are no sign of health where a cost has become a gain."""
    cost, lengths = np.concatenate([flat(-0.1, 12), flat(0.2, 8)]), np.concatenate([flat(30.0, 12), flat(100.0, 8)])
    total = component("total_reward", cost, count=lengths)
    assert check_blames(RULE, run(components=[total, component("cost", cost, count=lengths)])).onset == 12


def mixed(turning: np.ndarray, both: slice) -> Component:
    """Episodes that hold steps of both signs among others that do not."""
    part = component("goal", turning)
    low, high = part.minimum.copy(), part.maximum.copy()
    low[both], high[both] = -1.0, 1.0
    return replace(part, minimum=low, maximum=high)


def test_finds_a_turn_that_episodes_under_way_hold_both_signs_of() -> None:
    assert check_finds(RULE, run(components=[mixed(STEP, slice(12, 14)), component("a", 0.1, std=1.0)])).onset == 12


def test_silent_when_episodes_hold_both_signs_for_long() -> None:
    """A policy that learns to go forward passes through them."""
    learned = np.concatenate([flat(-1.0, 6), np.zeros(8), flat(1.0, 6)])
    check_clear(RULE, run(components=[mixed(learned, slice(6, 14)), component("a", 1.0)]))


def test_silent_when_the_outcome_of_an_episode_turns() -> None:
    """What is paid once, at the end: first it always fails, then it always succeeds."""
    outcome = component("goal", np.concatenate([flat(-0.01, 8), flat(0.01, 12)]))
    once = replace(outcome, minimum=np.minimum(outcome.total, 0), maximum=np.maximum(outcome.total, 0))
    assert FactBook(run(components=[outcome])).get("sign_turn").step == 8
    assert isinstance(FactBook(run(components=[once])).get("sign_turn"), Missing)


def test_silent_when_the_sign_turns_after_too_few_episodes() -> None:
    for count, turned in ((3, False), (5, True)):
        early = component("goal", np.concatenate([flat(-1.0, count), flat(1.0, 20 - count)]))
        assert isinstance(FactBook(run(components=[early])).get("sign_turn"), Missing) != turned


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
    found = check_finds(RULE, run({"curriculum": True}, components=[component("goal", RAISED)]))
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


def test_skipped_when_the_reward_of_a_step_has_drifted_all_along() -> None:
    lengths = np.concatenate([ramp(32, 12, 6), flat(12, 14)])
    drifting = np.concatenate([ramp(-4.7, -4.6, 6), ramp(-4.3, -0.9, 14)])
    sick = learning(reward_mean=drifting * lengths, episode_length=lengths, explained_variance=None)
    assert "with the policy" in check_skipped(RULE, sick).reason


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


def test_finds_a_leap_above_all_before_where_the_policy_unlearns() -> None:
    """A cost that is paid for from update 12 on, under a critic that never knew anything."""
    cost = np.concatenate([ramp(-10.0, -8.0, 12), ramp(7.0, 8.0, 8)])
    spread = np.concatenate([ramp(2.8, 2.2, 12), ramp(2.2, 2.5, 8)])
    blind = {"explained_variance": flat(0.0), "value_loss": flat(0.5), "episode_length": flat(8.0)}
    found = check_blames(RULE, learning(reward_mean=cost, entropy=spread, **blind))
    assert found.onset == 12
    assert "from -8 to 7" in found.message
    goes_on = ramp(2.8, 2.0)
    assert named(diagnose(learning(reward_mean=cost, entropy=goes_on, **blind)), RULE) is None
    assert named(diagnose(learning(reward_mean=cost, entropy=None, **blind)), RULE) is None


def test_silent_when_the_policy_took_a_large_step_or_its_episodes_changed() -> None:
    motion, lengths = flat(0.01), flat(100.0)
    motion[11], lengths[12:] = 0.5, 30.0
    assert named(diagnose(fallen(approx_kl=motion)), RULE) is None
    assert named(diagnose(fallen(episode_length=lengths)), RULE) is None


def test_silent_when_a_reward_falls_that_was_repeated_while_no_episode_ended() -> None:
    """Three episodes in twelve updates are no level to fall from."""
    repeated = np.repeat([23.2, 23.1, 23.3, 21.5, 22.8], 4)
    assert named(diagnose(fallen(reward_mean=repeated)), RULE) is None
    known = np.concatenate([ramp(0.0, 0.9, 12), ramp(-0.5, 0.4, 8)])
    assert named(diagnose(fallen(reward_mean=repeated, explained_variance=known)), RULE) is None


def test_silent_when_the_fall_ends_where_the_run_began() -> None:
    """A policy may forget; a critic that it does not surprise has seen that before."""
    level = np.concatenate([ramp(20, 60, 12), flat(21.0, 8)])
    assert named(diagnose(fallen(reward_mean=level)), RULE) is None
    knows = np.concatenate([flat(0.3, 12), flat(0.1, 8)])
    assert named(diagnose(fallen(reward_mean=level, explained_variance=knows)), RULE) is None


def test_finds_a_fall_to_where_the_run_began_that_surprises_the_critic() -> None:
    surprised = np.concatenate([flat(0.3, 12), [-1.2], flat(0.0, 7)])
    level = np.concatenate([ramp(20, 60, 12), flat(21.0, 8)])
    found = check_finds(RULE, fallen(reward_mean=level, explained_variance=surprised))
    assert (found.onset, found.rank, found.evidence[0].observed) == (12, 1, 0.0)
    part = np.concatenate([ramp(20, 60, 12), flat(57.0, 8)])
    assert named(diagnose(fallen(reward_mean=part, explained_variance=surprised)), RULE) is None


def test_silent_when_a_low_reward_has_one_spike() -> None:
    surprised = np.concatenate([flat(0.3, 12), [-1.2], flat(0.0, 7)])
    spike = np.concatenate([ramp(20, 60, 6), ramp(60, 20, 6), [500.0], flat(21.0, 7)])
    assert named(diagnose(fallen(reward_mean=spike, explained_variance=surprised)), RULE) is None


def test_silent_when_the_first_updates_already_leave_the_level_they_began_at() -> None:
    """A cost that is unlearned at once is no change of the reward."""
    unlearned = np.concatenate([[-2.0], flat(-0.03, 19)])
    assert named(diagnose(run(components=[component("cost", unlearned), component("other", -0.01)])), RULE) is None


def unlearned(**curves: Any) -> Run:
    """A reward that turns at its height, slowly, where the critic loses what it knew."""
    reward = np.concatenate([ramp(20, 400, 12), ramp(380, 200, 8)])
    known = np.concatenate([ramp(0.0, 0.9, 12), ramp(-0.5, 0.4, 8)])
    return learning(**({"reward_mean": reward, "explained_variance": known, "episode_length": flat(100.0)} | curves))


def test_finds_a_reward_that_turns_where_the_critic_is_lost() -> None:
    """Means over the last hundred episodes smear the change; the critic is judged on the last rollout alone."""
    found = check_blames(RULE, unlearned())
    assert found.onset in {11, 12, 13}
    assert "the critic loses what it knew" in found.message


def test_silent_when_the_critic_still_knows_or_never_knew() -> None:
    """A task made harder lowers the reward of a critic that goes on knowing it."""
    assert named(diagnose(unlearned(explained_variance=ramp(0.3, 0.9))), RULE) is None
    never = np.concatenate([flat(0.0, 12), ramp(-0.5, 0.4, 8)])
    assert named(diagnose(unlearned(explained_variance=never)), RULE) is None


def test_silent_when_the_critic_is_lost_and_the_reward_goes_on_or_fell_before() -> None:
    assert named(diagnose(unlearned(reward_mean=ramp(20, 400))), RULE) is None
    fell = np.concatenate([ramp(20, 400, 4), flat(400, 3), ramp(300, 200, 13)])
    assert named(diagnose(unlearned(reward_mean=fell)), RULE) is None


def test_silent_when_the_policy_took_a_long_step_there() -> None:
    motion = flat(0.01)
    motion[10] = 0.5
    assert named(diagnose(unlearned(approx_kl=motion)), RULE) is None


def turned(**curves: Any) -> Run:
    """A cost that a policy had learned to save and is paid for from update 12 on: the reward rises all the way."""
    spread = np.concatenate([ramp(1.4, 0.5, 12), ramp(0.5, 0.9, 8)])
    error = np.concatenate([flat(0.01, 12), [0.2], flat(0.02, 7)])
    cost = {"reward_mean": ramp(-200, 30), "episode_length": flat(96.0), "explained_variance": flat(0.2)}
    return learning(**(cost | {"entropy": spread, "value_loss": error} | curves))


def test_finds_a_policy_that_unlearns_where_the_error_of_the_critic_jumps() -> None:
    assert check_blames(RULE, turned()).onset in {11, 12}


def test_finds_a_policy_that_unlearns_where_the_critic_loses_what_it_knew() -> None:
    """Where the error had been falling it hardly jumps (heating of benchmarks/corpus)."""
    knows = np.concatenate([flat(0.3, 12), [-0.2, -0.1], flat(0.05, 6)])
    sick = turned(explained_variance=knows, value_loss=np.concatenate([ramp(0.02, 0.01, 12), flat(0.015, 8)]))
    found = check_blames(RULE, sick)
    assert found.onset == 12
    assert "the critic loses what it knew, and the policy unlearns" in found.message
    assert (
        named(diagnose(turned(explained_variance=knows, value_loss=flat(0.01), entropy=ramp(1.4, 0.5))), RULE) is None
    )


def test_silent_when_the_policy_goes_on_narrowing_or_the_error_does_not_jump() -> None:
    """A goal that is found lets the error jump; entropy may rise under a bonus."""
    slightly = np.concatenate([ramp(1.4, 0.5, 12), ramp(0.5, 0.6, 8)])
    assert named(diagnose(turned(entropy=ramp(1.4, 0.5))), RULE) is None
    assert named(diagnose(turned(entropy=slightly)), RULE) is None
    assert named(diagnose(turned(value_loss=flat(0.01))), RULE) is None


def test_silent_when_the_policy_leaps_where_it_turns() -> None:
    motion = flat(0.01)
    motion[11] = 0.5
    assert named(diagnose(turned(approx_kl=motion)), RULE) is None


@pytest.mark.filterwarnings("error")
def test_silent_about_a_jump_of_a_component_whose_spread_within_episodes_is_not_logged() -> None:
    """Nobody knows whether every step was paid the same before."""
    goal = component("goal", RAISED + noise(0.05), std=np.nan)
    check_clear(RULE, run(components=[goal, component("living", -0.1)], approx_kl=flat(0.01)))


def test_silent_about_three_bad_updates_of_a_critic_among_hundreds() -> None:
    """Where a run is long, some are bad by chance; what lasts a twentieth of it is not."""
    reward = np.concatenate([ramp(20, 400, 200), ramp(399, 200, 200)])
    dip, lasting = flat(0.5, 400), flat(0.5, 400)
    dip[200:203], lasting[200:230] = -0.5, -0.5
    calm = {"reward_mean": reward, "approx_kl": flat(0.01, 400), "episode_length": flat(100.0, 400)}
    assert named(diagnose(run(explained_variance=dip, **calm)), RULE) is None
    check_finds(RULE, run(explained_variance=lasting, **calm))
