"""How far the policy moves in an update, and how random it stays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.model import Curve, Evidence, Missing


class PolicyMotion(NamedTuple):
    """Approximate KL between the policy before and after an update, in nats."""

    median: float
    """Over the updates that moved at all; its size, since an estimate from samples may be negative."""
    last: float
    """The same over the last fifth of the run."""
    peak: float
    clip_fraction: float | None
    """Median share of samples whose ratio leaves the clip range."""
    starved_from: int | None
    """Update from which it stays below ``STARVED_KL``."""
    curve: Curve
    where: str

    @property
    def level(self) -> float:
        """The larger one of the whole run's and the end's: a policy may leave its trust region late, and for good."""
        return max(self.median, self.last)

    @property
    def level_is_of(self) -> str:
        """What ``level`` is, in words."""
        return "median KL of an update (nat)" if self.median >= self.last else "KL of an update at the end (nat)"

    @property
    def starved(self) -> bool:
        """Whether the median update hardly moves the policy."""
        return self.median < STARVED_KL

    @property
    def starvation(self) -> tuple[Evidence, ...]:
        """That as evidence, where it is so."""
        return self.slower_than(STARVED_KL)

    def slower_than(self, limit: float) -> tuple[Evidence, ...]:
        """The median update as evidence, where it moves the policy by less than the limit."""
        claim = "median KL of an update (nat): the policy hardly moves"
        proof = Evidence(claim=claim, observed=self.median, relation="<", limit=limit, where=self.where)
        return (proof,) if self.median < limit else ()


STARVED_KL = 5e-4
"""The median update of the healthy development runs moves 2e-3 nat and more, that of a starved policy 2e-4 and less."""
SLOW_KL = 2e-3
"""The least that the healthy development runs move."""


@fact
def policy_motion(approx_kl: Curve, clip_fraction: Curve | Missing, writes_answers: bool) -> PolicyMotion | Missing:
    if writes_answers:
        return Missing(reason="approx_kl is that of one token of an answer, and its usual size is not known")
    if not approx_kl.value.any():
        return Missing(reason="approx_kl is zero throughout: a placeholder", log="log a measured approx_kl per update")
    begins = signals.onset(np.abs(approx_kl.value) < STARVED_KL)
    return PolicyMotion(
        median=abs(signals.median(approx_kl.value[approx_kl.value != 0])),
        last=abs(signals.tail(approx_kl.value)),
        peak=float(approx_kl.value.max()),
        clip_fraction=signals.median(clip_fraction.value) if isinstance(clip_fraction, Curve) else None,
        starved_from=None if begins is None else int(approx_kl.step[begins]),
        curve=approx_kl,
        where=approx_kl.source,
    )


FLOAT_ZERO = -1e-6
"""Lowest entropy that is a zero in single precision; ML-Agents writes -2.4e-7 for one."""


class EntropyLevel(NamedTuple):
    """How much of its first entropy the policy keeps."""

    first: float
    last: float
    kept: float
    """Last level over first, for a policy whose first entropy is positive; for a Gaussian, whose entropy may be
    negative, exp(last - first): the ratio of the volumes it explores."""
    curve: Curve


@fact
def entropy_level(entropy: Curve, action_std: Curve | Missing) -> EntropyLevel | Missing:
    if len(entropy) < 4:
        return Missing(reason="too few points of entropy", log="log the entropy per update")
    first, last = signals.head(entropy.value), signals.tail(entropy.value)
    discrete = isinstance(action_std, Missing) and bool((entropy.value >= FLOAT_ZERO).all()) and first > 0
    kept = max(0.0, last) / first if discrete else float(np.exp(min(50.0, last - first)))
    return EntropyLevel(first, last, kept, entropy)
