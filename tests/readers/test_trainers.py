"""What each trainer's logs and configs mean: names, signs, factors, shared keys, and what holds without a key."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rundoctor import diagnose, read_run
from rundoctor.facts import FactBook
from rundoctor.facts.critic import CriticError
from rundoctor.frameworks import all_frameworks, framework_named
from rundoctor.model import Edit, Patch, Proposal, Report, Run
from rundoctor.next_commands import next_commands
from rundoctor.patching import make_patch
from tests.config_builders import fix
from tests.event_builders import write_events

UPDATES = 8

CLEANRL_TEXT = "|param|value|\n|-|-|\n" + "\n".join(
    f"|{name}|{value}|"
    for name, value in {
        "exp_name": "ppo_continuous_action",
        "learning_rate": 0.0003,
        "num_envs": 4,
        "num_steps": 128,
        "batch_size": 512,
        "minibatch_size": 128,
        "update_epochs": 4,
        "gamma": 0.99,
        "clip_coef": 0.2,
        "clip_vloss": True,
        "norm_adv": True,
        "target_kl": None,
    }.items()
)
RSL_RL_CONFIG = """\
seed: 42
num_steps_per_env: 24
max_iterations: 1500
algorithm:
  class_name: PPO
  value_loss_coef: 1.0
  use_clipped_value_loss: true
  clip_param: 0.2
  entropy_coef: 0.01
  num_learning_epochs: 5
  num_mini_batches: 4
  learning_rate: 0.001
  schedule: adaptive
  gamma: 0.99
  lam: 0.95
  desired_kl: 0.01
  max_grad_norm: 1.0
"""
RL_GAMES_CONFIG = """\
params:
  config:
    normalize_value: true
    num_actors: ${....task.env.numEnvs}
    reward_shaper: {scale_value: 0.1}
    gamma: 0.99
    tau: 0.95
    learning_rate: 3e-4
    e_clip: 0.2
    clip_value: true
    horizon_length: 16
    minibatch_size: 16384
    mini_epochs: 8
    critic_coef: 4
    kl_threshold: 0.016
"""
SKRL_CONFIG = """\
agent:
  class: PPO
  rollouts: 16
  learning_epochs: 8
  mini_batches: 4
  discount_factor: 0.99
  lambda: 0.95
  learning_rate: 3.0e-04
  ratio_clip: 0.2
  value_clip: 0.3
  clip_predicted_values: true
  value_loss_scale: 2.0
  kl_threshold: 0.0
  value_preprocessor: RunningStandardScaler
"""
ML_AGENTS_CONFIG = """\
behaviors:
  Walker:
    trainer_type: ppo
    hyperparameters: {batch_size: 2048, buffer_size: 20480, learning_rate: 0.0003, beta: 0.005, epsilon: 0.2,
      lambd: 0.95, num_epoch: 3}
    network_settings: {normalize: true, hidden_units: 256}
    reward_signals: {extrinsic: {gamma: 0.995, strength: 1.0}}
"""
SAMPLE_FACTORY_CONFIG = json.dumps(
    {
        "gamma": 0.99,
        "batch_size": 1024,
        "num_batches_per_epoch": 2,
        "ppo_clip_ratio": 0.1,
        "ppo_clip_value": 1.0,
        "value_loss_coeff": 0.5,
        "normalize_returns": True,
        "learning_rate": 1e-05,
    },
    indent=2,
)


@dataclass(frozen=True)
class Case:
    """A log whose value loss is 8, what else it says, and what of it is to be read."""

    framework: str
    value_loss: str
    tags: dict[str, float]
    curves: dict[str, float]
    settings: dict[str, Any]
    squared_error: float
    config: str = ""
    file: str = ""
    text: str = ""
    steps: int = 1
    absent: tuple[str, ...] = field(default=())


CASES = [
    Case(
        "cleanrl",
        "losses/value_loss",
        {"charts/episodic_return": 5.0, "losses/entropy": 0.6, "losses/clipfrac": 0.1, "losses/approx_kl": 0.02},
        {"reward_mean": 5.0, "entropy": 0.6, "clip_fraction": 0.1, "approx_kl": 0.02},
        {"rollout_steps": 512, "batch_size": 128, "clip_range": 0.2, "clip_range_vf": 0.2, "value_clip": True}
        | {"target_kl": None, "normalize_rewards": True, "value_clip_relative": False},
        16.0,
        text=CLEANRL_TEXT,
        steps=512,
    ),
    Case(
        "rsl_rl",
        "Loss/value_function",
        {
            "Train/mean_reward": 5.0,
            "Loss/surrogate": -0.01,
            "Policy/mean_noise_std": 0.9,
            "Train/mean_reward/time": 5.0,
        },
        {"reward_mean": 5.0, "policy_loss": -0.01, "action_std": 0.9},
        {"learning_rate": 0.001, "n_steps": 24, "clip_range": 0.2, "clip_range_vf": 0.2, "normalize_advantage": True},
        8.0,
        config=RSL_RL_CONFIG,
        file="params/agent.yaml",
        absent=("target_kl", "normalize_rewards"),
    ),
    Case(
        "rl_games",
        "losses/c_loss",
        {"rewards/step": 5.0, "rewards/time": 5.0, "losses/entropy": -6.0, "info/kl": 0.01, "losses/a_loss": 0.1},
        {"reward_mean": 5.0, "entropy": -6.0, "approx_kl": 0.01, "policy_loss": 0.1},
        {
            "learning_rate": 3e-4,
            "gae_lambda": 0.95,
            "normalize_returns": True,
            "clip_range_vf": 0.2,
            "reward_scale": 0.1,
        },
        8.0,
        config=RL_GAMES_CONFIG,
        file="config.yaml",
        steps=65536,
        absent=("n_envs", "vf_coef", "target_kl"),
    ),
    Case(
        "skrl",
        "Loss / Value loss",
        {"Reward / Instantaneous reward (mean)": 0.5, "Loss / Policy loss": 0.1, "Policy / Standard deviation": 1.0},
        {"reward_mean": 0.5, "policy_loss": 0.1, "action_std": 1.0},
        {"clip_range": 0.2, "clip_range_vf": 0.3, "value_clip": True, "normalize_returns": True, "target_kl": None},
        4.0,
        config=SKRL_CONFIG,
        file="params/agent.yaml",
        steps=160,
    ),
    Case(
        "ml_agents",
        "Losses/Value Loss",
        {"Environment/Cumulative Reward": 5.0, "Policy/Entropy": 1.2, "Losses/Policy Loss": 0.24, "Policy/Beta": 0.004},
        {"reward_mean": 5.0, "entropy": 1.2, "ent_coef": 0.004, "Losses/Policy Loss": 0.24},
        {"gamma": 0.995, "rollout_steps": 20480, "clip_range_vf": 0.2, "value_clip": True, "normalize_returns": False},
        8.0,
        config=ML_AGENTS_CONFIG,
        file="configuration.yaml",
        steps=61440,
    ),
    Case(
        "sample_factory",
        "train/value_loss",
        {"reward/reward": 5.0, "train/kl_divergence": 0.01, "train/fraction_clipped": 0.2, "train/entropy": 3.0},
        {"reward_mean": 5.0, "approx_kl": 0.01, "clip_fraction": 0.2, "entropy": 3.0},
        {"learning_rate": 1e-05, "clip_range": 0.1, "clip_range_vf": 1.0, "rollout_steps": 2048, "value_clip": True},
        16.0,
        config=SAMPLE_FACTORY_CONFIG,
        file="config.json",
        steps=8192,
    ),
]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.framework)


def run_of(case: Case, directory: Path) -> Run:
    series = {
        tag: [(case.steps * update, value) for update in range(1, UPDATES + 1)]
        for tag, value in {case.value_loss: 8.0, **case.tags}.items()
    }
    write_events(directory, series, {"hyperparameters/text_summary": case.text} if case.text else None)
    if case.file:
        path = directory / case.file
        path.parent.mkdir(exist_ok=True)
        path.write_text(case.config)
    return read_run(directory)


@every_case
def test_metrics_and_settings(case: Case, tmp_path: Path) -> None:
    run = run_of(case, tmp_path)
    assert run.format == case.framework
    for name, value in {"value_loss": 8.0, **case.curves}.items():
        assert run.curves[name].value.tolist() == pytest.approx([value] * UPDATES), name
    assert {name: run.settings[name].value for name in case.settings} == case.settings
    assert not set(case.absent) & run.settings.keys()
    assert run.config is not None
    assert not [flaw for flaw in run.config.flaws if flaw.kind != "string-typed-number"]


@every_case
def test_the_squared_error_behind_the_value_loss(case: Case, tmp_path: Path) -> None:
    error = FactBook(run_of(case, tmp_path)).get("critic_error")
    assert isinstance(error, CriticError)
    assert error.last().low ** 2 == pytest.approx(case.squared_error)
    assert error.last().high ** 2 == pytest.approx(case.squared_error)


@every_case
def test_a_clip_that_is_shared_with_the_policy_is_never_widened(case: Case, tmp_path: Path) -> None:
    run = run_of(case, tmp_path)
    edit = Edit(name="clip_range_vf", value=50.0, why="")
    patch = make_patch(run, [(fix(), Proposal(edits=(edit,)))], framework_named(run.format))
    shared = run.settings["clip_range_vf"].path == run.settings["clip_range"].path
    assert shared == (case.framework not in ("skrl", "sample_factory"))
    assert bool(patch.edits) == (not shared)


@pytest.mark.parametrize(
    ("framework", "path"),
    [
        ("rsl_rl", "algorithm.use_clipped_value_loss"),
        ("rl_games", "params.config.clip_value"),
        ("skrl", "agent.clip_predicted_values"),
    ],
)
def test_the_switch_of_the_value_clip_is_patched_instead(framework: str, path: str, tmp_path: Path) -> None:
    run = run_of(next(case for case in CASES if case.framework == framework), tmp_path)
    edit = Edit(name="value_clip", value=False, why="")
    patch = make_patch(run, [(fix(), Proposal(edits=(edit,)))], framework_named(framework))
    assert [(one.path, one.old, one.new) for one in patch.edits] == [(path, True, False)]


def test_the_config_that_hydra_wrote(tmp_path: Path) -> None:
    write_events(tmp_path / "summaries", {"losses/c_loss": [(0, 1.0), (9, 1.0)], "losses/a_loss": [(0, 1.0), (9, 1.0)]})
    (tmp_path / ".hydra").mkdir()
    text = "train:\n  params:\n    config: {e_clip: 0.1, horizon_length: 16, minibatch_size: '${x}', gamma: 0.98}\n"
    (tmp_path / ".hydra" / "config.yaml").write_text(text)
    run = read_run(tmp_path)
    assert run.format == "rl_games"
    assert (run.settings["clip_range"].value, run.settings["gamma"].value) == (0.1, 0.98)
    assert "batch_size" not in run.settings


def test_points_stand_for_many_updates_where_the_trainer_writes_seldom(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.framework == "ml_agents")
    run = run_of(case, tmp_path)
    assert (run.updates, run.updates_done) == (8, 24)


def test_hyper_parameters_out_of_a_log_cannot_be_patched(tmp_path: Path) -> None:
    run = run_of(CASES[0], tmp_path)
    assert run.config is not None
    assert not run.config.is_file


@every_case
def test_a_config_that_was_found_needs_no_option(case: Case, tmp_path: Path) -> None:
    run = run_of(case, tmp_path)
    report = Report(run=run, diagnosis=diagnose(run), patch=Patch(diff="--- a change"), version="0")
    assert next_commands(report)[0][0] == f"rundoctor patch {tmp_path}"


def test_a_config_that_was_named_stays_an_option(tmp_path: Path) -> None:
    run_of(CASES[1], tmp_path)
    path = tmp_path / "params" / "agent.yaml"
    run = read_run(tmp_path, config=path)
    report = Report(run=run, diagnosis=diagnose(run), patch=Patch(diff="--- a change"), version="0")
    assert next_commands(report)[0][0] == f"rundoctor patch {tmp_path} --config {path}"


def test_several_behaviours_are_read_each_from_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").write_text(ML_AGENTS_CONFIG)
    inner = tmp_path / "Walker"
    write_events(inner, {"Losses/Value Loss": [(1, 1.0), (2, 1.0)], "Policy/Entropy": [(1, 1.0), (2, 1.0)]})
    run = read_run(inner)
    assert run.settings["gamma"].path == "behaviors.Walker.reward_signals.extrinsic.gamma"


def test_a_config_of_weights_and_biases_is_unwrapped(tmp_path: Path) -> None:
    text = "wandb_version: 1\nclip_vloss:\n  desc: null\n  value: true\nclip_coef:\n  desc: null\n  value: 0.3\n"
    tags = {"losses/value_loss": [(1, 1.0)], "losses/policy_loss": [(1, 1.0)]}
    write_events(tmp_path, tags)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "config.yaml").write_text(text)
    assert read_run(tmp_path).settings["clip_range"].value == 0.3


@pytest.mark.parametrize("framework", all_frameworks().values(), ids=lambda framework: framework.name)
def test_a_framework_is_found_by_the_name_of_its_module(framework) -> None:  # type: ignore[no-untyped-def]
    assert framework_named(framework.name) is framework


@pytest.mark.parametrize(
    ("keys", "value_clip", "width", "weight"),
    [
        ("gae_lambda: 0.9\n  value_clip: 0.3\n", True, 0.3, 2.5),
        ("gae_lambda: 0.9\n", True, 0.2, 2.5),
        ("gae_lambda: 0.9\n  value_clip: 0\n", False, 0.0, 2.5),
        ("lambda: 0.9\n  value_clip: 0.3\n", None, None, None),
        ("lambda: 0.9\n  value_clip: 0.0\n", False, 0.0, None),
        ("lambda: 0.9\n  value_clip: 0.3\n  clip_predicted_values: false\n", False, 0.3, None),
    ],
)
def test_the_value_clip_of_skrl_by_version(
    keys: str, value_clip: bool | None, width: float | None, weight: float | None, tmp_path: Path
) -> None:
    write_events(tmp_path, {"Loss / Value loss": [(16, 1.0)], "Loss / Policy loss": [(16, 0.1)]})
    (tmp_path / "agent.yaml").write_text(f"agent:\n  rollouts: 16\n  ratio_clip: 0.2\n  {keys}")
    settings = read_run(tmp_path).settings
    found = [settings[name].value if name in settings else None for name in ("value_clip", "clip_range_vf", "vf_coef")]
    assert found == [value_clip, width, weight]


@pytest.mark.parametrize(
    ("version", "gamma", "epochs"),
    [("obs_groups: {}", 0.99, 5), ("empirical_normalization: false", 0.998, 1), ("seed: 1", None, None)],
)
def test_the_defaults_of_rsl_rl_by_version(
    version: str, gamma: float | None, epochs: int | None, tmp_path: Path
) -> None:
    write_events(tmp_path, {"Loss/value": [(0, 1.0)], "Loss/surrogate": [(0, 0.1)]})
    (tmp_path / "agent.yaml").write_text(f"{version}\nnum_steps_per_env: 24\nalgorithm:\n  clip_param: 0.2\n")
    settings = read_run(tmp_path).settings
    found = [settings[name].value if name in settings else None for name in ("gamma", "n_epochs")]
    assert found == [gamma, epochs]
    assert all(settings[name].implied for name in ("gamma", "n_epochs") if name in settings)


@pytest.mark.parametrize(("switch", "bound"), [("", None), ("truncate_grads: true", 1.0)])
def test_rl_games_bounds_the_gradient_only_when_told_so(switch: str, bound: float | None, tmp_path: Path) -> None:
    write_events(tmp_path, {"losses/c_loss": [(9, 1.0)], "losses/a_loss": [(9, 1.0)]})
    text = f"params:\n  config:\n    e_clip: 0.2\n    horizon_length: 16\n    grad_norm: 1.0\n    {switch}\n"
    (tmp_path / "config.yaml").write_text(text)
    assert read_run(tmp_path).settings["max_grad_norm"].value == bound


def test_tianshou_s_losses_stand_on_gradient_steps(tmp_path: Path) -> None:
    points = {
        "train/env_step": [(1000 * update, 1000.0 * update) for update in range(1, 5)],
        "train/reward": [(1000 * update, float(update)) for update in range(1, 5)],
        "update/loss/vf": [(40 * update, 10.0 * update) for update in range(1, 5)],
    }
    write_events(tmp_path, points)
    run = read_run(tmp_path)
    assert run.curves["value_loss"].step.tolist() == run.curves["reward_mean"].step.tolist() == [0, 1, 2, 3]
    assert run.curves["value_loss"].value.tolist() == [10.0, 20.0, 30.0, 40.0]


def test_the_arguments_of_trl_are_read_out_of_its_events(tmp_path: Path) -> None:
    arguments = {"num_ppo_epochs": 4, "cliprange": 0.2, "cliprange_value": 0.3, "vf_coef": 0.1, "max_grad_norm": 1.0}
    tags = {"train/loss/value_avg": [(1, 1.0)], "train/policy/approxkl_avg": [(1, 0.1)], "train/lr": [(1, 0.1)]}
    write_events(tmp_path, tags, {"args/text_summary": json.dumps(arguments)})
    run = read_run(tmp_path)
    values = {name: setting.value for name, setting in run.settings.items()}
    assert run.format == "trl"
    assert values["clip_range_vf"] == 0.3
    assert (values["value_clip"], values["vf_coef"], values["max_grad_norm"]) == (True, 0.1, None)
    write_events(tmp_path, tags, {"args/text_summary": "{half"}, time=1700000000)
    assert read_run(tmp_path).settings == {}
