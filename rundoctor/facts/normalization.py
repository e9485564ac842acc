"""In which unit the critic learns: what the config says, and what the log shows."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.critic import BLIND, CriticError
from rundoctor.facts.rewards import ReturnScale
from rundoctor.facts.rollout import AdamReach
from rundoctor.model import Curve, Evidence, Interval, Missing, Run, Setting

UNIT_ERROR = 10.0
"""Standardised targets have unit variance, so a critic of zero errs by 1 and no critic for long by 10."""
RAW_RELATIVE_ERROR = 0.1
"""A fresh critic says about zero, so its first error is the size of the targets; below a tenth of the raw size the
targets are in another unit."""

SAME_UNIT = 0.5
"""Least size of the logged returns over the one that follows from the rewards, if both are in one unit."""


class ReturnUnit(NamedTuple):
    """The critic's unit."""

    raw: bool | None
    """True: rewards as logged; False: normalised; None: the log does not tell."""
    configured: bool | None
    """What the config says of normalisation; None when it does not say."""
    configured_at: str
    first_error: Interval
    where: str

    @property
    def contradicted(self) -> bool:
        """Whether the config says normalised and the log shows that it is not."""
        return self.raw is True and self.configured is True


@fact
def return_unit(
    critic_error: CriticError,
    return_scale: ReturnScale | Missing,
    target_scale: ReturnScale | Missing,
    normalize_returns: Setting | Missing,
    normalize_rewards: Setting | Missing,
    return_factor: float,
) -> ReturnUnit:
    claims = [setting for setting in (normalize_returns, normalize_rewards) if isinstance(setting, Setting)]
    claim = next((setting for setting in claims if setting.value), claims[0] if claims else None)
    return ReturnUnit(
        raw=_is_raw(critic_error, return_scale, target_scale, return_factor),
        configured=bool(claim.value) if claim else None,
        configured_at=f"{claim.path} ({claim.where})" if claim else "",
        first_error=critic_error.first(),
        where=critic_error.where,
    )


def _is_raw(
    error: CriticError, scale: ReturnScale | Missing, targets: ReturnScale | Missing, factor: float
) -> bool | None:
    if (
        isinstance(targets, ReturnScale)
        and targets.measured
        and isinstance(scale, ReturnScale)
        and not scale.is_maximum
    ):
        return targets.first().low > SAME_UNIT * scale.first().low
    if max(error.first().low, error.last().low) > UNIT_ERROR * factor:
        return True
    if isinstance(scale, Missing):
        return None
    if error.first().high < RAW_RELATIVE_ERROR * scale.first().low:
        return False
    return True if error.first().low > RAW_RELATIVE_ERROR * scale.first().low else None


@fact
def return_factor(run: Run) -> float:
    """Factor on the normalised returns, 1 where none is set."""
    setting = run.settings.get("return_scale")
    return max(1.0, abs(setting.value)) if setting else 1.0


class CriticTravel(NamedTuple):
    """How far the critic has to go and how fast Adam can take it there.

    With bounded features h in [-1, 1] one Adam step moves the value by at most lr (H + 1), H the width of the last
    layer: the bias and each of H weights move by lr. Tanh networks keep to it, ReLU features may grow themselves.
    """

    distance: Interval
    """Error still to be corrected, in the critic's unit."""
    per_update: float
    """Farthest the value can move in one update, at the run's learning rate or a usual one, whichever is higher."""
    updates: int
    width: int
    where: str
    assumed_width: bool

    @property
    def updates_needed(self) -> float:
        """Updates to cover the distance at full speed; infinitely many for a critic that has no gradient step."""
        return self.distance.low / self.per_update if self.per_update > 0 else inf

    def short(self, share: float) -> tuple[Evidence, ...]:
        """The updates needed as evidence, where they are more than this share of the run's."""
        width = f"{self.width}{' assumed' if self.assumed_width else ''}"
        claim = f"updates Adam needs at about {self.per_update:.3g} an update (rate x steps x (width {width} + 1))"
        limit = share * self.updates
        proof = Evidence(claim=claim, observed=self.updates_needed, relation=">", limit=limit, where=self.where)
        return (proof,) if self.updates_needed > limit else ()


USUAL_RATE = 1e-4
"""A rate below it is the fault of the rate, not of the returns' size."""
TANH_WIDTH = 64
"""Width assumed where the config does not say: the default of Stable-Baselines3's MlpPolicy and of CleanRL."""


@fact
def critic_travel(critic_error: CriticError, adam_reach: AdamReach, hidden_dim: Setting | Missing) -> CriticTravel:
    width = int(hidden_dim.value) if isinstance(hidden_dim, Setting) else TANH_WIDTH
    return CriticTravel(
        distance=critic_error.last(),
        per_update=max(adam_reach.learning_rate, USUAL_RATE) * adam_reach.steps_per_update * (width + 1),
        updates=adam_reach.updates,
        width=width,
        where=adam_reach.where,
        assumed_width=isinstance(hidden_dim, Missing),
    )


class ValueGap(NamedTuple):
    """The means of values and returns at the end, and how far they are apart beside the error of the value loss."""

    said: float
    due: float
    squared_over_loss: float
    """At most 1 where values and returns are in one unit: a mean square is no less than the square of the mean. 0
    where the loss does not show the error."""
    where: str

    def evidence(self, small: float, impossible: float) -> tuple[Evidence, ...]:
        """That it is more, where the values are small beside the returns."""
        claim = (
            f"squared difference of mean return {self.due:.3g} and mean value {self.said:.3g} over the squared error"
        )
        size = self.squared_over_loss
        proof = Evidence(claim=claim, observed=size, relation=">", limit=impossible, where=self.where)
        return (proof,) if abs(self.said) < small * abs(self.due) and size > impossible else ()


@fact
def value_gap(value_mean: Curve, return_mean: Curve, error_of_loss: CriticError | Missing) -> ValueGap:
    said, due = signals.tail(value_mean.value), signals.tail(return_mean.value)
    error = error_of_loss.last().high if isinstance(error_of_loss, CriticError) else inf
    apart = (due - said) / max(error, 1e-150)
    return ValueGap(said, due, apart * apart, value_mean.source)


WITHIN_AN_UPDATE = 0.5
"""Largest share of the returns' size that Adam may cover in the first update: a loss that is logged after it is then
that of a critic which still says about zero."""


class FreshError(NamedTuple):
    """The error of a critic that has learned nothing yet, over the size of the returns."""

    relative: float
    """About 1 in one unit, whatever that is; the least among raw runs of ours is 0.25 (benchmarks/corpus)."""
    where: str

    def evidence(self, limit: float) -> tuple[Evidence, ...]:
        """It as evidence, where it is below the limit."""
        claim = "first error of the critic over the size of the returns, which is the error of saying zero"
        proof = Evidence(claim=claim, observed=self.relative, relation="<", limit=limit, where=self.where)
        return (proof,) if self.relative < limit else ()


@fact
def fresh_error(
    critic_error: CriticError,
    return_scale: ReturnScale,
    critic_travel: CriticTravel,
    explained_variance: Curve,
    value_loss_clamp_in_force: Setting | Missing,
) -> FreshError | Missing:
    """Where no clamp hides the error, and nothing says that the critic has learned before the log begins."""
    clamped = isinstance(value_loss_clamp_in_force, Setting) and value_loss_clamp_in_force.value
    size = return_scale.first().low
    if clamped or return_scale.is_maximum:
        return Missing(reason="a clamp hides the error, or the size of the returns is not known")
    if explained_variance.value[0] >= BLIND or critic_travel.per_update > WITHIN_AN_UPDATE * size:
        return Missing(reason="the first loss is not that of a critic which says zero")
    return FreshError(critic_error.first().high / size, critic_error.where)
