"""Runs made in memory, and shapes for their curves: what a test says is all there is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rundoctor.diagnosis import diagnose
from rundoctor.facts import FactBook
from rundoctor.fixes import all_fixes
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import (
    Component,
    Config,
    ConfigFlaw,
    Curve,
    Diagnosed,
    Diagnosis,
    Edit,
    Episodes,
    Missing,
    Proposal,
    Run,
    Setting,
    Skipped,
)

UPDATES = 20
LEARNS = {"learning_rate": 3e-4, "n_epochs": 10, "batch_size": 64, "rollout_steps": 2048, "hidden_dim": 64}
"""The settings of a small healthy run: 320 gradient steps an update."""


def flat(value: float, count: int = UPDATES) -> np.ndarray:
    return np.full(count, float(value))


def ramp(first: float, last: float, count: int = UPDATES) -> np.ndarray:
    return np.linspace(first, last, count)


def geometric(first: float, last: float, count: int = UPDATES) -> np.ndarray:
    return np.geomspace(first, last, count)


def collapse(low: float, high: float, last: float, count: int = UPDATES) -> np.ndarray:
    """Rise for half of the run, then fall to the last level and stay there."""
    half = count // 2
    return np.concatenate([np.linspace(low, high, half), np.full(count - half, float(last))])


def noise(size: float, count: int = UPDATES, seed: int = 0) -> np.ndarray:
    return size * np.random.default_rng(seed).standard_normal(count)


def setting(name: str, value: Any) -> Setting:
    assert name in HYPERPARAMETERS, name
    return Setting(name=name, path=name, value=value, raw=str(value), where="config.yaml:1")


def curve(name: str, values: Sequence[float] | np.ndarray) -> Curve:
    return Curve.from_points(name, range(len(values)), values, "loss_metrics.json")


def component(name: str, mean: Any, std: Any = 0.0, count: Any = 100.0, weight: Any = np.nan) -> Component:
    """One episode an update: mean, std and steps of an episode, numbers or arrays."""
    mean = np.atleast_1d(np.asarray(mean, dtype=float))
    mean = np.repeat(mean, UPDATES) if len(mean) == 1 else mean
    std, count, weight = (np.broadcast_to(np.asarray(x, dtype=float), mean.shape).copy() for x in (std, count, weight))
    return Component(
        name=name, count=count, mean=mean, std=std, minimum=mean, maximum=mean, total=mean * count, weight=weight
    )


def run(
    settings: Mapping[str, Any] | None = None,
    *,
    components: Sequence[Component] = (),
    flaws: Sequence[ConfigFlaw] = (),
    kind: str = "sb3",
    source: str = "",
    **curves: Sequence[float] | np.ndarray,
) -> Run:
    """A run from canonical settings and curves; ``kind`` sb3 logs the mean squared value error as it is."""
    logged = {name: curve(name, values) for name, values in curves.items()}
    episodes = None
    if components:
        index = np.arange(len(components[0].mean))
        parts = {part.name: part for part in components}
        infinite = index[np.isinf(parts["total_reward"].total)] if "total_reward" in parts else index[:0]
        where = "reward_components_stats.json"
        episodes = Episodes(index=index, components=parts, scalars={}, source=where, infinite=infinite)
        logged.setdefault("episodes_done", curve("episodes_done", index + 1.0))
    text = "".join(f"{name}: {value}\n" for name, value in (settings or {}).items())
    return Run(
        path="run",
        format=kind,
        curves=logged,
        episodes=episodes,
        settings={name: setting(name, value) for name, value in (settings or {}).items()},
        source=source,
        config=Config(file="config.yaml", path="run/config.yaml", text=text, entries=(), flaws=tuple(flaws)),
    )


SOUND = LEARNS | {
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "clip_range": 0.2,
    "ent_coef": 0.01,
    "vf_coef": 0.5,
    "normalize_advantage": True,
    "normalize_returns": True,
}
"""All settings of a small healthy run."""


def learning(settings: Mapping[str, Any] | None = None, **curves: Sequence[float] | np.ndarray | None) -> Run:
    """A healthy run that logs everything; what is given replaces what is there, None removes it."""
    everything = {
        "reward_mean": ramp(20, 400),
        "episode_length": ramp(20, 400),
        "value_loss": flat(0.3),
        "policy_loss": flat(-0.01),
        "explained_variance": ramp(0.0, 0.9),
        "approx_kl": flat(0.01),
        "clip_fraction": flat(0.1),
        "entropy": ramp(0.69, 0.4),
    } | curves
    chosen = {name: value for name, value in (SOUND | dict(settings or {})).items() if value is not None}
    return run(chosen, **{name: values for name, values in everything.items() if values is not None})


def not_learning(settings: Mapping[str, Any] | None = None, **curves: Sequence[float] | np.ndarray | None) -> Run:
    """The same run with a reward that stays where it began."""
    level = 20 + noise(0.5)
    return learning(settings, **{"reward_mean": level, "episode_length": level} | curves)


def proposed(fix: str, sick: Run) -> Proposal:
    """What a fix proposes for a run; refused where a fact it needs is missing."""
    found = next(one for one in all_fixes() if one.name == fix)
    arguments = FactBook(sick).arguments(found.needs)
    return Proposal(refused=arguments.reason) if isinstance(arguments, Missing) else found.propose(**arguments)


def check_proposes(fix: str, sick: Run) -> Edit:
    """The fix proposes one edit, with the numbers it was computed from; the edit."""
    proposal = proposed(fix, sick)
    assert not proposal.refused, proposal
    (edit,) = proposal.edits
    assert edit.why
    return edit


def check_refuses(fix: str, sick: Run) -> str:
    """The fix has nothing to change, or is never written into a config here; why."""
    proposal = proposed(fix, sick)
    assert proposal.refused, proposal
    return proposal.refused


def check_only_tested(fix: str, sick: Run) -> Edit:
    """The fix is refused here, and carries what a replay tests all the same; its first edit."""
    proposal = proposed(fix, sick)
    assert proposal.refused, proposal
    assert proposal.edits
    return proposal.edits[0]


def named(diagnosis: Diagnosis, rule: str) -> Diagnosed | None:
    everything = diagnosis.causes + diagnosis.symptoms + diagnosis.hazards + diagnosis.remarks
    return next((found for found in everything if found.rule == rule), None)


def check_finds(rule: str, sick: Run) -> Diagnosed:
    """The rule finds something in the run; what it found."""
    found = named(diagnose(sick, select=[rule]), rule)
    assert found is not None, f"{rule} finds nothing: {diagnose(sick, select=[rule])}"
    return found


def check_blames(rule: str, sick: Run) -> Diagnosed:
    """Beside all other rules this one is named as a cause; what it found."""
    causes = {cause.rule: cause for cause in diagnose(sick).causes}
    assert rule in causes, sorted(causes)
    return causes[rule]


def check_clear(rule: str, healthy: Run) -> None:
    """The rule could judge the run and found nothing."""
    assert rule in diagnose(healthy, select=[rule]).clear, diagnose(healthy, select=[rule])


def check_skipped(rule: str, blind: Run) -> Skipped:
    """The rule could not judge the run; why."""
    diagnosis = diagnose(blind, select=[rule])
    assert [one.rule for one in diagnosis.skipped] == [rule], diagnosis
    assert "failed" not in diagnosis.skipped[0].reason
    return diagnosis.skipped[0]
