"""How much data and how many gradient steps an update has, and which episodes belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.model import Curve, Evidence, Interval, Missing, Run, Setting

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints


LOG_COMPONENTS = "log the reward components per episode in reward_components_stats.json"


class AdamReach(NamedTuple):
    """How far Adam can move one weight, whatever the scale of the loss.

    PyTorch 2.13, optim/adam.py: a step is lr x m / (sqrt(v) + eps), and |m| is about sqrt(v) at most.
    """

    learning_rate: float
    steps_per_update: float
    """Gradient steps in one update: epochs x minibatches."""
    updates: int
    where: str

    @property
    def per_update(self) -> float:
        """Largest movement of a weight in one update."""
        return self.learning_rate * self.steps_per_update

    @property
    def in_run(self) -> float:
        """Largest movement of a weight in the whole run."""
        return self.per_update * self.updates

    def overwrites(self, limit: float) -> tuple[Evidence, ...]:
        """The movement of one update as evidence, where it is larger than the limit."""
        claim = f"farthest a weight moves in one update: rate x {self.steps_per_update:g} steps"
        proof = Evidence(claim=claim, observed=self.per_update, relation=">", limit=limit, where=self.where)
        return (proof,) if self.per_update > limit else ()


USUAL_REACH = 0.096
"""Farthest a weight moves in a usual update: 3e-4 x 320 gradient steps, the defaults of Stable-Baselines3 and of
CleanRL's continuous PPO. Healthy runs of ours have 0.024 to 0.24, 0.08 in the median (benchmarks/corpus)."""


@fact
def adam_reach(
    run: Run,
    learning_rate_in_force: Setting,
    n_epochs: Setting,
    batch_size: Setting,
    rollout_size: Setting,
) -> AdamReach | Missing:
    if not batch_size.value * rollout_size.value > 0:
        return Missing(reason="batch_size or the rollout size is not positive")
    minibatches = max(1.0, rollout_size.value / batch_size.value)
    return AdamReach(
        learning_rate_in_force.value, n_epochs.value * minibatches, run.updates_done, learning_rate_in_force.where
    )


@fact
def rollout_size(
    rollout_steps: Setting | Missing, n_steps: Setting | Missing, n_envs: Setting | Missing
) -> Setting | Missing:
    """Steps collected for one update."""
    if isinstance(rollout_steps, Setting):
        return rollout_steps
    if isinstance(n_steps, Setting) and isinstance(n_envs, Setting):
        return Setting(name="rollout_steps", path=n_steps.path, value=n_steps.value * n_envs.value, where=n_steps.where)
    return Missing(reason="the number of steps per update is not in the config", log="write rollout_steps")


@fact
def steps_per_env(
    n_steps: Setting | Missing, rollout_steps: Setting | Missing, n_envs: Setting | Missing
) -> Setting | Missing:
    """Steps that one environment gives to an update: where its rollout is cut."""
    if isinstance(n_steps, Setting):
        return n_steps
    if isinstance(rollout_steps, Setting) and isinstance(n_envs, Setting) and n_envs.value > 0:
        steps = rollout_steps.value / n_envs.value
        return Setting(name="rollout_steps", path=rollout_steps.path, value=steps, where=rollout_steps.where)
    return Missing(reason="the steps per environment are not in the config", log="write n_steps")


class EpisodesByUpdate(NamedTuple):
    """Which update each logged episode belongs to."""

    update: Ints
    """Shape [episodes]."""
    steps: Ints
    """The updates that have episodes, sorted. Shape [n]."""
    position: Ints
    """Index into ``steps`` for each episode. Shape [episodes]."""
    matched: bool
    """Whether the log's episode counter says so; else the groups are of equal size and no updates of the log."""

    def mean(self, values: Floats) -> Floats:
        """Mean over the episodes of each update, NaN where none is finite. Shape [episodes] -> [n]."""
        finite = np.isfinite(values)
        count = np.bincount(self.position[finite], minlength=len(self.steps))
        total = np.bincount(self.position[finite], weights=values[finite], minlength=len(self.steps))
        mean: Floats = np.divide(total, count, out=np.full(len(self.steps), np.nan), where=count > 0)
        return mean


@fact
def episodes_by_update(run: Run, episodes_done: Curve | Missing) -> EpisodesByUpdate | Missing:
    """Episodes sorted into updates by the log's episode counter; without one, into twenty equal groups."""
    episodes = run.episodes
    if episodes is None or not len(episodes):
        return Missing(reason="no reward_components_stats.json", log=LOG_COMPONENTS)
    if isinstance(episodes_done, Curve) and bool(np.all(np.diff(episodes_done.value) >= 0)):
        place = np.searchsorted(episodes_done.value, episodes.index, side="right")
        inside = np.minimum(place, len(episodes_done) - 1)
        update, matched = episodes_done.step[inside], True
    else:
        matched = False
        update = (np.arange(len(episodes)) * min(20, len(episodes)) // len(episodes)).astype(np.int64)
    steps, position = np.unique(update, return_inverse=True)
    return EpisodesByUpdate(update, steps, position, matched)


@fact
def episode_steps(
    episode_length: Curve | Missing,
    episodes_by_update: EpisodesByUpdate | Missing,
    run: Run,
    episodes_done: Curve | Missing,
    rollout_size: Setting | Missing,
) -> Curve | Missing:
    """Mean episode length by update."""
    if isinstance(episode_length, Curve):
        return episode_length
    if isinstance(episodes_by_update, EpisodesByUpdate) and run.episodes is not None:
        counts = _lengths(run)
        if counts is not None:
            mean = episodes_by_update.mean(counts)
            if np.isfinite(mean).any():
                known = np.isfinite(mean)
                return Curve.from_points(
                    "episode_length", episodes_by_update.steps[known], mean[known], run.episodes.source
                )
    if isinstance(episodes_done, Curve) and isinstance(rollout_size, Setting) and len(episodes_done) > 1:
        ended = np.diff(episodes_done.value, prepend=0.0)
        some = ended > 0
        if some.any():
            lengths = rollout_size.value / ended[some]
            return Curve.from_points("episode_length", episodes_done.step[some], lengths, episodes_done.source)
    return Missing(reason="the length of episodes is not logged", log="log the mean episode length per update")


def _lengths(run: Run) -> Floats | None:
    if run.episodes is None or not run.episodes.components:
        return None
    counts = [component.count for component in run.episodes.components.values()]
    longest = np.fmax.reduce(np.stack(counts))
    return np.where(longest > 0, longest, np.nan)


NEAR_LIMIT = 0.98
"""Mean length over the time limit from which nearly all episodes reach it."""


@fact
def episode_ceiling(run: Run, episode_steps: Curve, max_episode_steps: Setting | Missing) -> Interval | Missing:
    """Share of late episodes that end at the longest length ever seen, where episodes once were much shorter.

    Low is the share; high is that length in steps. A task whose episodes always have one length says nothing. Mean
    lengths show a ceiling only where the config names it: a plateau of means looks the same at any height.
    """
    values, lengths = episode_steps.value, _lengths(run)
    if lengths is not None and np.isfinite(lengths).any():
        known = lengths[np.isfinite(lengths)]
        longest = float(known.max())
        late = known[-max(3, len(known) // 10) :]
    elif isinstance(max_episode_steps, Setting) and max_episode_steps.value:
        longest = float(max_episode_steps.value)
        late = values[-signals.window(len(values)) :] / NEAR_LIMIT
    else:
        return Missing(reason="the time limit is not known", log="log the length of each episode, or write max_steps")
    if not values[: signals.window(len(values))].min() < 0.7 * longest:
        return Missing(reason="episodes have had their full length from the start")
    return Interval(low=float(np.mean(late >= longest)), high=longest)
