"""How far the policy moves in an update, and how random it stays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.model import Curve, Missing, Setting


class PolicyMotion(NamedTuple):
    """Approximate KL between the policy before and after an update, in nats."""

    median: float
    """Over the updates that moved at all; its size, since an estimate from samples may be negative."""
    peak: float
    clip_fraction: float | None
    """Median share of samples whose ratio leaves the clip range."""
    starved_from: int | None
    """Update from which it stays below ``STARVED_KL``."""
    curve: Curve
    where: str


STARVED_KL = 5e-4
"""The median update of the healthy development runs moves 2e-3 nat and more, that of a starved policy 2e-4 and less."""


@fact
def policy_motion(approx_kl: Curve, clip_fraction: Curve | Missing) -> PolicyMotion | Missing:
    if not approx_kl.value.any():
        return Missing(reason="approx_kl is zero throughout: a placeholder", log="log a measured approx_kl per update")
    begins = signals.onset(np.abs(approx_kl.value) < STARVED_KL)
    return PolicyMotion(
        median=abs(signals.median(approx_kl.value[approx_kl.value != 0])),
        peak=float(approx_kl.value.max()),
        clip_fraction=signals.median(clip_fraction.value) if isinstance(clip_fraction, Curve) else None,
        starved_from=None if begins is None else int(approx_kl.step[begins]),
        curve=approx_kl,
        where=approx_kl.source,
    )


class EntropyLevel(NamedTuple):
    """How much of its first entropy the policy keeps."""

    first: float
    last: float
    kept: float
    """Last level over first, for a policy whose first entropy is positive; for a Gaussian, whose entropy may be
    negative, exp(last - first): the ratio of the volumes it explores."""
    implied: bool
    """True when it is not logged and only follows from the total loss, as a lower bound on ``kept``."""
    curve: Curve


@fact
def entropy_level(entropy: Curve) -> EntropyLevel | Missing:
    if len(entropy) < 4:
        return Missing(reason="too few points of entropy", log="log the entropy per update")
    first, last = signals.head(entropy.value), signals.tail(entropy.value)
    discrete = bool((entropy.value >= -1e-6).all()) and first > 0
    kept = max(0.0, last) / first if discrete else float(np.exp(min(50.0, last - first)))
    return EntropyLevel(first, last, kept, False, entropy)


class BonusShare(NamedTuple):
    """How much of the total loss is the entropy bonus, where the entropy itself is not logged.

    total = policy loss + weight x value loss - ent_coef x entropy. A negative total is at most the bonus plus the
    policy loss, so entropy >= (-total - policy loss bound) / ent_coef.
    """

    first_entropy: float
    last_entropy: float
    where: str


@fact
def bonus_share(
    loss: Curve, ent_coef_in_force: Setting, normalize_advantage: Setting | Missing
) -> BonusShare | Missing:
    if isinstance(normalize_advantage, Setting) and not normalize_advantage.value:
        return Missing(reason="without standardised advantages the total loss is no entropy", log="log the entropy")
    if not ent_coef_in_force.value > 0 or len(loss) < 4:
        return Missing(reason="no entropy bonus", log="log the entropy per update")
    implied = np.maximum(-loss.value, 0.0) / ent_coef_in_force.value
    return BonusShare(signals.head(implied), signals.tail(implied), loss.source)
