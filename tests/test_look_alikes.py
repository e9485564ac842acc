"""Healthy runs that look sick: whole logs, judged by every rule, of which none may blame anything.

The situations are those that public runs and issue threads show; each keeps its neighbour in view, the sick run that a
looser reading would confuse it with, so that silence is not bought with blindness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.model import Curve, Diagnosis, Run, Severity
from tests.builders import UPDATES, collapse, flat, geometric, learning, noise, not_learning, ramp

HALF = UPDATES // 2
RETURNS_GROW = geometric(50, 4000)


def with_spikes(level: float, peak: float, *updates: int) -> np.ndarray:
    values = flat(level)
    values[list(updates)] = peak
    return values


def stages(*levels: float) -> np.ndarray:
    """A curriculum: in each stage the reward rises to 250 from where the harder task has thrown it."""
    each = UPDATES // len(levels)
    return np.concatenate([np.linspace(level, 250, each) for level in levels])


def resumed(healthy: Run, at: int) -> Run:
    """The same log as the second session of a run, which begins at an update of its own."""
    later = range(at, at + UPDATES)
    return replace(
        healthy,
        curves={name: Curve.from_points(name, later, curve.value, "") for name, curve in healthy.curves.items()},
    )


LOGGED = ("value_loss", "policy_loss", "explained_variance", "approx_kl", "clip_fraction", "entropy")
LOOK_ALIKES = {
    # the value loss
    "a value loss that grows with the square of the returns": learning(
        {"normalize_returns": False},
        reward_mean=RETURNS_GROW,
        value_loss=(RETURNS_GROW / 10) ** 2,
        explained_variance=ramp(0.3, 0.9),
    ),
    "a large value loss of large returns that the critic catches up with": learning(
        {"normalize_returns": False},
        reward_mean=ramp(200, 2000),
        value_loss=geometric(1e5, 2e3),
        explained_variance=ramp(0.0, 0.95),
    ),
    "one spike of the value loss": learning(value_loss=with_spikes(0.3, 60.0, 9)),
    # the policy loss
    "a policy loss that rises": learning(policy_loss=ramp(-0.05, 0.02)),
    "a policy loss that goes to zero": learning(policy_loss=ramp(-0.05, 0.0)),
    "a policy loss that is flat and noisy": learning(policy_loss=noise(0.02)),
    # the entropy
    "an entropy that falls to a tenth while the reward rises": learning(entropy=geometric(0.69, 0.05)),
    "an entropy that is as good as zero at the end": learning(entropy=geometric(0.69, 1e-7)),
    "a negative entropy of a continuous policy": learning(entropy=ramp(-2.0, -6.0)),
    # the explained variance
    "a cold critic": learning(explained_variance=np.concatenate([[-5.0], ramp(0.1, 0.9)[1:]])),
    "dips of the explained variance": learning(explained_variance=with_spikes(0.8, -3.0, 4, 9, 15)),
    "nothing left to explain at the optimum": learning(
        reward_mean=np.concatenate([ramp(20, 500, HALF), flat(500, HALF)]),
        episode_length=np.concatenate([ramp(20, 500, HALF), flat(500, HALF)]),
        value_loss=geometric(40.0, 1e-4),
        explained_variance=np.concatenate([ramp(0.0, 0.9, HALF), ramp(0.6, 0.02, HALF)]),
    ),
    # the step of the policy
    "a clip fraction of a quarter": learning(clip_fraction=flat(0.25), approx_kl=flat(0.015)),
    "a large KL in the first updates": learning(approx_kl=np.concatenate([[0.3, 0.1], flat(0.01, UPDATES - 2)])),
    "a large KL of a wide clip range": learning({"clip_range": 0.4}, approx_kl=flat(0.08), clip_fraction=flat(0.2)),
    "a clip fraction of two thirds while the run learns": learning(clip_fraction=flat(0.7), approx_kl=flat(0.03)),
    "a KL whose estimate falls below zero at times": learning(approx_kl=0.004 + noise(0.005)),
    "a rate that is annealed to zero": learning(learning_rate=ramp(3e-4, 0.0)),
    "a KL that is written as zero throughout": learning(approx_kl=flat(0.0), clip_fraction=None),
    "a gradient norm that is always above the clip": learning({"max_grad_norm": 0.5}, grad_norm=flat(4.0)),
    "a gradient norm that is written after clipping": learning({"max_grad_norm": 0.5}, grad_norm=flat(0.5)),
    # the reward
    "a reward that falls when the task gets harder": learning(
        {"curriculum": True}, reward_mean=stages(20, 95, 132, 120), episode_length=stages(20, 95, 132, 120)
    ),
    "negative rewards that get less bad": learning(reward_mean=ramp(-1500, -150), episode_length=flat(200)),
    "a curriculum that ends in its hardest stage": learning(
        reward_mean=np.concatenate([ramp(20, 252, 7), ramp(95, 180, 7), ramp(50, 120, 6)]), episode_length=flat(200)
    ),
    "rewards that are seldom and noisy": learning(reward_mean=np.clip(ramp(0, 1) + noise(0.2), 0, 1)),
    "learning that sets in late": learning(reward_mean=np.concatenate([20 + noise(1, 15), ramp(30, 400, 5)])),
    "a run that goes on at its best": resumed(learning(reward_mean=400 + noise(3), episode_length=flat(400)), at=2000),
    "a plateau at the longest episode": learning(
        {"max_episode_steps": 500},
        reward_mean=np.concatenate([ramp(20, 500, 5), flat(500, UPDATES - 5)]),
        episode_length=np.concatenate([ramp(20, 500, 5), flat(500, UPDATES - 5)]),
    ),
    "a dip before learning sets in": learning(
        reward_mean=np.concatenate([ramp(30, 10, 5), ramp(10, 400, UPDATES - 5)])
    ),
    "rewards of a saw": learning(reward_mean=ramp(20, 400) * np.where(np.arange(UPDATES) % 2, 1.0, 0.8)),
    # missing values
    "no reward before the first episode has ended": learning(
        reward_mean=np.concatenate([flat(np.nan, 3), ramp(20, 400, UPDATES - 3)])
    ),
    "an explained variance that is not a number at constant returns": learning(
        explained_variance=np.concatenate([ramp(0.0, 0.9, UPDATES - 2), [np.nan, np.nan]])
    ),
    # the value clip
    "a value clip that binds only until the critic has left zero": learning(
        {"value_clip": True, "clip_range_vf": 0.2},
        value_clip_fraction=np.concatenate([[0.9, 0.7], flat(0.1, UPDATES - 2)]),
        value_loss=np.concatenate([[1.0, 0.5], flat(0.05, UPDATES - 2)]),
    ),
    # few columns, few rows
    "the columns of A2C": learning(approx_kl=None, clip_fraction=None),
    "a reward and nothing else": learning(**dict.fromkeys(LOGGED)),
    "a log of eight rows": learning(**{name: curve.value[:8] for name, curve in learning().curves.items()}),
}
SICK = {
    "the same lone reward at the floor with all losses in order": learning(
        reward_mean=flat(0.0), entropy=flat(1.386), episode_length=flat(100)
    ),
    "the same low explained variance while nothing is learned": not_learning(
        {"normalize_returns": False},
        reward_mean=200 + noise(2),
        value_loss=flat(4e4),
        explained_variance=flat(0.001),
    ),
    "the same value loss while nothing is explained and the reward falls": learning(
        {"normalize_returns": False},
        reward_mean=ramp(400, 20),
        value_loss=(RETURNS_GROW / 10) ** 2,
        explained_variance=flat(0.0),
    ),
    "the same entropy while the reward stays": not_learning(entropy=geometric(0.69, 0.005)),
    "the same fall of the reward for good": learning(reward_mean=collapse(20, 250, 20), approx_kl=flat(0.2)),
    "the same entropy of a policy whose episodes do not end": learning(
        reward_mean=ramp(20, 100, 8), entropy=geometric(1.4, 1e-7)
    ),
    "a KL far above what the clip allows in every update": learning(
        reward_mean=collapse(20, 250, 20), approx_kl=flat(0.3), clip_fraction=flat(0.6)
    ),
    "a reward that ends in not a number with the losses": learning(
        reward_mean=np.concatenate([ramp(20, 200, HALF), flat(np.nan, HALF)]),
        value_loss=np.concatenate([flat(0.3, HALF), flat(np.nan, HALF)]),
        policy_loss=np.concatenate([flat(-0.01, HALF), flat(np.nan, HALF)]),
    ),
}


def blamed(found: Diagnosis) -> Sequence[str]:
    """Return what a reader of the report would take for a fault."""
    return [one.rule for one in (*found.causes, *found.symptoms) if one.severity in (Severity.ERROR, Severity.WARNING)]


@pytest.mark.parametrize("healthy", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_it_is_not_blamed(healthy: Run) -> None:
    assert blamed(diagnose(healthy)) == []


def test_a_critic_whose_clamp_binds_is_no_fault_while_the_run_learns() -> None:
    clamped = {"value_loss_clamp": 10.0, "normalize_returns": False}
    healthy = learning(clamped, value_loss=6.9 + noise(0.05), explained_variance=ramp(0.02, 0.28))
    found = diagnose(healthy)
    assert blamed(found) == []
    assert [hazard.rule for hazard in found.hazards] == ["value-loss-clamped"]


def test_a_total_loss_that_grows_with_the_returns_is_no_explosion() -> None:
    losses = dict.fromkeys(LOGGED) | {"loss": geometric(6.5e3, 5.7e4)}
    found = diagnose(learning({"normalize_returns": False}, reward_mean=geometric(314, 4142), **losses))
    assert not {"loss-explosion", "reward-collapse", "learning-rate-too-high"} & set(blamed(found))


@pytest.mark.parametrize("sick", SICK.values(), ids=SICK)
def test_its_sick_neighbour_is(sick: Run) -> None:
    assert blamed(diagnose(sick))
