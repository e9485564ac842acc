"""The tasks with healthy settings, the faults, and the cases: a fault in a task under a trainer.

Settings have the canonical names of ``rundoctor/hyperparameters.py``. A fault stands here for a task where its controls
keep on average less than 0.8 of the healthy improvement. Observations are divided by constants, the same for every run,
so that no arm can gain or lose by their unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

Settings = dict[str, Any]

COMMON: Settings = {
    "learning_rate": 1e-3,
    "n_epochs": 10,
    "batch_size": 256,
    "n_steps": 128,
    "n_envs": 16,
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "clip_range": 0.2,
    "value_clip": False,
    "clip_range_vf": None,
    "vf_coef": 0.5,
    "ent_coef": 0.0,
    "max_grad_norm": 0.5,
    "target_kl": None,
    "normalize_advantage": True,
    "normalize_returns": True,
    "reward_scale": 1.0,
    "shared_trunk": False,
    "hidden_dim": 64,
}


@dataclass(frozen=True)
class Task:
    """An environment and the healthy settings for it."""

    updates: int
    tuning: bool
    """Whether a surrogate may be fitted to what is found here; the other tasks are held out for the last look."""
    settings: Settings = field(default_factory=dict)
    observation_scale: tuple[float, ...] = ()
    log_std: float = 0.0
    """Logarithm of the policy's first standard deviation, for continuous actions."""


TASKS = {
    "CartPole-v1": Task(updates=20, tuning=True),
    "InvertedPendulum-v5": Task(updates=20, tuning=True, settings={"n_steps": 256, "n_envs": 8}),
    "MountainCarContinuous-v0": Task(
        updates=24,
        tuning=False,
        settings={"n_steps": 256, "n_envs": 8},
        observation_scale=(0.5, 0.03),
        log_std=0.7,
    ),
    "HalfCheetah-v5": Task(
        updates=32,
        tuning=False,
        settings={"n_steps": 250, "n_envs": 8, "batch_size": 250, "gamma": 0.98},
        observation_scale=(0.5,) * 8 + (2.0,) * 3 + (6.0,) * 6,
        log_std=-1.0,
    ),
}


@dataclass(frozen=True)
class Fault:
    """What is changed, and the causes whose fixes are tried whatever the diagnosis says."""

    changes: Settings
    causes: tuple[str, ...]


def raw(scale: float, **others: Any) -> Settings:
    """Rewards in a large unit, unscaled."""
    return {"normalize_returns": False, "reward_scale": scale, **others}


TIGHT = {"value_clip": True, "clip_range_vf": 0.2}
FAULTS = {
    "vclip": Fault(raw(100.0, **TIGHT), ("value-clip-too-tight", "returns-not-normalized")),
    "vclip-1000": Fault(raw(1000.0, **TIGHT), ("value-clip-too-tight", "returns-not-normalized")),
    "unnorm": Fault(raw(1000.0), ("returns-not-normalized",)),
    "lr-high": Fault({"learning_rate": 0.05}, ("learning-rate-too-high",)),
    "ent-high": Fault({"ent_coef": 0.5}, ("entropy-weight-too-high",)),
    "clip-wide": Fault({"clip_range": 20.0, "learning_rate": 3e-3}, ("policy-clip-too-wide", "learning-rate-too-high")),
    "gamma-low": Fault({"gamma": 0.3}, ("discount-too-low",)),
    "no-adv-norm": Fault(raw(1000.0, normalize_advantage=False), ("advantages-not-normalized",)),
    "clamp": Fault(raw(100.0, value_loss_clamp=10.0), ("value-loss-clamped", "returns-not-normalized")),
}
SHARED = {"shared_trunk": True}
FAULTS |= {f"{name}-shared": replace(fault, changes=fault.changes | SHARED) for name, fault in FAULTS.items()}


@dataclass(frozen=True)
class Case:
    """A fault in a task under a trainer."""

    task: str
    fault: str
    trainer: str

    @property
    def name(self) -> str:
        return f"{self.task}__{self.fault}__{self.trainer}"

    @property
    def healthy(self) -> Settings:
        """The settings of the reference: the fault's own trunk, for sharing one is no fault."""
        changes = FAULTS[self.fault].changes
        trunk = {key: changes[key] for key in ("shared_trunk",) if key in changes}
        return COMMON | TASKS[self.task].settings | trunk

    @property
    def sick(self) -> Settings:
        return self.healthy | FAULTS[self.fault].changes

    @property
    def trunk(self) -> str:
        return "shared" if self.sick["shared_trunk"] else "separate"


SB3 = {
    "CartPole-v1": ("vclip-1000", "ent-high", "gamma-low"),
    "InvertedPendulum-v5": ("unnorm", "clip-wide"),
    "MountainCarContinuous-v0": ("unnorm", "gamma-low"),
    "HalfCheetah-v5": ("vclip", "lr-high"),
}
CORE = {
    "CartPole-v1": ("vclip-shared", "no-adv-norm-shared", "lr-high"),
    "InvertedPendulum-v5": ("vclip-shared", "clamp", "gamma-low"),
    "MountainCarContinuous-v0": ("vclip-shared", "vclip-1000"),
    "HalfCheetah-v5": ("clamp",),
}
CASES = [
    Case(task, fault, trainer)
    for trainer, chosen in (("sb3", SB3), ("core", CORE))
    for task, faults in chosen.items()
    for fault in faults
]
