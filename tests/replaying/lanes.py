"""Tiny lanes and worlds for the tests of training in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rundoctor.ppo.config import Architecture, Config
from rundoctor.replaying.training.closed_loop import Lane, Training
from rundoctor.replaying.worlds.task_world import TaskWorld
from rundoctor.replaying.worlds.tasks import all_tasks

ENVIRONMENTS, STEPS = 2, 16
SMALL = Config(n_epochs=2, batch_size=8, learning_rate=3e-3)
TASK = "survival"
MAKE = partial(TaskWorld, task=all_tasks()[TASK], environments=ENVIRONMENTS, discrete=True)
ARCHITECTURE = Architecture(observations=4, actions=2, discrete=True, hidden=(8,))


def lane(configs: Sequence[Config], streams: Sequence[int], scales: Sequence[float] | None = None) -> Lane:
    return Lane(
        name=TASK,
        architecture=ARCHITECTURE,
        configs=tuple(configs),
        reward_scales=tuple(scales or [1.0] * len(configs)),
        streams=tuple(streams),
        steps=STEPS,
    )


def training(configs: Sequence[Config], streams: Sequence[int], scales: Sequence[float] | None = None) -> Training:
    return Training(lane(configs, streams, scales), MAKE(streams))


def advanced(made: Training, updates: int = 2, total: int = 4) -> Training:
    for _ in range(updates):
        made.advance(total)
    return made
