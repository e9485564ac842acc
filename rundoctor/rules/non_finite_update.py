"""An update produced NaN or infinity.

What
    The losses, or what the policy and critic put out, stop being numbers; or the log ends with an infinite reward.

Why
    One non-finite gradient makes every weight non-finite: from then on nothing is learned, and whatever the log still
    shows is noise of a dead network. It comes before every other reading of the run.

Evidence
    The update from which a loss is NaN or infinite to the end of the log; an infinite reward among the last ones, for
    many trainers stop with an error before they log what it did to the losses.

Stays silent
    NaN in a reward before the first episode has ended, in an explained variance of constant returns, or in the blank
    cells of a table; a non-finite value that the next updates do not keep (a note, not a cause).

References
    DLR-RM/stable-baselines3#325 and #1028: one sample in a minibatch, and everything turns to NaN.
    openai/baselines#142: finite inputs, a gradient of NaN, and after Adam's step all weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rundoctor.facts.infinite_reward import InfiniteReward
from rundoctor.facts.rewards import ReturnScale
from rundoctor.model import Curve, Evidence, Finding, Missing, Run, Severity
from rundoctor.rules import rule

if TYPE_CHECKING:
    from rundoctor.model import Ints

OPTIMISED = ("loss", "value_loss", "policy_loss", "last_minibatch_loss", "grad_norm", "approx_kl", "entropy")


class Limits(NamedTuple):
    """Thresholds of this rule."""

    rows: int = 2
    """Fewest values of a diagnostic at the end of the log; of a loss itself one is enough."""
    root_of_largest: float = 1.8e19
    """Square root of the largest single-precision number, 3.4e38: returns beyond it have no finite square."""


@rule(severity=Severity.ERROR, explains=("no-learning", "reward-collapse", "loss-explosion", "critic-stalled"))
def check(
    run: Run,
    return_scale: ReturnScale | Missing,
    infinite_reward: InfiniteReward | Missing,
    limits: Limits = Limits(),
) -> Iterator[Finding | Missing]:
    logged = [curve for curve in map(run.curves.get, OPTIMISED) if curve is not None]
    if not logged and isinstance(infinite_reward, Missing):
        yield Missing(reason="no loss is logged", log="log loss per update")
    tails = [(curve, _broken_to_the_end(curve)) for curve in logged]
    ended = [tail for tail in tails if len(tail[1]) >= (1 if tail[0].name.endswith("loss") else limits.rows)]
    if not ended:
        if isinstance(infinite_reward, InfiniteReward):
            yield _infinite(infinite_reward)
        return
    curve, broken = min(ended, key=lambda tail: int(tail[1][0]))
    first = int(broken[0])
    yield Finding(
        message=f"{curve.name} is not a finite number from update {first} to the end",
        evidence=(
            Evidence(
                claim=f"non-finite values of {curve.name} at the end of the log",
                observed=float(len(broken)),
                relation=">=",
                limit=1.0,
                where=f"{curve.source}, update {first}",
            ),
            *_overflow(return_scale, limits),
        ),
        onset=first,
        binding=True,
    )


def _infinite(reward: InfiniteReward) -> Finding:
    claim = f"infinite values of {reward.name} at the end of the log"
    proof = Evidence(claim=claim, observed=float(reward.values), relation=">=", limit=1.0, where=reward.where)
    message = f"{reward.name} is infinite at the end of the log"
    return Finding(message=message, evidence=(proof,), onset=reward.first, binding=True)


def _broken_to_the_end(curve: Curve) -> Ints:
    """The updates after the last finite value. Shape [n]."""
    last = curve.step[-1] if len(curve) else -1
    return curve.broken[curve.broken > last]


def _overflow(scale: ReturnScale | Missing, limits: Limits) -> Iterator[Evidence]:
    """The returns themselves, where their square is no single-precision number."""
    if isinstance(scale, ReturnScale) and len(scale.low) and scale.last().low > limits.root_of_largest:
        claim, size = "size of the returns: their square overflows single precision", scale.last().low
        yield Evidence(claim=claim, observed=size, relation=">", limit=limits.root_of_largest, where=scale.where)
