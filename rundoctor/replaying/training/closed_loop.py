"""Train arms in a world: rollout, update, rollout, with common random numbers.

Everything that is drawn is drawn by (world, stream, update), see ``noise``: candidates of one stream are paired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rundoctor.ppo import distribution, network
from rundoctor.ppo.batch import Rollout, Scaling
from rundoctor.ppo.config import Architecture, Config
from rundoctor.ppo.diagnostics import Diagnostics
from rundoctor.ppo.moments import Moments
from rundoctor.ppo.optim import Adam
from rundoctor.ppo.settings import Settings, stacked
from rundoctor.ppo.update import Bank, update
from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.world import JUDGE, TRAIN, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Candidates that stand in one bank."""

    name: str
    """Of the world, for the noise."""
    architecture: Architecture
    configs: tuple[Config, ...]
    """[C]."""
    reward_scales: tuple[float, ...]
    """Factors on the world's rewards. [C]."""
    streams: tuple[int, ...]
    """Noise stream of each candidate. [C]."""
    steps: int
    """T of a rollout."""

    def only(self, rows: Sequence[int]) -> Lane:
        """The lane with some of its candidates."""
        return Lane(
            name=self.name,
            architecture=self.architecture,
            configs=tuple(self.configs[c] for c in rows),
            reward_scales=tuple(self.reward_scales[c] for c in rows),
            streams=tuple(self.streams[c] for c in rows),
            steps=self.steps,
        )


@dataclass(slots=True)
class History:
    """What was logged of the candidates, a row an update; each entry [C]."""

    rewards: list[Tensor] = field(default_factory=list)
    """Mean return of the episodes that ended, in the trainer's unit; NaN where none did."""
    lengths: list[Tensor] = field(default_factory=list)
    """Their mean length in steps."""
    diagnostics: list[Diagnostics] = field(default_factory=list)


class Training:
    """A lane under way."""

    def __init__(self, lane: Lane, world: World, bank: Bank | None = None, made: int = 0) -> None:
        self.lane, self.world, self.made = lane, world, made
        fresh = (_fresh(lane, s).to(world.device) for s in lane.streams)
        self.bank = bank or Bank.start(lane.architecture, list(fresh), world.environments)
        self.settings: Settings = stacked(lane.configs, lane.architecture, device=world.device)
        self.reward_scale = torch.tensor(lane.reward_scales, device=world.device).unsqueeze(1)
        self.history = History()
        self._returns = torch.zeros(len(lane.streams), world.environments, device=world.device)
        self._ages = torch.zeros_like(self._returns)
        world.begin(TRAIN, made, 0)
        world.restart()

    def kept(self, rows: Sequence[int], world: World) -> Training:
        """Some of the candidates, to go on with in a world of their own, at the start of new episodes."""
        pick = torch.tensor(rows, device=world.device)
        adam, scaling = self.bank.adam, self.bank.scaling
        moments = [Moments(m.mean[pick], m.variance[pick], m.count[pick]) for m in (scaling.sums, scaling.returns)]
        bank = Bank(
            self.bank.architecture,
            self.bank.theta[pick],
            Adam(adam.first[pick], adam.second[pick], adam.steps[pick], adam.scratch[pick]),
            Scaling(scaling.reward_sums[pick], *moments),
        )
        world.follow(self.world, rows)
        return Training(self.lane.only(rows), world, bank, self.made)

    @torch.no_grad()
    def advance(self, total: int) -> None:
        """Make one update; ``total`` is the length of the schedules."""
        rollout = self._collect()
        samples = rollout.log_prob[0].numel()
        place = (self.lane.name, self.lane.streams, self.made)
        order = noise.orders(*place, self.settings.n_epochs, samples, self.world.device)
        seen = update(self.bank, rollout, self.settings, order, remaining=1 - self.made / total)
        self.history.diagnostics.append(seen)
        self.made += 1

    @torch.no_grad()
    def score(self, judge: World) -> Tensor:
        """Mean return of one fresh episode an environment, in the world's unit. [C]."""
        judge.follow(self.world, range(len(self.lane.streams)))
        judge.begin(JUDGE, self.made, judge.limit)
        judge.restart()
        draws = self._draws("judged", judge.limit, judge.environments)
        total = torch.zeros(len(self.lane.streams), judge.environments, device=judge.device)
        alive = torch.ones_like(total, dtype=torch.bool)
        for t in range(judge.limit):
            out = network.forward(self.lane.architecture, self.bank.theta, judge.observe())
            reward, _, terminated, truncated = judge.step(chosen(out.head, out.log_std, draws[:, t]))
            total += torch.where(alive, reward, 0.0)
            alive &= ~(terminated | truncated)
            if not alive.any():
                break
        return total.mean(1)

    def _collect(self) -> Rollout:
        self.world.begin(TRAIN, self.made, self.lane.steps)
        draws = self._draws("act", self.lane.steps, self.world.environments)
        ended = torch.zeros(3, len(self.lane.streams), device=self.world.device)
        rows = [self._step(draws[:, t], ended) for t in range(self.lane.steps)]
        returns, lengths, episodes = ended
        self.history.rewards.append(returns / episodes)
        self.history.lengths.append(lengths / episodes)
        columns = [torch.stack(column, 1) for column in zip(*rows, strict=True)]
        observations, actions, log_prob, rewards, values, after, terminated, truncated = columns
        seen = network.forward(self.lane.architecture, self.bank.theta, after.flatten(1, 2)).values
        return Rollout(
            observations=observations,
            actions=actions,
            log_prob=log_prob,
            rewards=rewards.unsqueeze(-1),
            values=values,
            next_values=seen.reshape(values.shape),
            terminated=terminated,
            truncated=truncated,
        )

    def _step(self, draw: Tensor, ended: Tensor) -> tuple[Tensor, ...]:
        """One step in every environment; adds to ``ended`` the returns, lengths and number of finished episodes."""
        observations = self.world.observe()
        out = network.forward(self.lane.architecture, self.bank.theta, observations)
        actions = chosen(out.head, out.log_std, draw)
        log_prob = distribution.log_prob(out.head, out.log_std, actions)
        paid, after, terminated, truncated = self.world.step(actions)
        reward = paid * self.reward_scale
        self._returns += reward
        self._ages += 1
        done = terminated | truncated
        ended += torch.stack([torch.where(done, x, 0.0).sum(1) for x in (self._returns, self._ages, done.float())])
        self._returns.masked_fill_(done, 0.0)
        self._ages.masked_fill_(done, 0.0)
        return observations, actions, log_prob, reward, out.values, after, terminated, truncated

    def _draws(self, purpose: str, steps: int, environments: int) -> Tensor:
        """Noise of the actions: uniform [C, T, N] for discrete ones, normal [C, T, N, A] else."""
        place = (self.lane.name, self.lane.streams, purpose, self.made)
        if self.lane.architecture.discrete:
            return noise.uniform(*place, (steps, environments), self.world.device)
        return noise.normal(*place, (steps, environments, self.lane.architecture.actions), self.world.device)


def _fresh(lane: Lane, stream: int) -> Tensor:
    seed = noise.seed_of(lane.name, stream, "network", 0)
    return network.initial(lane.architecture, torch.Generator().manual_seed(seed))


def chosen(head: Tensor, log_std: Tensor | None, draw: Tensor) -> Tensor:
    """The actions that a draw picks: by the inverse distribution function, or mean + deviation x draw."""
    if log_std is None:
        return (head.softmax(-1).cumsum(-1)[..., :-1] < draw.unsqueeze(-1)).sum(-1)
    return head + log_std.exp().unsqueeze(1) * draw
