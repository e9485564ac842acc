"""A setting in the config is not the one in force.

What
    The log shows a value that the config denies.

Why
    A key that the code never reads, a flag that a function without callers obeys, an optimiser restored from a
    checkpoint with its own rate: whoever edits that key changes nothing, and every reading of the config misleads.

Evidence
    The config's value and the log's, side by side; for the weights of value loss and entropy the total loss against
    its logged parts, else against the largest policy loss there is. An entropy counted twice shows as twice its weight.

Stays silent
    Values that agree; rates that follow a schedule from the configured value; settings that the log cannot show. A
    normalisation that has no effect is told by returns-not-normalized instead, where that is found.

References
    ray-project/ray#61562: use_kl_loss was offered and not obeyed.
    THUDM/slime#2368: a coefficient that is silently ignored while its metric is logged.
    rl-durotaxis, commits c5f2024 and 0ced73f: normalize_returns in a function that nothing calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from rundoctor.facts.entropy_bonus import LeastWeight
from rundoctor.facts.in_force import CONTRADICTS, STANDS, agree, shown
from rundoctor.facts.loss_weights import LossWeights
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule


class Limits(NamedTuple):
    """Thresholds of this rule."""

    factor: float = CONTRADICTS
    """Smallest ratio between the two values; rounding stays below."""
    convention: float = 2.5
    """The same for the value loss, which may be logged, and weighted, as a whole square or half of it."""
    schedule: float = STANDS
    """Largest change of the logged value within the run; beyond it a schedule is at work, begun who knows where."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "loss-explosion"))
def check(
    run: Run,
    learning_rate: Setting | Missing,
    steers_rate: bool,
    ent_coef: Setting | Missing,
    clip_range: Setting | Missing,
    vf_coef: Setting | Missing,
    loss_weights: LossWeights | Missing,
    least_ent_coef: LeastWeight | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    compared = False
    settings = (() if steers_rate else (learning_rate,)) + (ent_coef, clip_range, vf_coef)
    given = [one for one in settings if isinstance(one, Setting)]
    for setting in (one for one in given if not one.implied and isinstance(one.value, (int, float))):
        values, source = shown(run, setting, loss_weights, least_ent_coef)
        compared = compared or len(values) > 0
        if not len(values) or np.ptp(values) > limits.schedule * abs(values[0]):
            continue
        factor = limits.convention if setting.name == "vf_coef" else limits.factor
        largest = float(values[np.argmax(np.abs(values))])
        if agree(setting.value, float(values[0]), factor) or agree(setting.value, largest, factor):
            continue
        yield _contradicted(setting, float(values[0]), source)
    if not compared:
        yield Missing(reason="no setting stands in both config and log", log="log learning_rate per update")


def _contradicted(setting: Setting, shown: float, source: str) -> Finding:
    claim, configured = f"{setting.name} in the log; the config says {setting.value:g}", float(setting.value)
    relation, where = ">" if shown > configured else "<", f"{setting.where}, {source}"
    return Finding(
        message=f"{setting.path} says {setting.value:g}, the log shows {shown:.4g} from the start",
        evidence=(Evidence(claim=claim, observed=shown, relation=relation, limit=configured, where=where),),
        binding=True,
        about=setting.name,
    )
