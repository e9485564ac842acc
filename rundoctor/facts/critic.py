"""The critic's error, in the unit it is trained in, against the size of what it has to predict."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.moments import LOG_MOMENTS, CriticBias, Moments
from rundoctor.facts.rewards import ReturnScale
from rundoctor.frameworks import framework_named
from rundoctor.model import Curve, Evidence, Interval, Missing, Run, Setting

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

USUAL_WEIGHTS = (0.25, 1.0)
"""Value weights of the trainers that write a total loss only: 0.25 and 0.5 in rl-durotaxis, 0.5 in Stable-Baselines3
and CleanRL, 1.0 in rsl_rl and RLlib."""
LOGGED_WEIGHTS = (0.25, 2.5)
"""Value weights of trainers that log the value loss times its weight: 0.5 in Sample Factory, 1.0 and 2.5 in skrl."""
POLICY_LOSS_BOUND = 1.0
"""With standardised advantages the clipped surrogate is a mean of ratios times numbers of unit variance; in every run
of ours it stays below 0.2."""

NO_CRITIC = "this algorithm has no critic: it compares answers to one question with each other"
LOG_ERROR = "log return_mean, return_std, value_mean and explained_variance per update"


class CriticError(NamedTuple):
    """Root-mean-square error of the critic by update, known between two bounds."""

    step: Ints
    low: Floats
    high: Floats
    exact: bool
    """True when the mean squared error itself is logged; False when it follows only between bounds."""
    basis: str
    """What it was computed from, in words."""
    where: str

    def last(self) -> Interval:
        """The error at the end of the run."""
        return Interval(low=signals.tail(self.low), high=signals.tail(self.high))

    def first(self) -> Interval:
        """The error at its start."""
        return Interval(low=signals.head(self.low), high=signals.head(self.high))

    def typical(self) -> Interval:
        """The error in the median update."""
        return Interval(low=signals.median(self.low), high=signals.median(self.high))

    def evidence(self, limit: float) -> Evidence:
        """The least of it at the end, beside a limit."""
        claim = "critic error (RMSE); a critic of zero has 1 on standardised returns"
        return Evidence(claim=claim, observed=self.last().low, relation=">", limit=limit, where=self.where)


@fact
def error_of_moments(moments: Moments, explained_variance: Curve) -> CriticError | Missing:
    """Exactly: error^2 = bias^2 + (1 - explained variance) x variance of the returns, before the update's fit."""
    step, left, right = np.intersect1d(moments.step, explained_variance.step, return_indices=True)
    if not len(step):
        return Missing(reason="explained_variance is never logged beside return_mean", log=LOG_ERROR)
    unexplained = np.sqrt(np.maximum(1 - explained_variance.value[right], 0.0)) * moments.std[left]
    error = np.hypot(moments.bias[left], unexplained)
    return CriticError(step, error, error, True, "from the moments of returns and values", moments.where)


@fact
def critic_error(
    error_of_moments: CriticError | Missing,
    error_of_loss: CriticError | Missing,
    learns_critic: bool,
) -> CriticError | Missing:
    """From the value loss where that is a mean squared error, else from moments, else between the loss's bounds."""
    if not learns_critic:
        return Missing(reason=NO_CRITIC)
    exact = isinstance(error_of_loss, CriticError) and error_of_loss.exact
    return error_of_loss if exact or isinstance(error_of_moments, Missing) else error_of_moments


@fact
def error_of_loss(
    run: Run,
    value_loss: Curve | Missing,
    loss: Curve | Missing,
    value_weight: Interval,
    normalize_advantage: Setting | Missing,
    ent_coef_in_force: Setting | Missing,
    value_loss_clamp: Setting | Missing,
) -> CriticError | Missing:
    """From the value loss where it is logged, else from the total loss."""
    if isinstance(value_loss_clamp, Setting) and value_loss_clamp.value:
        return Missing(reason="the value loss is clamped, so it hides the error", log=LOG_ERROR)
    if isinstance(value_loss, Curve):
        return _of_value_loss(run, value_loss)
    if not isinstance(loss, Curve):
        return Missing(reason="neither a value loss nor a total loss is logged", log="log value_loss per update")
    if isinstance(normalize_advantage, Setting) and not normalize_advantage.value:
        return Missing(reason="without standardised advantages the total loss is no value loss", log="log value_loss")
    least_share, most_share = framework_named(run.format).value_loss_share
    bonus = abs(ent_coef_in_force.value) if isinstance(ent_coef_in_force, Setting) else 0.0
    least = np.maximum(loss.value - POLICY_LOSS_BOUND, 0.0) / value_weight.high / most_share
    most = np.maximum(np.abs(loss.value) + POLICY_LOSS_BOUND + bonus, 0.0) / value_weight.low / least_share
    basis = f"from the total loss at a value weight of {value_weight}"
    return CriticError(loss.step, np.sqrt(least), np.sqrt(most), False, basis, loss.source)


def _of_value_loss(run: Run, value_loss: Curve) -> CriticError:
    framework = framework_named(run.format)
    least_share, most_share = framework.value_loss_share
    if framework.value_loss_weighted:
        weight = run.settings.get("vf_coef")
        least, most = (weight.value, weight.value) if weight and weight.value > 0 else LOGGED_WEIGHTS
        least_share, most_share = least_share * least, most_share * most
    loss_value = np.maximum(value_loss.value, 0.0)
    low, high = np.sqrt(loss_value / most_share), np.sqrt(loss_value / least_share)
    exact = least_share == most_share
    basis = "from the value loss" if exact else "from the value loss, whole or half a square"
    return CriticError(value_loss.step, low, high, exact, basis, value_loss.source)


@fact
def value_weight(run: Run, vf_coef: Setting | Missing) -> Interval:
    """Weight of the value loss in the total: the config's, unless the identified trainer reads none there."""
    if isinstance(vf_coef, Setting) and vf_coef.value > 0:
        usual = USUAL_WEIGHTS if vf_coef.value <= USUAL_WEIGHTS[1] else (vf_coef.value, vf_coef.value)
        return Interval(low=min(vf_coef.value, usual[0]), high=max(vf_coef.value, usual[1]))
    return Interval(low=USUAL_WEIGHTS[0], high=USUAL_WEIGHTS[1])


STALLED = 0.5
"""Error over the size of the targets: a critic that says zero has 1, the tracking critics of the benchmark end below
0.3, noise in the returns included."""
FALLING = 0.5
"""Last over first error of a critic that is still on its way."""
BLIND = 0.1
"""Explained variance above which the critic explains something, and the error is the noise of the returns."""


OFF_ON_AVERAGE = 0.2
"""Bias over the returns' size of a critic that explains nothing and has not found their mean either. Returns of GAE
follow the critic: at gamma 0.99 and lambda 0.95 this is a critic at 0.4 of what it has to say."""


@fact
def critic_explains(explained_variance: Curve | Missing, critic_bias: CriticBias | Missing) -> bool:
    """Whether the log shows that the critic explains some of its returns; variance alone is blind to a bias."""
    biased = isinstance(critic_bias, CriticBias) and critic_bias.share >= STALLED
    return isinstance(explained_variance, Curve) and signals.tail(explained_variance.value) >= BLIND and not biased


MOST = 0.5
"""Explained variance from which the critic explains more than it leaves."""


@fact
def critic_explains_most(explained_variance: Curve | Missing, critic_explains: bool) -> bool:
    """Whether it explains the larger part: a critic that lags by its speed may explain some all the same."""
    return critic_explains and isinstance(explained_variance, Curve) and signals.tail(explained_variance.value) >= MOST


class CriticTracking(NamedTuple):
    """How well the critic follows its targets at the end of the run."""

    relative_error: Interval
    """Error over the size of the targets; about 1 for a critic that says zero, whatever the reward's unit."""
    explained_variance: float | None
    """1 - Var(return - value) / Var(return), level of the last fifth; it ignores a constant bias."""
    bias: CriticBias | None
    """Where the means are logged and are not about zero."""
    error_kept: float
    """Last over first error, the shrinking of the targets taken out: an error that falls as they do is no progress."""
    points: int
    """Updates whose error is known."""
    where: str
    onset: int

    def stalls(self, limit: float = STALLED) -> bool:
        """Whether the critic is no better than one that says zero, and not on its way either.

        A bias decides where it is known, since noise in the returns has none. Else, where the error is known between
        bounds, the largest must reach the limit and the smallest half of it.
        """
        error = self.relative_error
        blind = self.explained_variance is None or self.explained_variance < BLIND
        if self.bias is not None:
            off = self.bias.share >= (min(limit, OFF_ON_AVERAGE) if blind else limit)
            return off and self.bias.kept > FALLING
        return blind and error.high >= limit and error.low >= limit / 2 and self.error_kept > FALLING

    @property
    def stalled(self) -> bool:
        """The same at the usual limit."""
        return self.stalls()

    @property
    def lags(self) -> bool:
        """Whether it stalls, or explains next to nothing to the end although its targets have become small."""
        return self.stalled or bool(self.blindness)

    @property
    def blindness(self) -> tuple[Evidence, ...]:
        """The explained variance at the end as evidence, where it is next to nothing and the error is no mere noise."""
        share, claim = self.explained_variance, "explained variance at the end"
        if share is None or not share < BLIND or not self.relative_error.high >= STALLED / 2:
            return ()
        return (Evidence(claim=claim, observed=share, relation="<", limit=BLIND, where=self.where),)


@fact
def critic_tracking(
    critic_error: CriticError,
    target_scale: ReturnScale,
    critic_bias: CriticBias | Missing,
    explained_variance: Curve | Missing,
) -> CriticTracking | Missing:
    """Only where error and targets are in one unit can their ratio be read; see ``return_unit``."""
    last, first, scale = critic_error.last(), critic_error.first(), target_scale.last()
    if target_scale.is_maximum:
        return Missing(
            reason="only the best reward is logged, so the size of the returns is not known",
            log="log return_mean and return_std per update",
        )
    if not scale.low > 0 or target_scale.changes_sign:
        return Missing(reason="rewards of both signs hide the size of the returns", log=LOG_MOMENTS)
    if target_scale.measured and isinstance(critic_bias, Missing):
        return Missing(reason=f"{critic_bias.reason}, and what it misses may be noise")
    return CriticTracking(
        relative_error=Interval(low=last.low / scale.low, high=last.high / scale.low),
        explained_variance=signals.tail(explained_variance.value) if isinstance(explained_variance, Curve) else None,
        bias=critic_bias if isinstance(critic_bias, CriticBias) else None,
        error_kept=last.high / first.high / min(1.0, signals.growth(target_scale.low)) if first.high > 0 else 1.0,
        points=len(critic_error.step),
        where=critic_error.where,
        onset=int(critic_error.step[0]),
    )
