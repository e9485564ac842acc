"""Each limit decides: a run just short of it is clear, a run just past it is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rundoctor.facts import FactBook
from rundoctor.model import Run
from tests.builders import check_clear, check_finds, component, flat, learning, not_learning, ramp, run

Make = Callable[[float], Run]


def step(first: float, last: float) -> np.ndarray:
    return np.repeat([first, last], 10)


def shrinking(share: float) -> Run:
    counts = step(200.0, 200.0 * share)
    return run(components=[component("living", -5.0, count=counts), component("goal", 0.1, count=counts)])


def weighted(weight: float) -> Run:
    weights = {"reward_weights": {"speed": weight, "goal": 1.0}}
    return run(weights, components=[component("speed", 5.0), component("goal", 0.1)])


def sparing(saved: float, gained: float, goal: float = 1.0) -> Run:
    """A step costs 6 at first and ``saved`` less in the end; the goal pays ``goal``, and ``gained`` more in the end."""
    weights = {"reward_weights": {"effort": 9.0, "goal": 1.0}}
    parts = [component("effort", step(-6.0, saved - 6.0)), component("goal", step(goal, goal + gained))]
    return run(weights, components=parts)


def drifting(weight: float) -> Run:
    parts = component("a", 1.0, weight=flat(1.0)), component("b", 1.0, weight=step(1.0, weight))
    return run(components=parts)


def equalized(size: float) -> Run:
    return run({"advantages_per_component": True}, components=[component("goal", 1.0), component("shaping", size)])


def lost_entropy(share_of_reward_lost: float) -> Run:
    reward = np.concatenate([ramp(0, 100, 5), flat(100, 7), flat(100 * (1 - share_of_reward_lost), 8)])
    return learning(reward_mean=reward, entropy=step(0.69, 0.001))


def clamped(of_the_limit: float) -> Run:
    raw = {"normalize_returns": None}
    scale = FactBook(learning(raw)).get("return_scale").last().low
    return learning(raw | {"value_loss_clamp": (0.5 * scale * of_the_limit) ** 2})


def raw_error(error: float) -> Run:
    unknown_speed = {"normalize_returns": False, "learning_rate": None}
    return not_learning(unknown_speed, value_loss=flat(error**2), explained_variance=flat(0.0))


def jumping(after: float) -> Run:
    return run(components=[component("goal", np.concatenate([flat(1.0, 12), flat(after, 8)]))])


def settling(after: float) -> Run:
    return run(reward_mean=np.concatenate([flat(100, 4), flat(after, 16)]))


EDGES: list[tuple[str, Make, float, float]] = [
    ("advantages-not-normalized", lambda x: learning({"normalize_advantage": False}, policy_loss=flat(x)), 0.99, 1.01),
    ("component-dominates", shrinking, 0.82, 0.78),
    ("component-dominates", weighted, 9.9, 10.1),
    ("component-dominates", lambda x: sparing(saved=x, gained=2.0), 2.9, 3.1),
    ("component-dominates", lambda x: sparing(saved=4.0, gained=x), 4.1, 3.9),
    ("component-dominates", lambda x: sparing(saved=4.0, gained=0.0, goal=x), 6.1, 5.9),
    ("component-weights-drift", drifting, 4.9, 5.1),
    ("component-weights-equalized", equalized, 0.101, 0.099),
    ("critic-stalled", lambda x: raw_error(10 * x), 0.1, 1.0),
    ("discount-too-low", lambda x: learning({"gamma": 0.99}, episode_length=ramp(1, 2) * x), 1600, 1800),
    ("entropy-collapse", lambda x: not_learning(entropy=step(1.0, x)), 0.11, 0.09),
    ("entropy-collapse", lost_entropy, 0.15, 0.25),
    ("entropy-weight-too-high", lambda x: learning({"ent_coef": x}, entropy=flat(0.69)), 0.099, 0.101),
    (
        "entropy-weight-too-high",
        lambda x: learning({"ent_coef": 0.5}, entropy=step(1.0, x), policy_loss=flat(-0.1)),
        0.64,
        0.66,
    ),
    ("kl-blow-up", lambda x: not_learning(approx_kl=flat(x)), 0.099, 0.101),
    (
        "learning-rate-too-high",
        lambda x: not_learning({"learning_rate": x}, approx_kl=flat(0.3)),
        0.99e-3,
        1.01e-3,
    ),
    ("learning-rate-too-high", lambda x: not_learning({"learning_rate": x}, approx_kl=None), 4.9e-3, 5.1e-3),
    ("learning-rate-too-low", lambda x: learning({"learning_rate": x}, approx_kl=None), 3.2e-5, 3.1e-5),
    ("learning-rate-too-low", lambda x: learning({"learning_rate": 2e-6}, approx_kl=flat(x)), 1.1e-2, 9e-3),
    ("action-noise-too-large", lambda x: learning({"log_std_init": x}), 1.09, 1.1),
    (
        "learning-rate-too-low",
        lambda x: learning({"learning_rate": 5e-6, "batch_size": 8}, approx_kl=flat(x)),
        5.2e-4,
        4.8e-4,
    ),
    ("loss-explosion", lambda x: not_learning(value_loss=step(1, 99), explained_variance=flat(x)), 0.51, 0.49),
    ("loss-explosion", lambda x: not_learning(value_loss=step(1, x), explained_variance=None), 3.9, 4.1),
    ("policy-clip-too-wide", lambda x: learning({"clip_range": x}), 0.49, 0.51),
    ("policy-frozen", lambda x: not_learning(approx_kl=flat(x), clip_fraction=None), 5.1e-4, 4.9e-4),
    ("returns-not-normalized", raw_error, 9.9, 10.1),
    ("reward-changed-mid-run", jumping, 1.29, 1.31),
    ("reward-collapse", settling, 61, 59),
    ("too-many-epochs", lambda x: learning({"n_epochs": x}), 30, 31),
    ("value-clip-inert", lambda x: learning({"clip_range_vf": x}, value_loss=flat(100)), 29, 31),
    (
        "value-clip-too-tight",
        lambda x: learning({"clip_range_vf": x}, value_loss=flat(1e4), explained_variance=flat(0)),
        15.1,
        14.9,
    ),
    ("value-loss-clamped", clamped, 1.01, 0.99),
    ("value-weight-too-high", lambda x: learning({"vf_coef": x}), 9.9, 10.1),
]


@pytest.mark.parametrize(("rule", "make", "short", "past"), EDGES, ids=[f"{edge[0]}-{edge[2]}" for edge in EDGES])
def test_clear_short_of_the_limit_and_found_past_it(rule: str, make: Make, short: float, past: float) -> None:
    check_clear(rule, make(short))
    check_finds(rule, make(past))
