"""A setting in the config is not the one in force.

What
    The log shows a value that the config denies.

Why
    A key that the code never reads, a flag that a function without callers obeys, an optimiser restored from a
    checkpoint with its own rate: whoever edits that key changes nothing, and every reading of the config misleads.

Evidence
    The config's value and the log's, side by side; for the weights of value loss and entropy the total loss against
    its logged parts, or, without them, against the largest policy loss there is. An entropy that is counted twice shows
    as twice its weight.

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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor.facts.in_force import logged
from rundoctor.facts.loss_weights import LossWeights
from rundoctor.facts.policy import EntropyLevel, LeastBonus
from rundoctor.model import Evidence, Finding, Missing, Run, Setting, Severity
from rundoctor.rules import rule

if TYPE_CHECKING:
    from rundoctor.model import Floats


class Limits(NamedTuple):
    """Thresholds of this rule."""

    factor: float = 1.5
    """Smallest ratio between the two values; rounding stays below."""
    convention: float = 2.5
    """The same for the value loss, which may be logged, and weighted, as a whole square or half of it."""
    schedule: float = 0.01
    """Largest change of the logged value within the run; beyond it a schedule is at work, begun who knows where."""


@rule(severity=Severity.WARNING, explains=("no-learning", "reward-collapse", "loss-explosion"))
def check(
    run: Run,
    learning_rate: Setting | Missing,
    ent_coef: Setting | Missing,
    clip_range: Setting | Missing,
    vf_coef: Setting | Missing,
    loss_weights: LossWeights | Missing,
    least_bonus: LeastBonus | Missing,
    entropy_level: EntropyLevel | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    compared = False
    for setting in (learning_rate, ent_coef, clip_range, vf_coef):
        if isinstance(setting, Missing) or setting.implied or not isinstance(setting.value, (int, float)):
            continue
        values, source = _shown(run, setting.name, loss_weights)
        compared = compared or len(values) > 0
        if not len(values) or np.ptp(values) > limits.schedule * abs(values[0]):
            continue
        factor = limits.convention if setting.name == "vf_coef" else limits.factor
        largest = float(values[np.argmax(np.abs(values))])
        if _agree(setting.value, float(values[0]), factor) or _agree(setting.value, largest, factor):
            continue
        yield _contradicted(setting, float(values[0]), source)
    if isinstance(loss_weights, Missing):
        yield from _larger_bonus(ent_coef, least_bonus, entropy_level, limits)
    if not compared:
        yield Missing(reason="no setting stands in both config and log", log="log learning_rate per update")


def _shown(run: Run, name: str, weights: LossWeights | Missing) -> tuple[Floats, str]:
    """Values of a setting in the log, by itself or as a weight in the total loss."""
    values, source = logged(run, name)
    if not len(values) and isinstance(weights, LossWeights):
        weight = {"vf_coef": weights.value, "ent_coef": weights.entropy}.get(name)
        return np.array([] if weight is None else [weight]), f"{weights.where}, total loss against its parts"
    return values, source


def _larger_bonus(
    ent_coef: Setting | Missing, bonus: LeastBonus | Missing, entropy: EntropyLevel | Missing, limits: Limits
) -> Iterator[Finding]:
    """A total loss so negative that the entropy must weigh more than the config says."""
    if isinstance(ent_coef, Missing) or isinstance(bonus, Missing) or isinstance(entropy, Missing):
        return
    least = bonus.size / entropy.last if entropy.last > 0 else 0.0
    if isinstance(ent_coef.value, (int, float)) and least > limits.factor * max(0.0, ent_coef.value):
        yield _contradicted(ent_coef, least, bonus.where)


def _contradicted(setting: Setting, shown: float, source: str) -> Finding:
    claim, configured = f"{setting.name} in the log; the config says {setting.value:g}", float(setting.value)
    relation, where = ">" if shown > configured else "<", f"{setting.where}, {source}"
    return Finding(
        message=f"{setting.path} says {setting.value:g}, the log shows {shown:.4g} from the start",
        evidence=(Evidence(claim=claim, observed=shown, relation=relation, limit=configured, where=where),),
        binding=True,
        about=setting.name,
    )


def _agree(configured: float, logged: float, factor: float) -> bool:
    small, large = sorted((abs(configured), abs(logged)))
    return configured == logged or (configured * logged > 0 and large <= factor * small)
