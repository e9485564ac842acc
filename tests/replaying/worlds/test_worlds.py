"""What holds in every world: surrogates and Gymnasium tasks alike."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

pytest.importorskip("gymnasium")

from rundoctor.replaying.worlds.gym_world import GymWorld
from rundoctor.replaying.worlds.task_world import TaskWorld
from rundoctor.replaying.worlds.tasks import all_tasks
from rundoctor.replaying.worlds.world import World

STEPS, N = 12, 2
CORRIDOR = "tests.replaying.rooms:Corridor"
Make = Callable[[Sequence[int]], World]
TASKS = all_tasks()


def teetering(noise: Tensor) -> Tensor:
    """Starts from which some fall within a few steps."""
    return 0.15 * noise


TEETERING = replace(TASKS["survival"], start=teetering)
WORLDS: dict[str, Make] = {
    "survival": partial(TaskWorld, task=TEETERING, environments=N, discrete=True),
    "reaching": partial(TaskWorld, task=TASKS["reaching"], environments=N, discrete=False),
    "corridor": partial(GymWorld, name=CORRIDOR, environments=N),
    "standardized": partial(GymWorld, name=CORRIDOR, environments=N, standardized=True),
    "pendulum": partial(GymWorld, name="Pendulum-v1", environments=N),
}
every_world = pytest.mark.parametrize("make", WORLDS.values(), ids=WORLDS)


def actions(world: World, draws: Tensor) -> Tensor:
    """Uniform draws [C, N] as actions."""
    if world.discrete:
        return (draws * world.actions).long().clamp(max=world.actions - 1)
    return (4 * draws - 2).unsqueeze(-1).expand(*draws.shape, world.actions)


def lived(world: World, draws: Tensor, purpose: str = "train") -> list[Tensor]:
    """Everything seen over the draws [T, C, N], each [T, C, N, ...]."""
    world.begin(purpose, 0, len(draws))
    world.restart()
    rows = [(world.observe(), *world.step(actions(world, draw))) for draw in draws]
    return [torch.stack(column) for column in zip(*rows, strict=True)]


def random(seed: int, candidates: int) -> Tensor:
    return torch.rand(STEPS, candidates, N, generator=torch.Generator().manual_seed(seed))


def alike(one: list[Tensor], c: int, other: list[Tensor], d: int) -> bool:
    return all(torch.equal(a[:, c], b[:, d]) for a, b in zip(one, other, strict=True))


@every_world
@settings(max_examples=8)
@given(seed=st.integers(0, 10**6), stream=st.integers(0, 50))
def test_who_acts_alike_sees_the_same_whatever_others_do(make: Make, seed: int, stream: int) -> None:
    draws = random(seed, 3)
    draws[:, 1] = draws[:, 0]
    together = lived(make((stream, stream, stream)), draws)
    assert alike(together, 0, together, 1)
    assert alike(together, 0, lived(make((stream,)), draws[:, :1]), 0)


def test_who_falls_at_one_step_stands_up_alike_however_often_it_fell_before() -> None:
    world = TaskWorld((4, 4), task=TASKS["survival"], environments=N, discrete=True)
    world.begin("train", 0, STEPS)
    world.restart()
    fallen = torch.tensor([1.0, 0.0, 0.0, 0.0])
    for step in range(4):
        world.state[1 if step < 3 else slice(None)] = fallen
        *_, terminated, _ = world.step(torch.zeros(2, N, dtype=torch.int64))
        assert terminated[1].all()
    assert torch.equal(world.observe()[0], world.observe()[1])


def test_episodes_that_begin_at_one_step_begin_alike_however_many_went_before() -> None:
    draws = torch.full((STEPS, 2, N), 0.9)
    draws[3, 1] = draws[6, 1] = draws[8] = 0.0
    seen = lived(WORLDS["corridor"]((1, 1)), draws)[0]
    assert not torch.equal(seen[4, 0], seen[4, 1])
    assert torch.equal(seen[9, 0], seen[9, 1])
    assert torch.equal(seen[9:, 0], seen[9:, 1])


@every_world
def test_streams_differ(make: Make) -> None:
    draws = random(0, 2)
    draws[:, 1] = draws[:, 0]
    seen = lived(make((0, 1_000_000)), draws)[0]
    assert not torch.equal(seen[1, 0], seen[1, 1])
    assert not torch.equal(seen[:, 0, 0], seen[:, 0, 1])


@every_world
def test_the_same_seed_gives_the_same_world(make: Make) -> None:
    one, other = lived(make((3, 9)), random(1, 2)), lived(make((3, 9)), random(1, 2))
    assert alike(one, 0, other, 0)
    assert alike(one, 1, other, 1)


@every_world
def test_a_world_that_has_travelled_goes_on_where_it_was(make: Make) -> None:
    stayed, travelled = make((0, 1)), make((0, 1))
    draws = random(5, 2)
    lived(stayed, draws)
    lived(travelled, draws)
    travelled = pickle.loads(pickle.dumps(travelled))
    for world in (stayed, travelled):
        world.begin("train", 1, STEPS)
    for draw in random(6, 2):
        assert torch.equal(stayed.observe(), travelled.observe())
        outcomes = [world.step(actions(world, draw)) for world in (stayed, travelled)]
        assert all(torch.equal(a, b) for a, b in zip(*outcomes, strict=True))


@every_world
def test_a_policy_that_is_no_number_pushes_nothing(make: Make) -> None:
    world = make((0,))
    if world.discrete:
        return
    world.begin("train", 0, 2)
    world.restart()
    outcome = world.step(torch.full((1, N, world.actions), torch.nan))
    assert outcome.reward.isfinite().all()
    assert outcome.after.isfinite().all()


@every_world
def test_shapes_and_kinds(make: Make) -> None:
    seen, reward, after, terminated, truncated = lived(make((0, 1, 2)), random(0, 3))
    assert seen.shape == after.shape == (STEPS, 3, N, make((0,)).observations)
    assert {x.dtype for x in (seen, after, reward)} == {torch.float32}
    assert {x.dtype for x in (terminated, truncated)} == {torch.bool}
    assert reward.shape == terminated.shape == truncated.shape == (STEPS, 3, N)
    assert not (terminated & truncated).any()


def test_a_fall_at_the_limit_is_a_fall() -> None:
    world = TaskWorld((0,), task=replace(TASKS["survival"], limit=1), environments=2, discrete=True)
    world.begin("train", 0, 1)
    world.restart()
    world.state[0, 0] = torch.tensor([1.0, 0.0, 0.0, 0.0])
    *_, terminated, truncated = world.step(torch.zeros(1, 2, dtype=torch.int64))
    assert (terminated.tolist(), truncated.tolist()) == ([[True, False]], [[False, True]])


def cut_at(world: Any, limit: int) -> list[bool]:
    world.limit = limit
    draws = torch.full((2 * limit + 1, 1, N), 0.4)
    *_, terminated, truncated = lived(world, draws)
    assert not terminated.any()
    return truncated[:, 0, 0].tolist()


def test_episodes_are_cut_at_the_limit() -> None:
    task = partial(TaskWorld, task=TASKS["tracking"], environments=N, discrete=False)
    for world in (task((0,)), WORLDS["pendulum"]((0,))):
        assert cut_at(world, 4) == [False, False, False, True] * 2 + [False]
