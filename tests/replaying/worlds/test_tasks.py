from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from rundoctor.replaying.worlds.task_world import TaskWorld
from rundoctor.replaying.worlds.tasks import Task, all_tasks
from rundoctor.replaying.worlds.tasks.cruising import PUSH

TASKS = all_tasks()
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
Policy = Callable[[Tensor, Tensor], Tensor]
"""Observations [..., D] and a normal draw [...] to a force [...]."""


def untrained(seen: Tensor, draw: Tensor) -> Tensor:
    return draw


def leaning(seen: Tensor, draw: Tensor) -> Tensor:
    return torch.ones_like(draw)


def resting(seen: Tensor, draw: Tensor) -> Tensor:
    return torch.zeros_like(draw)


def in_time(seen: Tensor, draw: Tensor) -> Tensor:
    return seen[..., 0]


def back(seen: Tensor, draw: Tensor) -> Tensor:
    return -2 * seen[..., 0] - 3 * seen[..., 1]


def forward(seen: Tensor, draw: Tensor) -> Tensor:
    return leaning(seen, draw)


def balancing(seen: Tensor, draw: Tensor) -> Tensor:
    return 10 * seen[..., 0] + 3 * seen[..., 1] + 0.3 * seen[..., 2] + 0.5 * seen[..., 3]


GOOD: dict[str, Policy] = {
    "cruising": in_time,
    "holding": back,
    "reaching": forward,
    "survival": balancing,
    "temptation": back,
    "tracking": back,
}


def steps(task: Task, policy: Policy, count: int, candidates: int = 1, environments: int = 32) -> Tensor:
    """Rewards [C, T, N] over restarts."""
    world = TaskWorld(range(candidates), task=task, environments=environments, discrete=False)
    world.begin("train", 0, count)
    world.restart()
    draws = torch.randn(count, candidates, environments, generator=torch.Generator().manual_seed(0))
    return torch.stack([world.step(policy(world.observe(), draw).unsqueeze(-1)).reward for draw in draws], 1)


def first_return(task: Task, policy: Policy) -> float:
    """Mean return of one episode an environment."""
    world = TaskWorld(range(1), task=task, environments=64, discrete=False)
    world.begin("judge", 0, task.limit)
    world.restart()
    draws = torch.randn(task.limit, 1, 64, generator=torch.Generator().manual_seed(0))
    total, alive = torch.zeros(1, 64), torch.ones(1, 64, dtype=torch.bool)
    for draw in draws:
        reward, _, terminated, truncated = world.step(policy(world.observe(), draw).unsqueeze(-1))
        total += torch.where(alive, reward, 0.0)
        alive &= ~(terminated | truncated)
    assert not alive.any()
    return float(total.mean())


def test_every_task_has_a_known_good_policy() -> None:
    assert GOOD.keys() == TASKS.keys()


@every_task
def test_a_good_policy_beats_an_untrained_one(task: Task) -> None:
    good, fresh = first_return(task, GOOD[task.name]), first_return(task, untrained)
    assert good > fresh + 0.25 * abs(fresh)


def test_leaning_hurts_where_a_place_is_held() -> None:
    task = TASKS["holding"]
    assert first_return(task, leaning) < 0 < first_return(task, untrained) < first_return(task, back)


def test_pushing_ahead_pays_for_a_few_steps_and_costs_the_episode() -> None:
    task = TASKS["temptation"]
    ahead, rest = (steps(task, policy, 5).sum(1).mean() for policy in (leaning, resting))
    assert float(ahead) > float(rest) + 1
    assert first_return(task, leaning) < 0 < first_return(task, resting) < first_return(task, back)


@every_task
def test_rewards_are_of_the_order_of_one(task: Task) -> None:
    rewards = steps(task, untrained, 300)
    assert 0.1 < float(rewards.square().mean().sqrt()) < 5
    assert float(rewards.abs().max()) < 50


@every_task
@pytest.mark.parametrize("policy", [untrained, leaning], ids=["untrained", "leaning"])
def test_a_thousand_steps_stay_numbers(task: Task, policy: Policy) -> None:
    rewards = steps(task, policy, 1000, environments=4)
    assert rewards.isfinite().all()
    assert float(rewards.abs().max()) < 1000


@every_task
def test_the_sign_of_the_pay_is_as_declared(task: Task) -> None:
    first = steps(task, untrained, 200).flatten()
    share = float((first.sign() == task.pays).float().mean())
    assert share > 0.5 if task.pays else 0.02 < float((first > 0).float().mean()) < 0.98


@every_task
def test_places_of_a_batch_do_not_see_each_other(task: Task) -> None:
    draw = torch.Generator().manual_seed(1)
    state = task.start(torch.randn(3, 5, task.start_noise, generator=draw))
    force, kick = torch.randn(3, 5, generator=draw).clamp(-1, 1), torch.randn(3, 5, task.step_noise, generator=draw)
    together = task.step(state, force, kick)
    for c, n in ((0, 0), (2, 4)):
        alone = task.step(state[c, n], force[c, n], kick[c, n])
        for one, many in zip(alone, together, strict=True):
            assert torch.equal(one, many[c, n])
    assert torch.equal(task.observe(state)[1, 2], task.observe(state[1, 2]))
    assert task.observe(state).shape == (3, 5, task.observations)


@every_task
def test_a_step_leaves_the_state_it_was_given(task: Task) -> None:
    state = task.start(torch.ones(2, task.start_noise))
    before = state.clone()
    task.step(state, torch.ones(2), torch.ones(2, task.step_noise))
    assert torch.equal(state, before)


def test_a_push_gains_its_speed() -> None:
    task = TASKS["cruising"]
    state, reward, terminated = task.step(torch.tensor([0.0, 0.0]), torch.tensor(1.0), torch.zeros(1))
    assert float(state[1]) == pytest.approx(PUSH)
    assert (float(reward), bool(terminated)) == (pytest.approx(PUSH - 0.7), False)


def test_the_goal_pays_once_and_ends() -> None:
    task = TASKS["reaching"]
    near = torch.tensor([[2.49, 3.0], [0.0, 0.0]])
    _, reward, terminated = task.step(near, torch.ones(2), torch.zeros(2, 1))
    assert reward.tolist() == pytest.approx([19.9, -0.1])
    assert terminated.tolist() == [True, False]


@pytest.mark.parametrize("place", [[0.3, 0.0, 0.0, 0.0], [0.0, 0.0, -2.5, 0.0]])
def test_who_falls_or_runs_away_is_out(place: list[float]) -> None:
    out = TASKS["survival"].step(torch.tensor([place, [0.0] * 4]), torch.zeros(2), torch.zeros(2, 0))
    assert out.terminated.tolist() == [True, False]


def test_the_pendulum_falls_to_the_side_it_leans_to() -> None:
    task, state = TASKS["survival"], torch.tensor([0.01, 0.0, 0.0, 0.0])
    for _ in range(30):
        state = task.step(state, torch.tensor(0.0), torch.zeros(0)).state
    assert float(state[0]) > 0.03
