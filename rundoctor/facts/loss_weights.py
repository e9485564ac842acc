"""The weights that the logged losses themselves show: total = policy loss + c1 x value loss - c2 x entropy.

Where all four are logged for the same updates, c1 and c2 are two unknowns in many equations (Schulman et al. 2017,
arXiv:1707.06347, equation 9). Where the equations agree exactly the weights in force are known, whatever the config
says; where they do not, the total holds something else, and nothing is concluded.
"""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np

from rundoctor.facts import fact
from rundoctor.model import Curve, Missing

TOLERANCE = 0.05
"""Largest error of a weight: the misfit, over the size of what is fitted, times the condition of the equations."""
EXACT = 1e-3
"""The same of the column in which Stable-Baselines3 writes the loss of the last minibatch, which no sum of means is: 4
in 500 of its logs come within ``TOLERANCE`` by chance, and the loss of a trainer that writes its mean there fits to
rounding (benchmarks/corpus)."""
TERM = 0.01
"""Least share of a term in what is fitted: below it rounding decides its weight."""
POINTS = 6
"""Fewest updates for two weights and a constant, which must come out as zero."""


class LossWeights(NamedTuple):
    """Weights in force, each as a multiple of the logged column; None where its term is too small to tell."""

    value: float | None
    """c1, on the value loss as it is logged: whole or half a square."""
    entropy: float | None
    """c2; negative where the entropy is punished."""
    where: str


@fact
def loss_weights(
    loss: Curve | Missing,
    last_minibatch_loss: Curve | Missing,
    policy_loss: Curve,
    value_loss: Curve,
    entropy: Curve,
) -> LossWeights | Missing:
    """Least squares over the updates that have all four."""
    whole, tolerance = (loss, TOLERANCE) if isinstance(loss, Curve) else (last_minibatch_loss, EXACT)
    if isinstance(whole, Missing):
        return whole
    curves = (whole, policy_loss, value_loss, entropy)
    steps = reduce(np.intersect1d, [curve.step for curve in curves])
    if len(steps) < POINTS:
        return Missing(reason=f"{len(steps)} updates have all the losses", log="log the total loss and its parts")
    total, policy, value, bonus = (curve.value[np.isin(curve.step, steps)] for curve in curves)
    rest, size = total - policy, float(np.abs(total - policy).max())
    scales = np.array([np.abs(value).max(), np.abs(bonus).max()])
    if not (np.isfinite(size) and np.isfinite(scales).all() and size > 0 and (scales > 0).all()):
        return Missing(reason="a loss is zero or too large for a number", log="log the total loss and its parts")
    terms = np.stack([value / scales[0], -bonus / scales[1], np.ones(len(steps))], axis=1)
    spread = np.linalg.svd(terms, compute_uv=False)
    if not spread[2] > np.finfo(float).eps * spread[0]:
        return Missing(reason="value loss or entropy stands still, or both move alike, which hides their weights")
    scaled, *_ = np.linalg.lstsq(terms, rest / size, rcond=None)
    misfit = float(np.abs(terms @ scaled - rest / size).max())
    if not misfit * spread[0] < tolerance * spread[2] or abs(scaled[2]) > TERM:
        return Missing(reason="the total loss is not the sum of the logged parts")
    c1, c2 = scaled[:2] * size / scales
    known = np.abs(scaled[:2]) > TERM
    return LossWeights(float(c1) if known[0] else None, float(c2) if known[1] else None, whole.source)
