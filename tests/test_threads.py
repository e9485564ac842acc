"""Runs as public threads describe them, in numbers: what is to be found in each, and what is not.

Each case has the settings and the levels that its thread gives; what a thread does not say is left out. A level stands
for a curve of twenty updates, a pair for a straight line from the first to the second; where a thread shows a picture
and no numbers the curve has that shape. ``finds`` are rules, as cause,
symptom, hazard or remark; ``silent`` are rules that could be tempted and must not speak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from tests.builders import UPDATES, noise, run

Level = float | tuple[float, float] | list[float]


@dataclass(frozen=True, kw_only=True)
class Thread:
    """What a thread says of one run."""

    settings: dict[str, Any] = field(default_factory=dict)
    curves: dict[str, Level] = field(default_factory=dict)
    finds: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    no_cause: bool = False
    """Whether the thread ends with: this is no fault."""


def points(level: Level) -> np.ndarray:
    if isinstance(level, list):
        return np.asarray(level, dtype=float)
    first, last = level if isinstance(level, tuple) else (level, level)
    return np.linspace(first, last, UPDATES)


STANDARD = {"normalize_advantage": True}
UP_AND_DOWN = [*np.linspace(-1, 0.9, 10), *np.full(10, -1.0)]
THREADS: dict[str, Thread] = {
    # ---- the critic
    "DLR-RM/stable-baselines3#2240": Thread(
        settings=STANDARD
        | {"ent_coef": 0.15, "vf_coef": 0.5, "learning_rate": 3e-4, "n_epochs": 10, "batch_size": 64, "n_steps": 2000}
        | {"n_envs": 1, "gamma": 0.99, "gae_lambda": 0.95, "clip_range": 0.2, "normalize_returns": False},
        curves={"value_loss": 738e3, "policy_loss": -0.0024, "explained_variance": 5.96e-8, "entropy": (1.386, 1.33)},
        finds=("entropy-weight-too-high", "returns-not-normalized"),
        silent=("advantages-not-normalized", "learning-rate-too-high"),
    ),
    "DLR-RM/stable-baselines3#737": Thread(
        settings=STANDARD | {"normalize_returns": False},
        curves={"value_loss": 1e7, "explained_variance": 0.0},
        finds=("returns-not-normalized",),
    ),
    "deepspeedai/DeepSpeedExamples#556": Thread(
        settings=STANDARD | {"gamma": 1.0},
        curves={"reward_mean": (4.5, 19.0), "value_loss": (1.0, 15.0), "episode_length": 256.0},
        silent=("loss-explosion",),
    ),
    "marlbenchmark/on-policy#13": Thread(
        settings=STANDARD | {"normalize_returns_per_batch": True},
        curves={"reward_mean": (10.0, 10.1), "value_loss": 1.0},
        finds=("critic-in-another-unit",),
    ),
    "DLR-RM/stable-baselines3#1533": Thread(
        settings=STANDARD | {"vf_coef": 0.0},
        curves={"explained_variance": 0.0},
        finds=("value-weight-too-low",),
    ),
    "lcswillems/rl-starter-files#30": Thread(
        settings=STANDARD | {"learning_rate": 1e-3, "hidden_dim": 64, "normalize_returns": False},
        curves={"reward_mean": [0.010, 0.012] * 10, "episode_length": 100.0},
        finds=("rewards-too-small",),
    ),
    "lcswillems/rl-starter-files#30, times ten and 0.8 in the end": Thread(
        settings=STANDARD | {"learning_rate": 1e-3, "hidden_dim": 64, "normalize_returns": False},
        curves={"reward_mean": (0.11, 8.0), "episode_length": 100.0, "value_loss": 0.01},
        no_cause=True,
    ),
    # ---- not a number
    "DLR-RM/stable-baselines3#440": Thread(
        settings=STANDARD | {"n_steps": 20, "n_envs": 1, "batch_size": 1},
        curves={"policy_loss": [0.1, *[float("nan")] * 19]},
        finds=("single-sample-minibatch", "non-finite-update"),
    ),
    "DLR-RM/stable-baselines3#265": Thread(
        settings=STANDARD | {"n_steps": 1, "n_envs": 1, "batch_size": 64}, finds=("single-sample-minibatch",)
    ),
    "jolibrain/wheatley#93": Thread(
        settings=STANDARD | {"n_steps": 4, "n_envs": 1, "batch_size": 3}, finds=("single-sample-minibatch",)
    ),
    "DLR-RM/stable-baselines3#1130": Thread(settings={"learning_rate": 3e-2}, finds=("learning-rate-too-high",)),
    # ---- the step
    "openai/baselines#975": Thread(
        settings=STANDARD | {"clip_range": 0.2},
        curves={"approx_kl": [0.017] * 15 + [4.47] * 5, "reward_mean": UP_AND_DOWN},
        finds=("kl-blow-up", "reward-collapse"),
    ),
    "Unity-Technologies/ml-agents#1237": Thread(
        settings={"learning_rate": 1e-3, "batch_size": 320, "n_epochs": 3, "rollout_steps": 2000, "ent_coef": 1e-2},
        curves={"reward_mean": UP_AND_DOWN},
        finds=("reward-collapse",),
        silent=("minibatch-too-small", "entropy-weight-too-high", "too-many-epochs"),
    ),
    "Unity-Technologies/ml-agents#2059": Thread(
        settings={"batch_size": 512, "rollout_steps": 2048, "ent_coef": 5e-3, "clip_range": 0.1, "learning_rate": 8e-4},
        curves={"reward_mean": UP_AND_DOWN},
        finds=("reward-collapse",),
        silent=("learning-rate-too-high", "policy-clip-too-narrow"),
    ),
    "ray-project/ray#18492": Thread(
        curves={"kl_coef": [0.2 * 1.5**k for k in range(UPDATES)]}, finds=("kl-penalty-runaway",)
    ),
    "hill-a/stable-baselines#1035": Thread(
        settings=STANDARD | {"clip_range": 0.2},
        curves={"approx_kl": 6.66e-16, "clip_fraction": 0.0, "explained_variance": 0.865, "entropy": 1.419}
        | {"policy_loss": -2.98e-8, "value_loss": 5.2e-4, "reward_mean": [5.0, 5.2] * 10},
        finds=("policy-frozen",),
        silent=("entropy-collapse", "critic-stalled"),
    ),
    "hiyouga/LlamaFactory#664": Thread(curves={"kl_to_reference": -5.27}, finds=("kl-estimate-negative",)),
    "hiyouga/LlamaFactory#1833": Thread(curves={"kl_to_reference": -1.5}, finds=("kl-estimate-negative",)),
    "huggingface/trl#351": Thread(curves={"kl_to_reference": [-0.18, -0.07, -0.51]}, finds=("kl-estimate-negative",)),
    "shibing624/MedicalGPT#374": Thread(curves={"kl_to_reference": -233.5}, finds=("kl-estimate-negative",)),
    "huggingface/trl#925, an estimate with noise": Thread(
        curves={"kl_to_reference": [-0.02, 0.03] * 10}, silent=("kl-estimate-negative",)
    ),
    "Human-Agent-Society/reef#536": Thread(settings={"dropout": 0.1}, finds=("dropout-in-policy",)),
    # ---- exploration
    "Unity-Technologies/ml-agents#281": Thread(
        curves={"entropy": [1.4, 1.0, 0.5, *[0.0] * 17], "reward_mean": [1.0, 1.1] * 10}, finds=("entropy-collapse",)
    ),
    "astooke/rlpyt#124": Thread(
        curves={"action_std": list(np.exp(np.linspace(0, 2.32, UPDATES))), "reward_mean": [1.0, 1.1] * 10},
        finds=("action-noise-too-large",),
    ),
    "openai/baselines#371": Thread(
        settings={"ent_coef": 0.01, "n_epochs": 3, "clip_range": 0.2, "learning_rate": 2.5e-4, "gae_lambda": 1.0},
        curves={"entropy": (1.4, 6.0)},
        silent=("entropy-collapse", "entropy-weight-too-high"),
    ),
    "DLR-RM/stable-baselines3#1173, a deviation of 0.8 to 1.0": Thread(
        curves={"action_std": (1.0, 0.8), "reward_mean": (0.0, 10.0)}, no_cause=True
    ),
    "Stable-Baselines-Team/stable-baselines3-contrib#282": Thread(
        settings={"ent_coef": 1e-4, "learning_rate": 1.5e-4, "n_epochs": 30, "batch_size": 128, "rollout_steps": 12800},
        curves={"entropy": (8.0, -2.0), "explained_variance": (0.0, 0.99), "action_std": (1.0, 0.2)}
        | {"reward_mean": (0.0, 10.0)},
        no_cause=True,
    ),
    "wisnunugroho21/reinforcement_learning_ppo_rnd#8": Thread(
        settings={"ent_coef": 0.01}, curves={"action_std": 1.0}, finds=("entropy-weight-inert",)
    ),
    "ghliu/pytorch-ddpg#5": Thread(
        curves={"reward_mean": [-30 * 0.7**k for k in range(UPDATES)], "episode_length": 999.0}, finds=("idle-optimum",)
    ),
    "Linesight-RL/linesight#6": Thread(
        settings={"gamma": 0.85}, curves={"episode_length": (500.0, 900.0)}, finds=("discount-too-low",)
    ),
    # ---- healthy, and taken for sick
    "Stanford-ILIAD/PantheonRL#5": Thread(
        settings=STANDARD,
        curves={"reward_mean": (1.0, 300.0), "value_loss": (0.5, 40.0), "episode_length": 400.0},
        no_cause=True,
        silent=("loss-explosion",),
    ),
    "yamatokataoka/reinforcement-learning-replications#6": Thread(
        settings=STANDARD | {"gamma": 0.99, "gae_lambda": 0.97, "learning_rate": 3e-4},
        curves={"reward_mean": 23.4, "episode_length": 23.4, "value_loss": (97.7, 129.7)},
        silent=("loss-explosion",),
    ),
    "openai/baselines#454": Thread(
        curves={"explained_variance": list(np.where(np.arange(UPDATES) % 5 == 0, -0.6, 0.5) + noise(0.05))}
        | {"reward_mean": (0.0, 100.0)},
        silent=("critic-worse-than-mean",),
        no_cause=True,
    ),
    "allenai/open-instruct#836, a policy loss that rises": Thread(
        settings=STANDARD, curves={"policy_loss": (-0.02, 0.03), "reward_mean": (0.0, 1.0)}, no_cause=True
    ),
}


@pytest.mark.parametrize("name", THREADS)
def test_the_diagnosis_is_what_the_thread_found(name: str) -> None:
    thread = THREADS[name]
    logged = {metric: points(level) for metric, level in thread.curves.items()}
    diagnosis = diagnose(run(thread.settings, **logged))
    said = {one.rule for one in diagnosis.causes + diagnosis.symptoms + diagnosis.hazards + diagnosis.remarks}
    assert set(thread.finds) <= said
    assert not set(thread.silent) & said
    assert not (thread.no_cause and diagnosis.causes), diagnosis.causes
    assert thread.finds or thread.silent or thread.no_cause
