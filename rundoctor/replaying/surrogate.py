"""Replay on surrogate tasks: matched to the run's mechanism, counted only where the control shows its symptoms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import torch
from torch import Tensor

from rundoctor.frameworks import framework_named
from rundoctor.model import Run
from rundoctor.ppo.advantage import gae
from rundoctor.ppo.config import Activation
from rundoctor.replaying.arms.mechanism import Mechanism
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.contest import Entry
from rundoctor.replaying.judging.reproduction import Target
from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.task_world import TaskWorld
from rundoctor.replaying.worlds.tasks import Task, all_tasks

ENVIRONMENTS = 8
"""N of a surrogate."""
JUDGES = 32
"""Episodes of a scoring: lengths of episodes that end by chance spread as much as their mean."""
WAVE = 2
"""Tasks that are tried together; the next ones follow where none of them counts."""
LAYERS = 2
"""Hidden layers."""
NOT_THE_TASK = "matching scale is not matching the task: what the user's own task adds is not seen here"
LATE_PRIZE = (
    "every step costs and no episode ends early: where a late prize is to pay for that, no task here has that trade, "
    "and a replay of such a run put a fix first that was far from the best"
)
"""MountainCarContinuous in the fidelity tables, docs/replay.md."""


def waves(mechanism: Mechanism) -> Iterator[list[Task]]:
    """The tasks, those most like the user's first, a few at a time."""
    ranked = sorted(all_tasks().values(), key=lambda task: (_mismatch(task, mechanism), task.name))
    return (ranked[k : k + WAVE] for k in range(0, len(ranked), WAVE))


def _mismatch(task: Task, mechanism: Mechanism) -> int:
    ends = 0 if mechanism.ends is None else 2 * (task.ends is not mechanism.ends)
    return ends + abs(task.pays - mechanism.pays)


def warnings(mechanism: Mechanism) -> Iterator[str]:
    """Where such a replay is known to mislead."""
    yield NOT_THE_TASK
    if mechanism.pays < 0 and mechanism.ends is False:
        yield LATE_PRIZE


def entry(
    task: Task,
    run: Run,
    mechanism: Mechanism,
    plans: Sequence[Plan],
    target: Target | None,
    *,
    label: str,
    activation: Activation,
    seeds: int,
    updates: int,
    seed: int,
    device: torch.device,
) -> Entry:
    """What is to be tried on one task; ``label`` names it with what was assumed."""
    make = partial(TaskWorld, task=task, environments=ENVIRONMENTS, discrete=mechanism.discrete)
    steps = mechanism.minibatches * mechanism.batch_size // ENVIRONMENTS
    return Entry(
        name=task.name,
        label=label,
        make=partial(make, device=device),
        plans=tuple(plans),
        like=run,
        target=target,
        value_clip_form=framework_named(run.format).value_clip_form,
        reward_scale=matched_scale(make, mechanism, steps),
        hidden=(int(mechanism.values["hidden_dim"]),) * LAYERS,
        activation=activation,
        seeds=seeds,
        updates=updates,
        steps=steps,
        judges=JUDGES,
        seed=seed,
    )


@torch.no_grad()
def matched_scale(make: partial[TaskWorld], mechanism: Mechanism, steps: int) -> float:
    """Factor on a task's rewards with which the first targets of a critic of zero are as large as the user's."""
    if mechanism.return_size is None:
        return 1.0
    streams = tuple(range(4))
    world = make(streams)
    world.begin("scale", 0, steps)
    world.restart()
    shape = (steps, world.environments) if world.discrete else (steps, world.environments, world.actions)
    drawn = noise.uniform if world.discrete else noise.normal
    draws = drawn(world.task.name, streams, "scale act", 0, shape, world.device)
    rows = [world.step((draws[:, t] * world.actions).long() if world.discrete else draws[:, t]) for t in range(steps)]
    reward, terminated, truncated = (
        torch.stack([getattr(row, part) for row in rows], 1) for part in ("reward", "terminated", "truncated")
    )
    zero: Tensor = torch.zeros_like(reward).unsqueeze(-1)
    gamma, trace = (torch.full((len(streams), 1), float(mechanism.values[name])) for name in ("gamma", "gae_lambda"))
    targets = gae(reward.unsqueeze(-1), zero, zero, terminated, truncated, gamma, trace)
    return mechanism.return_size / float(targets.square().mean().sqrt())
