"""Train a run with rundoctor's own PPO core."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from corpus.job import Job
from corpus.record import Record
from corpus.tampering import Payer
from corpus.tasks import TASKS, Settings
from corpus.world import World
from rundoctor.ppo import distribution, network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import Architecture
from rundoctor.ppo.diagnostics import Diagnostics
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, orders, update
from rundoctor.replaying.arms.translation import recipe


@torch.no_grad()
def train(job: Job) -> Record:
    """Train one run: a bank of a single candidate."""
    torch.set_num_threads(1)
    task, settings = TASKS[job.task], job.settings
    world = task.world(settings["n_envs"])
    record = Record(world.components)
    apart = len(world.components) if settings.get("advantages_per_component") else 1
    architecture = _architecture(world, settings, apart)
    draw = torch.Generator().manual_seed(job.seed)
    row = network.initial(architecture, draw)
    if not architecture.discrete:
        network.unpacked(architecture, row.unsqueeze(0))["policy.log_std"].fill_(settings["log_std"])
    bank = Bank.start(architecture, [row], world.count)
    stacked_settings = stacked([recipe(settings).config], architecture)
    collector = Collector(world, job, record, draw)
    for made in range(task.updates):
        collector.begin_update(made, made / task.updates)
        rollout = collector.collect(bank, settings["n_steps"])
        order = orders(settings["n_steps"] * world.count, stacked_settings.n_epochs, draw)
        remaining = 1 - made / task.updates if settings["anneal"] else 1.0
        seen = update(bank, rollout, stacked_settings, order, remaining)
        record.metrics.append(_metrics(seen, settings, remaining) | _noise(bank))
    return record


def _architecture(world: World, settings: Settings, components: int) -> Architecture:
    discrete = hasattr(world.action_space, "n")
    return Architecture(
        observations=world.observation_space.shape[0],
        actions=int(world.action_space.n) if discrete else world.action_space.shape[0],
        discrete=discrete,
        components=components,
        hidden=(settings["hidden_dim"],) * 2,
        shared_trunk=settings["shared_trunk"],
    )


class Collector:
    """Steps the world with the policy of a bank of one candidate."""

    def __init__(self, world: World, job: Job, record: Record, draw: torch.Generator) -> None:
        self.world, self.job, self.record, self.draw = world, job, record, draw
        self.payer = Payer(job.tampering, world.components, job.settings["reward_scale"], job.seed)
        self.apart = bool(job.settings.get("advantages_per_component"))
        self.seen = self._observed(world.reset(job.seed))
        self.made = 0

    def begin_update(self, made: int, progress: float) -> None:
        self.made, tampering = made, self.job.tampering
        self.payer.begin_update(progress)
        self.record.weights.append(self.payer.learned)
        self.world.difficulty = tampering.harder if progress >= tampering.harder_at else 1.0

    def collect(self, bank: Bank, steps: int) -> Rollout:
        """The next T steps."""
        rows = [self._step(bank) for _ in range(steps)]
        parts = [torch.stack(column).unsqueeze(0) for column in zip(*rows, strict=True)]
        names = ("observations", "actions", "log_prob", "rewards", "values", "next_values", "terminated", "truncated")
        return Rollout(**dict(zip(names, parts, strict=True)))

    def _step(self, bank: Bank) -> tuple[Tensor, ...]:
        observations = self.seen
        out = network.forward(bank.architecture, bank.theta, observations.unsqueeze(0))
        action = distribution.sample(out.head, out.log_std, self.draw)
        log_prob = distribution.log_prob(out.head, out.log_std, action)
        played = action[0].numpy()
        space = self.world.action_space
        step = self.world.step(played if hasattr(space, "n") else np.clip(played, space.low, space.high))
        paid = self.payer.pay(step.parts)
        self.record.step(self.made, paid.logged, step.parts.sum(1), step.terminated | step.truncated)
        rewards = torch.as_tensor(paid.logged if self.apart else paid.reward[:, None], dtype=torch.float32)
        after = network.forward(bank.architecture, bank.theta, self._observed(step.after).unsqueeze(0))
        self.seen = self._observed(step.seen)
        terminated, truncated = step.terminated, step.truncated
        if self.job.tampering.timeouts_end:
            terminated, truncated = terminated | truncated, np.zeros_like(truncated)
        ends = (torch.as_tensor(terminated), torch.as_tensor(truncated))
        return observations, action[0], log_prob[0], rewards, out.values[0], after.values[0], *ends

    def _observed(self, seen: np.ndarray) -> Tensor:
        return torch.as_tensor(self.job.tampering.observation_factor * seen, dtype=torch.float32)


def _noise(bank: Bank) -> dict[str, float]:
    """Mean deviation of continuous actions."""
    if bank.architecture.discrete:
        return {}
    deviation = network.unpacked(bank.architecture, bank.theta)["policy.log_std"].exp()
    return {"action_std": float(deviation.mean())}


def _metrics(seen: Diagnostics, settings: Settings, remaining: float) -> dict[str, float]:
    """By the names of loss_metrics.json; the KL is that of the last epoch, as Stable-Baselines3 logs it."""
    entropy, epochs = float(seen.entropy), seen.kl[0][~seen.kl[0].isnan()]
    return {
        "loss": float(seen.policy_loss + seen.critic_loss),
        "policy_loss": float(seen.policy_loss) + settings["ent_coef"] * entropy,
        "value_loss": float(seen.critic_loss) / settings["vf_coef"] if settings["vf_coef"] else float("nan"),
        "approx_kl": float(epochs[-1]) if len(epochs) else float("nan"),
        "clip_fraction": float(seen.clip_fraction),
        "explained_variance": float(seen.explained_variance.mean()),
        "learning_rate": settings["learning_rate"] * remaining,
        "entropy": entropy,
    }
