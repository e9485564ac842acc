"""The faults: what each changes, which answers are right, and how large it is.

Sizes are drawn from ranges that overlap what is healthy elsewhere, so that some draws do no damage. ``accept`` was
fixed before any run of the test split was scored: the name of the fault, and at most one more where the files cannot
tell the two apart. A fault without accepted names is one that no rule was made for: the right answer is that the cause
is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from corpus.tampering import Tampering
from corpus.tasks import Settings, Task

Draw = np.random.Generator
BOTH = ("sb3", "core")


@dataclass(frozen=True)
class Injection:
    """What one run gets."""

    settings: Settings
    """In force and in the config."""
    hidden: Settings = field(default_factory=dict)
    """In force; the config says what it would say without the fault."""
    tampering: Tampering = field(default_factory=Tampering)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way to spoil a run."""

    accept: tuple[str, ...] = ()
    inject: Callable[[Draw, Task], Injection]
    trainers: tuple[str, ...] = BOTH
    visible: bool = True
    """Whether the config shows it."""
    possible: Callable[[Task], bool] = field(default=lambda task: True)


def settings(**ranges: object) -> Callable[[Draw, Task], Injection]:
    """Values; a pair is the ends of a range, drawn on a logarithmic scale."""
    return lambda draw, task: Injection({name: _drawn(draw, value) for name, value in ranges.items()})


def hidden(**ranges: object) -> Callable[[Draw, Task], Injection]:
    """The same, of which the config says nothing."""
    return lambda draw, task: Injection({}, {name: _drawn(draw, value) for name, value in ranges.items()})


def _drawn(draw: Draw, value: object) -> object:
    if not isinstance(value, tuple):
        return value
    low, high = value
    sign = -1.0 if high < 0 else 1.0
    number = sign * float(np.exp(draw.uniform(*sorted((np.log(abs(low)), np.log(abs(high)))))))
    return round(number) if isinstance(low, int) else float(f"{number:.3g}")


def _logarithmic(draw: Draw, low: float, high: float) -> float:
    return float(f"{np.exp(draw.uniform(np.log(low), np.log(high))):.3g}")


def _dominates(draw: Draw, task: Task) -> Injection:
    weights = {task.cost: _logarithmic(draw, 5.0, 200.0)}
    return Injection({"reward_weights": weights}, tampering=Tampering(weights=weights))


def _dead(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(weights={task.goal: 0.0}))


def _wrong_sign(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(weights={task.goal: -1.0}))


def _drifts(draw: Draw, task: Task) -> Injection:
    return Injection({"learnable_component_weights": True}, tampering=Tampering(drift=_logarithmic(draw, 0.2, 1.0)))


def _changes(draw: Draw, task: Task) -> Injection:
    change = -_logarithmic(draw, 0.3, 3.0)
    return Injection({}, tampering=Tampering(change_at=float(draw.uniform(0.3, 0.7)), change=change))


def _poisons(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(poison_at=float(draw.uniform(0.2, 0.7))))


def _clips(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(clip=_logarithmic(draw, 0.003, 0.1)))


def _ends(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(timeouts_end=True))


def _blinds(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(observation_factor=_logarithmic(draw, 0.003, 0.03)))


def _saturates(draw: Draw, task: Task) -> Injection:
    return Injection({}, tampering=Tampering(observation_factor=_logarithmic(draw, 30.0, 300.0)))


def _several(task: Task) -> bool:
    return bool(task.cost)


def _continuous(task: Task) -> bool:
    return not hasattr(task.world(1).action_space, "n")


RAW = {"normalize_returns": False}
TIGHT = RAW | {"value_clip": True, "clip_range_vf": (0.05, 1.0)}
SCALE, RATE = ("returns-not-normalized",), ("learning-rate-too-high",)
CONTRADICTED = ("config-contradicted-by-log",)

FAULTS = {
    # ---- the value function
    "value-clip-too-tight": Fault(
        accept=("value-clip-too-tight", *SCALE), inject=settings(**TIGHT, reward_scale=(10.0, 3000.0))
    ),
    "value-clip-too-tight-shared": Fault(
        accept=("value-clip-too-tight", *SCALE),
        inject=settings(**TIGHT, reward_scale=(10.0, 3000.0), shared_trunk=True),
    ),
    "value-clip-relative": Fault(
        accept=("value-clip-too-tight", *SCALE),
        inject=settings(**TIGHT, reward_scale=(10.0, 3000.0), value_clip_relative=True),
        trainers=("core",),
    ),
    "returns-not-normalized": Fault(accept=SCALE, inject=settings(**RAW, reward_scale=(30.0, 10_000.0))),
    "returns-not-normalized-shared": Fault(
        accept=(*SCALE, "value-weight-too-high"),
        inject=settings(**RAW, reward_scale=(30.0, 10_000.0), shared_trunk=True),
    ),
    "value-loss-clamped": Fault(
        accept=("value-loss-clamped", *SCALE),
        inject=settings(**RAW, reward_scale=(10.0, 1000.0), value_loss_clamp=(1.0, 100.0)),
        trainers=("core",),
    ),
    "value-weight-too-high": Fault(
        accept=("value-weight-too-high",), inject=settings(vf_coef=(10.0, 3000.0), shared_trunk=True)
    ),
    "value-weight-zero": Fault(accept=("value-weight-too-low",), inject=settings(vf_coef=(1e-7, 1e-5))),
    "returns-per-batch": Fault(
        accept=("critic-in-another-unit", *SCALE),
        inject=settings(**RAW, reward_scale=(10.0, 1000.0), normalize_returns_per_batch=True, return_scale=10.0),
        trainers=("core",),
    ),
    # ---- the step
    "learning-rate-too-high": Fault(accept=RATE, inject=settings(learning_rate=(3e-3, 0.1))),
    "learning-rate-too-low": Fault(accept=("learning-rate-too-low",), inject=settings(learning_rate=(1e-6, 5e-5))),
    "too-many-epochs": Fault(
        accept=("too-many-epochs", *RATE), inject=settings(n_epochs=(30, 60), learning_rate=(1e-3, 4e-3))
    ),
    "policy-clip-too-wide": Fault(
        accept=("policy-clip-too-wide", *RATE), inject=settings(clip_range=(0.6, 30.0), learning_rate=(2e-3, 1e-2))
    ),
    "policy-clip-too-narrow": Fault(accept=("policy-clip-too-narrow",), inject=settings(clip_range=(1e-5, 1e-2))),
    "kl-stop-starves": Fault(accept=("target-kl-too-low",), inject=settings(target_kl=(1e-7, 1e-4))),
    "advantages-not-normalized": Fault(
        accept=("advantages-not-normalized", *SCALE),
        inject=settings(**RAW, normalize_advantage=False, reward_scale=(0.01, 1000.0)),
    ),
    # ---- exploration and credit
    "entropy-weight-too-high": Fault(accept=("entropy-weight-too-high",), inject=settings(ent_coef=(0.03, 1.0))),
    "entropy-weight-negative": Fault(accept=("entropy-weight-negative",), inject=settings(ent_coef=(-0.5, -0.01))),
    "noise-too-large": Fault(
        accept=("action-noise-too-large",), inject=settings(log_std=(1.5, 4.0)), possible=_continuous
    ),
    "discount-too-low": Fault(accept=("discount-too-low",), inject=settings(gamma=(0.2, 0.93))),
    "trace-too-short": Fault(accept=("gae-lambda-too-low",), inject=settings(gae_lambda=(0.01, 0.5))),
    # ---- the reward
    "component-dominates": Fault(accept=("component-dominates",), inject=_dominates, possible=_several),
    "component-dead": Fault(accept=("component-dead",), inject=_dead, visible=False, possible=_several),
    "component-weights-equalized": Fault(
        accept=("component-weights-equalized",),
        inject=settings(advantages_per_component=True),
        trainers=("core",),
        possible=_several,
    ),
    "component-weights-drift": Fault(accept=("component-weights-drift",), inject=_drifts, possible=_several),
    "reward-changed-mid-run": Fault(accept=("reward-changed-mid-run",), inject=_changes, visible=False),
    "component-sign-wrong": Fault(inject=_wrong_sign, visible=False, possible=_several),
    "reward-clipped": Fault(inject=_clips, visible=False),
    # ---- code and numbers
    "non-finite-update": Fault(accept=("non-finite-update",), inject=_poisons, visible=False),
    "normalization-not-applied": Fault(
        accept=(*CONTRADICTED, *SCALE), inject=hidden(**RAW, reward_scale=(30.0, 10_000.0)), visible=False
    ),
    "rate-not-applied": Fault(accept=(*RATE, *CONTRADICTED), inject=hidden(learning_rate=(5e-3, 0.1)), visible=False),
    "entropy-weight-not-applied": Fault(
        accept=("entropy-weight-too-high", *CONTRADICTED), inject=hidden(ent_coef=(0.1, 1.0)), visible=False
    ),
    "timeouts-end": Fault(inject=_ends, visible=False),
    "observations-tiny": Fault(inject=_blinds, visible=False),
    "observations-huge": Fault(inject=_saturates, visible=False),
}
