"""What holds of every diagnosis, whatever the run: no crash, true evidence, no unit, no evidence that hides a fault."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rundoctor.diagnosis import diagnose
from rundoctor.frameworks import all_frameworks
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Component, Diagnosis, Run
from tests.builders import SOUND, collapse, component, flat, learning, noise, ramp, run

CURVES = sorted(
    {
        column.name
        for trainer in all_frameworks().values()
        for column in (*trainer.columns.values(), *trainer.patterns.values())
    }
)
NUMBERS = [name for name, known in HYPERPARAMETERS.items() if known.kind in (float, int)]
SWITCHES = [name for name, known in HYPERPARAMETERS.items() if known.kind is bool]
WEIGHTS = [name for name, known in HYPERPARAMETERS.items() if known.kind is dict]
SCALE_RULES = {
    "returns-not-normalized",
    "value-clip-too-tight",
    "value-loss-clamped",
    "critic-stalled",
    "value-weight-too-high",
    "value-clip-inert",
    "value-weight-too-low",
    "rewards-too-small",
    "reward-clip-saturates",
}
"""The only rules that may change their mind when the reward alone changes its unit."""
ABSOLUTE_RULES = {"returns-not-normalized", "value-weight-too-high", "rewards-too-small"}
"""Adam's step and the usual weights have no unit: these may change even where everything is scaled."""
HOLDS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge, "=": operator.eq}

value = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 1e-300, 1e300, -1e300, float("nan"), float("inf")]),
    st.floats(-1e6, 1e6),
    st.floats(allow_nan=True, allow_infinity=True),
)
finite = st.one_of(st.sampled_from([0.0, 1.0, 0.2, 3e-4, 64.0]), st.floats(0, 1e12), st.floats(-1e3, 0))


@st.composite
def series(draw: st.DrawFn, values: st.SearchStrategy[float] = value) -> list[float]:
    """A curve of 0 to 20 points: constant, a step, or anything."""
    count = draw(st.integers(0, 20))
    shape = draw(st.sampled_from(["constant", "step", "any"]))
    if shape == "any":
        return draw(st.lists(values, min_size=count, max_size=count))
    split = draw(st.integers(0, count)) if shape == "step" else count
    return [draw(values)] * split + [draw(values)] * (count - split)


@st.composite
def parts(draw: st.DrawFn) -> list[Component]:
    count = draw(st.integers(1, 20))
    column = st.one_of(value.map(lambda x: np.full(count, x)), st.lists(value, min_size=count, max_size=count))
    steps = st.sampled_from([0.0, 1.0, 100.0, float("nan")])
    return [
        component(
            name,
            np.asarray(draw(column)),
            std=np.abs(np.asarray(draw(column))),
            count=np.asarray(draw(st.lists(steps, min_size=count, max_size=count))),
            weight=np.asarray(draw(column)),
        )
        for name in draw(st.lists(st.sampled_from(["total_reward", "goal", "living", "copy"]), unique=True))
    ]


@st.composite
def any_run(draw: st.DrawFn) -> Run:
    """A run in which anything may be absent, empty, constant, huge, tiny or no number."""
    curves = draw(st.dictionaries(st.sampled_from(CURVES), series()))
    chosen: dict[str, Any] = draw(st.dictionaries(st.sampled_from(NUMBERS), finite))
    chosen |= draw(st.dictionaries(st.sampled_from(SWITCHES), st.booleans()))
    chosen |= draw(
        st.dictionaries(st.sampled_from(WEIGHTS), st.dictionaries(st.sampled_from(["goal", "living"]), finite))
    )
    kind = draw(st.sampled_from(["sb3", "rundoctor", "rsl_rl"]))
    return run(chosen, kind=kind, components=draw(parts()) if draw(st.booleans()) else (), **curves)


def crashes(diagnosis: Diagnosis) -> list[str]:
    return [f"{skip.rule}: {skip.reason}" for skip in diagnosis.skipped if "the rule failed" in skip.reason]


def rules_found(diagnosis: Diagnosis) -> set[str]:
    groups = diagnosis.causes, diagnosis.symptoms, diagnosis.hazards, diagnosis.remarks
    return {found.rule for group in groups for found in group}


def faults(diagnosis: Diagnosis) -> set[str]:
    """Causes and hazards: which of the two a finding is depends on the symptoms."""
    return {found.rule for found in diagnosis.causes + diagnosis.hazards}


# ---- nothing crashes, and what is said is true -----------------------------------------------------------------


@given(any_run())
@settings(max_examples=100, deadline=None)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_rule_fails_and_every_evidence_is_true(sick: Run) -> None:
    diagnosis = diagnose(sick)
    assert crashes(diagnosis) == []
    for found in diagnosis.causes + diagnosis.symptoms + diagnosis.hazards:
        assert found.evidence, found
        for evidence in found.evidence:
            assert HOLDS[evidence.relation](evidence.observed, evidence.limit), (found.rule, evidence)
            assert 0 <= evidence.strength <= 1
    assert diagnosis.to_dict() == diagnose(sick).to_dict()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_log_of_a_few_points_accuses_nobody(count: int) -> None:
    curves = {name: np.array(logged.value[:count]) for name, logged in learning().curves.items()}
    diagnosis = diagnose(run(SOUND, **curves))
    assert crashes(diagnosis) == []
    assert rules_found(diagnosis) == set()


@pytest.mark.parametrize("name", [*learning().curves, "loss", "learning_rate", "grad_norm", "reward_best"])
@pytest.mark.parametrize("at", [0, 7])
def test_one_gap_in_a_curve_accuses_nobody(name: str, at: int) -> None:
    sound = {key: np.array(logged.value) for key, logged in learning().curves.items()}
    sound |= {"loss": flat(0.14), "learning_rate": flat(3e-4), "grad_norm": flat(0.5), "reward_best": ramp(50, 500)}
    sound[name][at] = np.nan
    diagnosis = diagnose(run(SOUND, **sound))
    assert crashes(diagnosis) == []
    assert rules_found(diagnosis) == set()


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("level", [0.0, 1e-300, 1e300])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_rule_fails_on_a_curve_without_life(name: str, level: float) -> None:
    assert crashes(diagnose(learning(**{name: flat(level)}))) == []


# ---- no unit ---------------------------------------------------------------------------------------------------

VARIANTS: list[dict[str, Any]] = [
    {},
    {"clip_range_vf": 2.0},
    {"clip_range_vf": 1000.0},
    {"clip_range_vf": None},
    {"clip_range_vf": None, "value_loss_clamp": 4.0},
    {"learning_rate": 0.1},
    {"n_epochs": 100},
    {"gamma": 0.3},
    {"ent_coef": 0.5},
    {"clip_range": 2.0},
    {"clip_range": 0.01},
    {"vf_coef": 1e-3},
    {"reward_clip": 0.1},
    {"reward_clip": 10.0},
    {"gae_lambda": 0.0},
    {"target_kl": 1e-5},
    {"max_grad_norm": 1e-6},
    {"batch_size": 4},
    {"normalize_returns_per_batch": True},
    {"normalize_rewards_per_episode": True, "normalize_rewards": True},
]


def scaled(factor: float, changes: Mapping[str, Any], *, error: float, config_too: bool) -> Run:
    """A run of a critic that errs by ``error``, with rewards and error times the factor; and the config, too."""
    chosen = SOUND | {"normalize_returns": None, "clip_range_vf": 0.2} | dict(changes)
    if config_too:
        powers = {"clip_range_vf": 1, "value_loss_clamp": 2, "vf_coef": -2, "reward_clip": 1, "huber_delta": 1}
        chosen |= {name: chosen[name] * factor**power for name, power in powers.items() if chosen.get(name)}
    return learning(
        chosen,
        reward_mean=(ramp(20, 400) + noise(4.0)) * factor,
        value_loss=flat((error * factor) ** 2),
        loss=flat((error * factor) ** 2 * chosen["vf_coef"] - 0.01) - chosen["ent_coef"] * ramp(0.69, 0.4),
        explained_variance=flat(0.0),
        return_mean=ramp(10, 50) * factor,
        value_mean=flat(0.5) * factor,
        eval_reward_mean=flat(15.0) * factor,
    )


@given(st.floats(1.0, 1e4), st.sampled_from([15.0, 40.0]), st.sampled_from(VARIANTS))
@settings(max_examples=50, deadline=None)
def test_another_unit_everywhere_gives_the_same_findings(c: float, error: float, changes: dict[str, Any]) -> None:
    before, after = (diagnose(scaled(x, changes, error=error, config_too=True)) for x in (1.0, c))
    assert rules_found(before) - ABSOLUTE_RULES == rules_found(after) - ABSOLUTE_RULES


@given(st.floats(1e-3, 1e4), st.sampled_from([15.0, 40.0]), st.sampled_from(VARIANTS))
@settings(max_examples=50, deadline=None)
def test_another_unit_of_reward_alone_changes_only_the_scale_rules(
    c: float, error: float, changes: dict[str, Any]
) -> None:
    before, after = (diagnose(scaled(x, changes, error=error, config_too=False)) for x in (1.0, c))
    assert rules_found(before) ^ rules_found(after) <= SCALE_RULES


@given(st.floats(1.0, 1e3), st.floats(1.0, 1e3))
@settings(max_examples=40, deadline=None)
def test_larger_rewards_never_hide_a_scale_rule(c: float, more: float) -> None:
    small, large = (faults(diagnose(scaled(x, {}, error=15.0, config_too=False))) for x in (c, c * more))
    assert small <= large


@given(st.floats(-6, 0), st.floats(-3, 0))
@settings(max_examples=40, deadline=None)
def test_smaller_rewards_never_hide_that_they_are_small(decades: float, fewer: float) -> None:
    c, less = 10**decades, 10**fewer
    rules = "rewards-too-small", "value-weight-too-low"
    runs = (scaled(x, {"vf_coef": 1e-3}, error=15.0, config_too=False) for x in (c, c * less))
    large, small = (faults(diagnose(run, select=rules)) for run in runs)
    assert large <= small


# ---- worse is never healthier ----------------------------------------------------------------------------------

STALLED: dict[str, Any] = {"value_loss": flat(900.0), "explained_variance": flat(0.0)}
FLAT: dict[str, Any] = {"reward_mean": 20 + noise(0.5), "episode_length": 20 + noise(0.5)}


def one(usual: float, factor: float) -> np.ndarray:
    """A curve with a single point that is so many times the others."""
    values = flat(usual)
    values[12] *= factor
    return values


WORSE: dict[str, tuple[float, float, Callable[[float], Run]]] = {
    "value-clip-too-tight": (
        1,
        1e5,
        lambda x: learning({"clip_range_vf": 100 / x, "normalize_returns": None}, **STALLED),
    ),
    "learning-rate-too-high": (1, 1e4, lambda x: learning({"learning_rate": 3e-4 * x}, approx_kl=flat(0.2))),
    "learning-rate-too-low": (1, 1e6, lambda x: learning({"learning_rate": 3e-4 / x}, approx_kl=None, **FLAT)),
    "too-many-epochs": (1, 1e3, lambda x: learning({"n_epochs": 10 * x})),
    "policy-clip-too-wide": (2, 1e3, lambda x: learning({"clip_range": 0.2 * x})),
    "entropy-weight-too-high": (1, 1e3, lambda x: learning({"ent_coef": 0.01 * x}, entropy=flat(0.69))),
    "value-weight-too-high": (1, 1e4, lambda x: learning({"vf_coef": 0.5 * x}, approx_kl=flat(1e-5))),
    "discount-too-low": (1, 90, lambda x: learning({"gamma": 1 - 0.01 * x})),
    "value-loss-clamped": (1, 1e6, lambda x: learning({"value_loss_clamp": 1e4 / x, "normalize_returns": None})),
    "returns-not-normalized": (
        1,
        1e4,
        lambda x: learning({"normalize_returns": None}, **STALLED | {"value_loss": flat(x**2)}),
    ),
    "advantages-not-normalized": (
        1,
        1e4,
        lambda x: learning({"normalize_advantage": False}, policy_loss=flat(-0.1 * x)),
    ),
    "kl-blow-up": (1, 1e4, lambda x: learning(approx_kl=flat(0.01 * x), **FLAT)),
    "policy-frozen": (1, 1e4, lambda x: learning(approx_kl=flat(0.01 / x), clip_fraction=None)),
    "reward-collapse": (1, 1e3, lambda x: learning(reward_mean=collapse(0, 100, 100 - 0.1 * min(x, 1e3)) + noise(1.0))),
    "loss-explosion": (1, 1e4, lambda x: learning(value_loss=ramp(0.3, 0.3 * x), explained_variance=None, **FLAT)),
    "entropy-collapse": (1, 1e3, lambda x: learning(entropy=ramp(0.69, 0.69 / x), **FLAT)),
    "policy-clip-too-narrow": (1, 1e4, lambda x: learning({"clip_range": 0.2 / x}, approx_kl=flat(1e-5))),
    "target-kl-too-low": (1, 1e5, lambda x: learning({"target_kl": 0.01 / x})),
    "gae-lambda-too-low": (1, 1e3, lambda x: learning({"gae_lambda": 0.95 / x})),
    "value-weight-too-low": (1, 1e6, lambda x: learning({"vf_coef": 0.5 / x}, explained_variance=flat(0.0))),
    "gradient-clip-too-tight": (1, 1e6, lambda x: learning({"max_grad_norm": 0.5 / x})),
    "minibatch-too-small": (1, 64, lambda x: learning({"batch_size": 64 / x})),
    "rollout-too-short": (1, 2e3, lambda x: learning({"n_steps": 2048 / x})),
    "learning-rate-decays-early": (
        1,
        1e6,
        lambda x: learning(learning_rate=np.append(np.geomspace(1e-3, 1e-3 / x, 10), flat(1e-3 / x, 10))),
    ),
    "reward-clip-saturates": (
        1,
        1e4,
        lambda x: learning({"reward_clip": 10 / x, "normalize_returns": None}),
    ),
    "rewards-too-small": (
        1,
        1e6,
        lambda x: learning({"normalize_returns": None}, reward_mean=ramp(20, 400) / x),
    ),
    "update-too-long": (1, 1e3, lambda x: learning({"learning_rate": 1e-3, "n_epochs": 20}, approx_kl=flat(0.01 * x))),
    "idle-optimum": (
        1,
        1e6,
        lambda x: learning(reward_mean=-np.geomspace(33, 33 / x, 20), episode_length=flat(999.0)),
    ),
    "action-noise-too-large": (1, 1e3, lambda x: learning(action_std=np.geomspace(1, x, 20), **FLAT)),
    "kl-estimate-negative": (1, 1e4, lambda x: learning(approx_kl=flat(-0.01 * x))),
    "kl-penalty-runaway": (1, 1e12, lambda x: learning(kl_coef=np.geomspace(0.2, 0.2 * x, 20))),
    "critic-worse-than-mean": (1, 1e4, lambda x: learning(explained_variance=flat(-0.01 * x), **FLAT)),
    "reward-outlier": (1, 1e4, lambda x: learning(reward_mean=one(-20.0, x), value_loss=one(0.1, x**2))),
    "critic-in-another-unit": (
        1,
        1e4,
        lambda x: learning(return_mean=flat(1.0 * x), value_mean=flat(0.1), value_loss=flat(1.0)),
    ),
    "dropout-in-policy": (0.0, 0.9, lambda x: learning({"dropout": x})),
}
"""By rule: the range of how bad it is, from healthy on, and the run that is that bad."""


@pytest.mark.parametrize("rule", WORSE)
def test_the_range_of_bad_runs_begins_healthy_and_ends_sick(rule: str) -> None:
    least, most, make = WORSE[rule]
    assert rule not in rules_found(diagnose(make(least), select=[rule]))
    assert rule in rules_found(diagnose(make(most), select=[rule]))


@pytest.mark.parametrize("rule", WORSE)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_worse_evidence_never_removes_the_finding(rule: str, data: st.DataObject) -> None:
    least, most, make = WORSE[rule]
    degree = st.floats(np.log(least), np.log(most)).map(np.exp) if least > 0 else st.floats(least, most)
    mild, worse = sorted([data.draw(degree), data.draw(degree)])
    if rule in rules_found(diagnose(make(mild), select=[rule])):
        assert rule in rules_found(diagnose(make(worse), select=[rule]))
