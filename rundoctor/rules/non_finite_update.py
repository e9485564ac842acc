"""An update produced NaN or infinity.

What
    The losses, or what the policy and critic put out, stop being numbers.

Why
    One non-finite gradient makes every weight non-finite: from then on nothing is learned, and whatever the log still
    shows is noise of a dead network. It comes before every other reading of the run.

Evidence
    The first update at which a loss is NaN or infinite, and for how many it stays so.

Stays silent
    NaN in a reward before the first episode has ended, in an explained variance of constant returns, or in the blank
    cells of a table; a non-finite value that the next updates do not keep (a note, not a cause).

References
    DLR-RM/stable-baselines3#325 and #1028: one sample in a minibatch, and everything turns to NaN.
    openai/baselines#142: finite inputs, a gradient of NaN, and after Adam's step all weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Evidence, Finding, Missing, Run, Severity
from rundoctor.rules import rule

OPTIMISED = ("loss", "value_loss", "policy_loss", "last_minibatch_loss", "grad_norm", "approx_kl", "entropy")


class Limits(NamedTuple):
    """Thresholds of this rule."""

    kept: float = 0.5
    """Smallest share of the updates after the first non-finite one that are non-finite too."""
    root_of_largest: float = 1.8e19
    """Square root of the largest single-precision number, 3.4e38: returns beyond it have no finite square."""


@rule(severity=Severity.ERROR, explains=("no-learning", "reward-collapse", "loss-explosion", "critic-stalled"))
def check(run: Run, return_scale: ReturnScale | Missing, limits: Limits = Limits()) -> Iterator[Finding]:
    broken = [curve for curve in map(run.curves.get, OPTIMISED) if curve is not None and len(curve.broken)]
    if not broken:
        return
    curve = min(broken, key=lambda curve: int(curve.broken[0]))
    first, share = int(curve.broken[0]), _share_after(curve)
    if share < limits.kept:
        return
    yield Finding(
        message=f"{curve.name} is not a finite number from update {first} on ({len(curve.broken)} updates)",
        evidence=(
            Evidence(
                claim=f"share of updates from {first} on with a non-finite {curve.name}",
                observed=share,
                relation=">=",
                limit=limits.kept,
                where=f"{curve.source}, update {first}",
            ),
            *_overflow(return_scale, limits),
        ),
        onset=first,
        binding=True,
    )


def _overflow(scale: ReturnScale | Missing, limits: Limits) -> Iterator[Evidence]:
    """The returns themselves, where their square is no single-precision number."""
    if isinstance(scale, ReturnScale) and len(scale.low) and scale.last().low > limits.root_of_largest:
        claim, size = "size of the returns: their square overflows single precision", scale.last().low
        yield Evidence(claim=claim, observed=size, relation=">", limit=limits.root_of_largest, where=scale.where)


def _share_after(curve: Curve) -> float:
    first = int(curve.broken[0])
    finite = int((curve.step > first).sum())
    return len(curve.broken) / (len(curve.broken) + finite)
