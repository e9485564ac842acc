"""Settings as they are in force: what the log shows, else what the config says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rundoctor import signals
from rundoctor.facts import fact
from rundoctor.facts.critic import BLIND
from rundoctor.facts.entropy_bonus import LeastWeight
from rundoctor.facts.loss_weights import LossWeights
from rundoctor.frameworks import framework_named
from rundoctor.model import Curve, Missing, Run, Setting

if TYPE_CHECKING:
    from rundoctor.model import Floats

AGREES = 0.01
"""Relative difference of two numbers that is rounding: of a fitted weight the config's own number is shown then."""


@fact
def learning_rate_in_force(run: Run, learning_rate: Setting | Missing, writes_answers: bool) -> Setting | Missing:
    """The learning rate the log shows, else the config's: a resumed optimiser keeps its own."""
    if writes_answers:
        return Missing(reason="the usual learning rates are those of small networks trained from nothing")
    return _in_force(run, "learning_rate", learning_rate)


@fact
def learning_rate_curve(run: Run) -> Curve | Missing:
    """The learning rate by update, as it is logged."""
    curve = run.curves.get("learning_rate")
    return curve if curve is not None and len(curve) else Missing(reason="no rate is logged", log="log learning_rate")


@fact
def steers_rate(run: Run, learning_rate: Setting | Missing, learning_rate_curve: Curve | Missing) -> bool:
    """Whether the trainer sets its learning rate itself, by the KL: of its schedules only that one raises a rate."""
    if framework_named(run.format).rate_bounds is None or isinstance(learning_rate_curve, Missing):
        return False
    begins = [learning_rate.value] if isinstance(learning_rate, Setting) else []
    rates = np.append(begins, learning_rate_curve.value)
    return bool(np.any(rates[1:] > (1 + AGREES) * rates[:-1]))


@fact
def chosen_learning_rate(learning_rate_in_force: Setting, steers_rate: bool) -> Setting | Missing:
    """The rate in force, where it is a choice."""
    if steers_rate:
        return Missing(reason="the trainer sets its learning rate itself, by the KL")
    return learning_rate_in_force


def logged(run: Run, name: str) -> tuple[Floats, str]:
    """Values of a setting as the log shows it, per update or per episode, and their file. Shape [n], n may be 0."""
    if name in run.curves and len(run.curves[name]):
        return run.curves[name].value, run.curves[name].source
    if run.episodes is not None and name in run.episodes.scalars:
        values = run.episodes.scalars[name]
        return values[np.isfinite(values)], run.episodes.source
    return np.array([]), ""


def _in_force(run: Run, name: str, configured: Setting | Missing) -> Setting | Missing:
    """The log's value, else the config's."""
    values, source = logged(run, name)
    if not len(values):
        return configured
    return Setting(name=name, path="", value=signals.median(values), where=f"{source}, median of the run")


@fact
def ent_coef_in_force(run: Run, ent_coef: Setting | Missing, loss_weights: LossWeights | Missing) -> Setting | Missing:
    """The entropy weight the log shows, by itself or in its losses, else the config's."""
    if (
        isinstance(loss_weights, LossWeights)
        and loss_weights.entropy is not None
        and not len(logged(run, "ent_coef")[0])
    ):
        return _fitted("ent_coef", loss_weights.entropy, loss_weights.where, ent_coef)
    return _in_force(run, "ent_coef", ent_coef)


CONTRADICTS = 1.5
"""Smallest ratio of two numbers that is no rounding."""
STANDS = 0.01
"""Largest change of a logged setting within the run; beyond it a schedule is at work, begun who knows where."""


@fact
def not_obeyed(
    run: Run,
    learning_rate: Setting | Missing,
    learning_rate_in_force: Setting | Missing,
    ent_coef: Setting | Missing,
    ent_coef_in_force: Setting | Missing,
) -> dict[str, str]:
    """Why to edit a setting in the config changes nothing, by name: the log shows another value all along."""
    pairs = (learning_rate, learning_rate_in_force), (ent_coef, ent_coef_in_force)
    return {
        written.name: f"{written.path} is {written.value:g} in the config, and the log shows {real.value:.3g}: "
        "find the code that should obey it"
        for written, real in pairs
        if isinstance(written, Setting) and isinstance(real, Setting) and isinstance(written.value, (int, float))
        if not written.implied and not agree(written.value, real.value, CONTRADICTS)
        if not len(values := logged(run, written.name)[0]) or np.ptp(values) <= STANDS * abs(values[0])
    }


def agree(configured: float, shown: float, factor: float) -> bool:
    """Whether two values of a setting are the same but for that factor."""
    small, large = sorted((abs(configured), abs(shown)))
    return configured == shown or (configured * shown > 0 and large <= factor * small)


@fact
def vf_coef_in_force(vf_coef: Setting | Missing, loss_weights: LossWeights | Missing) -> Setting | Missing:
    """The weight of the value loss in the logged losses, else the config's."""
    if isinstance(loss_weights, LossWeights) and loss_weights.value is not None:
        return _fitted("vf_coef", loss_weights.value, loss_weights.where, vf_coef)
    return vf_coef


def _fitted(name: str, weight: float, where: str, configured: Setting | Missing) -> Setting:
    if isinstance(configured, Setting) and abs(configured.value - weight) <= AGREES * abs(weight):
        return configured
    return Setting(name=name, path="", value=weight, where=f"{where}, total loss against its parts")


@fact
def clip_range_in_force(run: Run, clip_range: Setting | Missing) -> Setting | Missing:
    """The policy clip the log shows, else the config's."""
    curve = run.curves.get("clip_range")
    if curve is not None and len(curve):
        return Setting(name="clip_range", path="", value=signals.median(curve.value), where=curve.source)
    return clip_range


NO_CEILING = "no ceiling on the value error is configured, and the log shows none"
FLAT = 0.02
"""Largest spread of a value loss over its level that counts as standing: the mean of 2000 squared errors alone spreads
by a tenth, what a clamp lets through of them by 0.005 (benchmarks/corpus)."""


@fact
def value_loss_clamp_in_force(
    value_loss_clamp: Setting | Missing,
    value_loss: Curve | Missing,
    explained_variance: Curve | Missing,
    normalize_returns: Setting | Missing,
) -> Setting | Missing:
    """The config's ceiling on the squared error, else the one that the loss of raw returns stands at and never leaves.

    Only where the critic explains nothing: there the loss should follow the returns.
    """
    if isinstance(value_loss_clamp, Setting) and value_loss_clamp.value:
        return value_loss_clamp
    configured = value_loss_clamp if isinstance(value_loss_clamp, Setting) else Missing(reason=NO_CEILING)
    if isinstance(value_loss, Missing) or isinstance(explained_variance, Missing):
        return configured
    late = value_loss.value[len(value_loss) // 2 :]
    level, raw = signals.tail(value_loss.value), isinstance(normalize_returns, Setting) and not normalize_returns.value
    spread = max(np.ptp(late), value_loss.value.max() - level)
    stands = len(late) >= FEWEST_LATE and level > 0 and spread <= FLAT * level
    if not (raw and stands and signals.tail(explained_variance.value) < BLIND):
        return configured
    return Setting(name="value_loss_clamp", path="", value=level, where=f"{value_loss.source}, where the loss stands")


FEWEST_LATE = 5
"""Updates of the second half that tell whether a loss stands."""
FEWEST = 2
"""Values in the log that tell a setting; a single one may be any point of a schedule."""


def shown(
    run: Run, setting: Setting, weights: LossWeights | Missing, least: LeastWeight | Missing
) -> tuple[Floats, str]:
    """Values of a setting in the log, by itself, as a weight in the total loss, or the least that it must be."""
    values, source = logged(run, setting.name)
    if len(values) >= FEWEST:
        return values, source
    if isinstance(weights, LossWeights):
        weight = {"vf_coef": weights.value, "ent_coef": weights.entropy}.get(setting.name)
        return np.array([] if weight is None else [weight]), f"{weights.where}, total loss against its parts"
    if isinstance(least, LeastWeight) and setting.name == "ent_coef" and least.value > max(0.0, setting.value):
        return np.array([least.value]), least.where
    return np.array([]), source
