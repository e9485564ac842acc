"""The learned weights of the reward components wander.

What
    Component weights are learned, and a component's share of them changes many times over within the run.

Why
    Weights that are trained on the loss they weigh can lower it by turning down what is hard. The objective moves under
    the policy, and the critic chases a sum whose terms change their meaning.

Evidence
    Largest over smallest share of a component's weight in the run.

Stays silent
    Fixed weights; shares that keep within a factor of three. It is a hazard where the config says that nothing learns
    them: then a schedule moves them.

References
    Chen et al. 2018, arXiv:1711.02257: moving loss weights need an objective of their own.
    rl-durotaxis, config.yaml: enable_learnable_weights with a learning rate of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.components import DRIFTS, WeightPath
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    factor: float = DRIFTS
    """Smallest largest-over-smallest share; see ``facts/components.py``."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "loss-explosion"))
def check(
    run: Run,
    weight_paths: tuple[WeightPath, ...],
    learnable_component_weights: Setting | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding]:
    path = max(weight_paths, key=lambda path: path.factor)
    if not path.factor > limits.factor:
        return
    source = run.episodes.source if run.episodes else ""
    claim = f"largest over smallest share of {path.name} among the weights"
    yield Finding(
        message=f"the weight of {path.name} goes from {path.first:.3g} to {path.last:.3g}",
        evidence=(Evidence(claim=claim, observed=path.factor, relation=">", limit=limits.factor, where=source),),
        binding=not isinstance(learnable_component_weights, Setting) or bool(learnable_component_weights.value),
    )
