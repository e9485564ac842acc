"""The evaluation sees nothing of what training learned.

What
    The training reward rises clearly, and the reward of the evaluation stays where it was, below it.

Why
    Both run the same policy. Where it is worth nothing in evaluation, what it is given differs: observations that are
    normalised with other statistics, or with statistics that still move, another wrapper, another version of the task.

Evidence
    Gain of the evaluation over the gain of training.

Stays silent
    Evaluations that gain a tenth of it and more, and those that end above training. It is a hazard: the training
    itself is well, and a policy that needs its own noise looks the same.

References
    DLR-RM/stable-baselines3#1556: the evaluation's curve does not match that of saved models; VecNormalize is why.
    isaac-sim/IsaacLab#2635: statistics that are not saved with the policy, and an evaluation that begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Progress
from rundoctor.model import Curve, Evidence, Finding, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    gain: float = 0.1
    """Largest gain of the evaluation over that of training."""
    over_noise: float = 4.0
    """Smallest gain of training over the noise of one point."""
    points: int = 5
    """Fewest evaluations."""


@rule(severity=Severity.WARNING)
def check(eval_reward_mean: Curve, mean_progress: Progress, limits: Limits = Limits()) -> Iterator[Finding]:
    gain = mean_progress.last - mean_progress.start
    first, last = signals.head(eval_reward_mean.value), signals.tail(eval_reward_mean.value)
    rises = mean_progress.improved and gain > limits.over_noise * mean_progress.noise
    below = last < mean_progress.last - gain / 2
    if len(eval_reward_mean) < limits.points or not rises or not below or not last - first < limits.gain * gain:
        return
    claim = f"gain of the evaluation over that of training, {gain:.4g}"
    where = eval_reward_mean.source
    proof = Evidence(claim=claim, observed=(last - first) / gain, relation="<", limit=limits.gain, where=where)
    yield Finding(
        message=f"training rises to {mean_progress.last:.4g}, its evaluation goes from {first:.4g} to {last:.4g}",
        evidence=(proof,),
    )
