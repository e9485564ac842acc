"""Many runs at once with rundoctor's own PPO core."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

import torch
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from torch import Tensor

from rundoctor.ppo import network
from rundoctor.ppo.collect import Collector
from rundoctor.ppo.config import Architecture
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, orders, update
from rundoctor.replaying.arms.translation import EXPRESSIBLE, recipe
from truth.cases import TASKS, Task
from truth.environment import first_seed, make
from truth.job import Job
from truth.native_log import write
from truth.outcome import Outcome, outcome_of

EXPRESSED = EXPRESSIBLE


def train(name: str, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
    """Train runs of one task; those with the same trunk and number of epochs share a bank."""
    torch.set_num_threads(1)

    def kind(job: Job) -> tuple[bool, int]:
        return job.settings["shared_trunk"], job.settings["n_epochs"]

    for _, alike in groupby(sorted(jobs, key=kind), kind):
        yield from _train_bank(name, list(alike))


def _train_bank(name: str, jobs: list[Job]) -> Iterator[tuple[Job, Outcome]]:
    task, settings = TASKS[name], jobs[0].settings
    recipes = [recipe(job.settings) for job in jobs]
    environments = SyncVectorEnv(
        [
            partial(make, name, task.observation_scale, one.reward_scale)
            for one in recipes
            for _ in range(settings["n_envs"])
        ],
        autoreset_mode=AutoresetMode.SAME_STEP,
    )
    architecture = _architecture(environments, settings["shared_trunk"], settings["hidden_dim"])
    bank = Bank.start(architecture, [_fresh(architecture, job.cell.seed, task) for job in jobs], settings["n_envs"])
    collector = Collector(environments, len(jobs), torch.Generator().manual_seed(0), *_bounds(environments))
    collector.start([first_seed(job.cell.seed) + n for job in jobs for n in range(settings["n_envs"])])
    stacked_settings = stacked([one.config for one in recipes], architecture)
    draws = [torch.Generator().manual_seed(first_seed(job.cell.seed)) for job in jobs]
    rewards, done, losses = [], [], []
    samples = settings["n_steps"] * settings["n_envs"]
    for _ in range(task.updates):
        rollout = collector.collect(bank, settings["n_steps"])
        order = torch.stack([orders(samples, stacked_settings.n_epochs, draw) for draw in draws])
        seen = update(bank, rollout, stacked_settings, order)
        rewards.append(rollout.rewards.squeeze(-1))
        done.append(rollout.terminated | rollout.truncated)
        losses.append(seen.policy_loss + seen.critic_loss)
    for c, job in enumerate(jobs):
        gained, ended = torch.cat([row[c] for row in rewards]), torch.cat([row[c] for row in done])
        if job.log is not None:
            write(job.log, job, gained.numpy(), ended.numpy(), [float(row[c]) for row in losses])
        yield (
            job,
            outcome_of(_episodes(gained[:, n] / recipes[c].reward_scale, ended[:, n]) for n in range(ended.shape[1])),
        )


def _episodes(rewards: Tensor, done: Tensor) -> Iterator[tuple[float, float]]:
    """Time of the end and return of an environment's episodes."""
    start = 0
    for end in (done.nonzero().flatten() + 1).tolist():
        yield end / len(done), float(rewards[start:end].sum())
        start = end


def _fresh(architecture: Architecture, seed: int, task: Task) -> Tensor:
    """A network of its own for each seed, the same for all arms."""
    row = network.initial(architecture, torch.Generator().manual_seed(first_seed(seed)))
    if not architecture.discrete:
        network.unpacked(architecture, row.unsqueeze(0))["policy.log_std"].fill_(task.log_std)
    return row


def _architecture(environments: SyncVectorEnv, shared: bool, width: int) -> Architecture:
    space, seen = environments.single_action_space, environments.single_observation_space
    discrete = hasattr(space, "n")
    return Architecture(
        observations=seen.shape[0],
        actions=int(space.n) if discrete else space.shape[0],
        discrete=discrete,
        hidden=(width, width),
        shared_trunk=shared,
    )


def _bounds(environments: SyncVectorEnv) -> tuple[Tensor | None, Tensor | None]:
    """Least and largest action, for continuous ones."""
    space = environments.single_action_space
    return (None, None) if hasattr(space, "n") else (torch.as_tensor(space.low), torch.as_tensor(space.high))
