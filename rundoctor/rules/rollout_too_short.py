"""A rollout ends long before GAE has summed the rewards it looks for.

What
    The steps that one environment gives to an update are a small part of 1 / (1 - gamma lambda), the reach of GAE, and
    of the episode.

Why
    Where a rollout is cut the critic's value stands for all that follows. When that happens every few steps most of
    every target is the critic's own word, which early in training is nothing.

Evidence
    Steps of a rollout over the reach of GAE, or over the episode where that is shorter.

Stays silent
    Rollouts of a quarter of that reach and more: many environments with 16 to 24 steps each are common. Without a
    symptom it is a hazard.

References
    Schulman et al. 2016, arXiv:1506.02438: the estimator is a sum over all steps to come, weighted (gamma lambda)^k.
    Unity ML-Agents, Training-Configuration-File.md (03e51f4): time_horizon 32 to 2048; shorter is more biased.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts.rewards import Discounts
from rundoctor.model import Curve, Evidence, Finding, Missing, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    share: float = 0.25
    """Least rollout over the reach of GAE: at a quarter three quarters of the weights lie beyond the cut."""


@rule(severity=Severity.WARNING, explains=("no-learning", "critic-stalled", "reward-unstable"))
def check(
    steps_per_env: Setting,
    discounts: Discounts,
    episode_steps: Curve | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    decay = discounts.gamma * discounts.gae_lambda
    reach = 1 / (1 - decay) if decay < 1 else float("inf")
    if isinstance(episode_steps, Curve):
        reach = min(reach, signals.tail(episode_steps.value))
    share = steps_per_env.value / reach if reach > 0 else 1.0
    if not 0 < share < limits.share:
        return
    claim = f"steps of a rollout over the {reach:.3g} that GAE sums"
    proof = Evidence(claim=claim, observed=share, relation="<", limit=limits.share, where=steps_per_env.where)
    yield Finding(
        message=f"an environment gives {steps_per_env.value:g} steps to an update, GAE sums about {reach:.3g}",
        evidence=(proof,),
        about=steps_per_env.name,
    )
