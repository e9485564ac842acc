"""How each trainer is told a change: from a run in its own layout to the exact flag or line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rundoctor import read_run
from rundoctor.frameworks import Framework, all_frameworks, framework_named
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Edit, Proposal, Run
from rundoctor.patching import make_patch
from tests.config_builders import fix
from tests.event_builders import write_events

Layout = Callable[[Path], None]


def with_events(*tags: str, text: str = "", file: str = "", config: str = "") -> Layout:
    """Event files with these tags, beside a config."""

    def write(directory: Path) -> None:
        points = [(update, 1.0) for update in range(1, 9)]
        write_events(directory, dict.fromkeys(tags, points), {"hyperparameters": text} if text else None)
        if file:
            (directory / file).parent.mkdir(exist_ok=True)
            (directory / file).write_text(config)

    return write


def with_table(name: str, header: str, file: str = "", config: str = "") -> Layout:
    """A table with these columns, beside a config."""

    def write(directory: Path) -> None:
        delimiter = "\t" if name.endswith(".txt") else ","
        columns = header.split(",")
        rows = [delimiter.join(str(row + 1) for _ in columns) for row in range(8)]
        (directory / name).write_text("\n".join([delimiter.join(columns), *rows]) + "\n")
        if file:
            (directory / file).parent.mkdir(exist_ok=True)
            (directory / file).write_text(config)

    return write


def table_of(**settings: Any) -> str:
    return "|param|value|\n|-|-|\n" + "\n".join(f"|{name}|{value}|" for name, value in settings.items())


CLEANRL_FLAGS = {"learning_rate": 0.0003, "update_epochs": 4, "clip_coef": 0.2, "clip_vloss": True, "norm_adv": True}
CLEANRL_TAGS = ("losses/value_loss", "charts/episodic_return")
TYRO = with_events(*CLEANRL_TAGS, text=table_of(**CLEANRL_FLAGS, num_iterations=100))
ARGPARSE = with_events(*CLEANRL_TAGS, text=table_of(**CLEANRL_FLAGS))
CLEANRL_ALONE = with_events(*CLEANRL_TAGS)
SB3 = with_table("progress.csv", "time/iterations,rollout/ep_rew_mean,train/value_loss,train/approx_kl")
ZOO = with_table(
    "progress.csv",
    "time/iterations,rollout/ep_rew_mean,train/value_loss,train/approx_kl",
    "config.yml",
    "n_timesteps: 100000\npolicy: MlpPolicy\nlearning_rate: 0.001\nclip_range_vf: 0.2\n",
)
RLLIB_COLUMNS = "training_iteration,episode_reward_mean,info/learner/default_policy/learner_stats/vf_loss"
RLLIB_NEW = with_table(
    "progress.csv",
    RLLIB_COLUMNS,
    "params.json",
    json.dumps({"lr": 0.01, "num_epochs": 30, "vf_clip_param": 10.0, "gamma": 0.99}),
)
RLLIB_OLD = with_table(
    "progress.csv",
    RLLIB_COLUMNS,
    "params.json",
    json.dumps({"lr": 0.01, "num_sgd_iter": 30, "vf_clip_param": 10.0, "gamma": 0.99}),
)
RSL_RL = with_events(
    "Train/mean_reward",
    "Loss/value_function",
    file="params/agent.yaml",
    config="num_steps_per_env: 24\nalgorithm:\n  clip_param: 0.2\n  use_clipped_value_loss: true\n",
)
RSL_RL_ALONE = with_events("Train/mean_reward", "Loss/value_function")
SKRL_TAGS = ("Reward / Total reward (mean)", "Loss / Value loss")
SKRL_2 = with_events(
    *SKRL_TAGS, file="params/agent.yaml", config="agent:\n  rollouts: 16\n  ratio_clip: 0.2\n  value_clip: 0.3\n"
)
SKRL_1 = with_events(
    *SKRL_TAGS,
    file="params/agent.yaml",
    config="agent:\n  rollouts: 16\n  ratio_clip: 0.2\n  value_clip: 0.3\n  clip_predicted_values: true\n",
)
SKRL_ALONE = with_events(*SKRL_TAGS)
RL_GAMES = "    e_clip: 0.2\n    horizon_length: 16\n    clip_value: true\n    learning_rate: 0.001\n"
RL_GAMES_IN_ISAACLAB = with_events(
    "rewards/step", "losses/c_loss", file="params/agent.yaml", config=f"params:\n  config:\n{RL_GAMES}"
)
RL_GAMES_OWN = with_events(
    "rewards/step", "losses/c_loss", file="config.yaml", config=f"params:\n  config:\n{RL_GAMES}"
)
SAMPLE_FACTORY = with_events(
    "reward/reward",
    "train/value_loss",
    "train/fraction_clipped",
    file="config.json",
    config=json.dumps(
        {"ppo_clip_ratio": 0.1, "ppo_clip_value": 1.0, "gamma": 0.99, "normalize_returns": False, "num_epochs": 4},
        indent=2,
    ),
)
ML_AGENTS = with_events(
    "Environment/Cumulative Reward",
    "Losses/Value Loss",
    file="configuration.yaml",
    config="behaviors:\n  Walker:\n    trainer_type: ppo\n    hyperparameters: {epsilon: 0.2, learning_rate: 0.001}\n",
)
MAPPO = with_events("agent0/value_loss", "agent0/dist_entropy", "agent0/average_episode_rewards")
TIANSHOU = with_events("train/returns_stat/mean", "update/loss/vf", "update/loss/clip")
TORCHRL = with_events("train/reward", "train/loss_objective", "train/loss_critic")
TORCH_AC = with_table("log.csv", "update,frames,FPS,rreturn_mean,entropy,value,policy_loss,value_loss,grad_norm")
SPINNING_UP = with_table(
    "progress.txt",
    "Epoch,AverageEpRet,LossV,LossPi,KL,TotalEnvInteracts",
    "config.json",
    json.dumps({"pi_lr": 0.001, "vf_lr": 0.001, "clip_ratio": 0.2, "gamma": 0.99}, indent=2),
)
BASELINES = with_events("episode_reward", "loss/value_function_loss", "loss/loss")
VERL = with_events("critic/score/mean", "critic/vf_loss", "actor/ppo_kl")
TRL = with_events("objective/rlhf_reward", "loss/value_avg", "policy/approxkl_avg")

RECORD = "is a record that a new run does not read; "

SAID = [
    (TYRO, "value_clip", False, "on the command line: --no-clip-vloss"),
    (ARGPARSE, "value_clip", False, "on the command line of a script with argparse: --clip-vloss False"),
    (
        CLEANRL_ALONE,
        "value_clip",
        False,
        "on the command line: --no-clip-vloss; on the command line of a script with argparse: --clip-vloss False",
    ),
    (TYRO, "learning_rate", 3e-05, "on the command line: --learning-rate 3e-05"),
    (CLEANRL_ALONE, "learning_rate", 3e-05, "on the command line: --learning-rate 3e-05"),
    (TYRO, "normalize_returns", True, "in make_env: env = gym.wrappers.NormalizeReward(env, gamma=args.gamma)"),
    (MAPPO, "value_clip", False, "on the command line: --use_clipped_value_loss (the flag switches the clip off)"),
    (MAPPO, "normalize_returns", True, "on the command line: leave --use_valuenorm out (the flag switches it off)"),
    (MAPPO, "n_epochs", 5, "on the command line: --ppo_epoch 5"),
    (
        SB3,
        "value_clip",
        False,
        "on the zoo's command line: --hyperparams clip_range_vf:None; in code: PPO(..., clip_range_vf=None)",
    ),
    (ZOO, "value_clip", False, f"config.yml {RECORD}on the zoo's command line: --hyperparams clip_range_vf:None"),
    (
        ZOO,
        "normalize_returns",
        True,
        (
            f"config.yml {RECORD}on the zoo's command line: "
            "--hyperparams \"normalize:{'norm_obs': False, 'norm_reward': True}\""
        ),
    ),
    (RLLIB_NEW, "n_epochs", 5, f"params.json {RECORD}in code: config.training(num_epochs=5)"),
    (RLLIB_OLD, "n_epochs", 5, f"params.json {RECORD}in code of older versions: config.training(num_sgd_iter=5)"),
    (RLLIB_NEW, "value_clip", False, 'in code: config.training(vf_clip_param=float("inf"))'),
    (
        RSL_RL,
        "value_clip",
        False,
        (
            f"agent.yaml {RECORD}on IsaacLab's command line: agent.algorithm.use_clipped_value_loss=false; "
            "in the runner's config: algorithm.use_clipped_value_loss = False"
        ),
    ),
    (
        RSL_RL_ALONE,
        "learning_rate",
        0.0001,
        (
            "on IsaacLab's command line: agent.algorithm.learning_rate=0.0001; "
            "in the runner's config: algorithm.learning_rate = 0.0001"
        ),
    ),
    (
        SKRL_2,
        "value_clip",
        False,
        (
            f"agent.yaml {RECORD}on IsaacLab's command line: agent.agent.value_clip=0; "
            "in code (2.x): PPO_CFG(..., value_clip=0)"
        ),
    ),
    (
        SKRL_1,
        "value_clip",
        False,
        (
            f"agent.yaml {RECORD}on IsaacLab's command line: agent.agent.clip_predicted_values=False; "
            'in code (1.x): cfg["clip_predicted_values"] = False'
        ),
    ),
    (
        SKRL_ALONE,
        "n_epochs",
        4,
        (
            "on IsaacLab's command line: agent.agent.learning_epochs=4; "
            'in code (2.x): PPO_CFG(..., learning_epochs=4); in code (1.x): cfg["learning_epochs"] = 4'
        ),
    ),
    (
        RL_GAMES_IN_ISAACLAB,
        "value_clip",
        False,
        f"agent.yaml {RECORD}on IsaacLab's command line: agent.params.config.clip_value=False",
    ),
    (RL_GAMES_OWN, "value_clip", False, ""),
    (SAMPLE_FACTORY, "value_clip", False, f"config.json {RECORD}on the command line: --ppo_clip_value=1e9"),
    (SAMPLE_FACTORY, "normalize_returns", True, f"config.json {RECORD}on the command line: --normalize_returns=True"),
    (
        ML_AGENTS,
        "learning_rate",
        0.0001,
        (
            f"configuration.yaml {RECORD}in the file given to mlagents-learn, under behaviors.<name>: "
            "hyperparameters.learning_rate: 0.0001"
        ),
    ),
    (
        TIANSHOU,
        "value_clip",
        False,
        "in code (2.x): PPO(..., value_clip=False); in code (1.x): PPOPolicy(..., value_clip=False)",
    ),
    (
        TIANSHOU,
        "normalize_returns",
        True,
        "in code (2.x): PPO(..., return_scaling=True); in code (1.x): PPOPolicy(..., reward_normalization=True)",
    ),
    (TORCHRL, "value_clip", False, "in code: ClipPPOLoss(..., clip_value=None)"),
    (TORCHRL, "vf_coef", 0.5, "in code: ClipPPOLoss(..., critic_coeff=0.5)"),
    (TORCH_AC, "n_epochs", 2, "on the command line: --epochs 2"),
    (
        TORCH_AC,
        "reward_scale",
        0.01,
        "in code: PPOAlgo(..., reshape_reward=lambda obs, action, reward, done: 0.01 * reward)",
    ),
    (SPINNING_UP, "learning_rate", 0.0001, f"config.json {RECORD}in code: ppo(..., pi_lr=0.0001)"),
    (BASELINES, "value_clip", False, "in code: PPO2(..., cliprange_vf=-1)"),
    (VERL, "value_clip", False, "on the command line: critic.cliprange_value=1e9"),
    (VERL, "n_epochs", 2, "on the command line: actor_rollout_ref.actor.ppo_epochs=2"),
    (TRL, "value_clip", False, "in code: PPOConfig(..., cliprange_value=1e9)"),
]
POLICY_CLIPS = {
    "cleanrl": "clip.coef",
    "mappo": "clip_param",
    "ml_agents": "epsilon",
    "rl_games": "e_clip",
    "rsl_rl": "clip_param",
    "tianshou": "eps_clip",
    "torch_ac": "clip.eps",
}
"""Trainers with one width for the ratio and for the value, and its key."""


def said(run: Run, name: str, value: Any) -> str:
    """Return what is told of a change, beside the diff or in place of one."""
    proposal = Proposal(edits=(Edit(name=name, value=value, why=""),))
    patch = make_patch(run, [(fix(), proposal)], framework_named(run.format))
    assert patch.refused == ()
    return patch.needs_code[0].what if patch.needs_code else patch.edits[0].how


@pytest.mark.parametrize(("layout", "name", "value", "text"), SAID, ids=lambda given: str(given)[:30])
def test_a_change_is_told_as_the_trainer_takes_it(
    layout: Layout, name: str, value: Any, text: str, tmp_path: Path
) -> None:
    layout(tmp_path)
    assert said(read_run(tmp_path), name, value) == text


def test_without_words_of_the_trainer_the_fix_says_it(tmp_path: Path) -> None:
    TIANSHOU(tmp_path)
    assert said(read_run(tmp_path), "shared_trunk", False) == fix().by_hand


def test_a_record_is_patched_all_the_same(tmp_path: Path) -> None:
    SAMPLE_FACTORY(tmp_path)
    run = read_run(tmp_path)
    proposal = Proposal(edits=(Edit(name="value_clip", value=False, why=""),))
    patch = make_patch(run, [(fix(), proposal)], framework_named(run.format))
    assert [(edit.path, edit.old, edit.new) for edit in patch.edits] == [("ppo_clip_value", 1.0, 1e9)]
    assert json.loads(patch.new_text or "")["ppo_clip_value"] == 1e9


@pytest.mark.parametrize("layout", [TYRO, ARGPARSE, RSL_RL, RL_GAMES_OWN, RL_GAMES_IN_ISAACLAB, ML_AGENTS])
@pytest.mark.parametrize("name", ["clip_range", "clip_range_vf"])
def test_no_number_for_a_clip_that_two_things_share(layout: Layout, name: str, tmp_path: Path) -> None:
    layout(tmp_path)
    run = read_run(tmp_path)
    proposal = Proposal(edits=(Edit(name=name, value=50.0, why=""),))
    patch = make_patch(run, [(fix(), proposal)], framework_named(run.format))
    assert (patch.edits, patch.needs_code) == ((), ())
    assert "sets both" in patch.refused[0].reason


@pytest.mark.parametrize("framework", [framework_named(name) for name in POLICY_CLIPS], ids=lambda one: one.name)
def test_no_words_hold_a_number_for_a_shared_clip(framework: Framework) -> None:
    lines = [line for told in framework.told for line in told.lines.values()]
    texts = [text for line in lines for text in ([line] if isinstance(line, str) else line.values())]
    assert texts
    assert not [text for text in texts if re.search(rf"\b{POLICY_CLIPS[framework.name]}\W+({{value}}|\d)", text)]


@pytest.mark.parametrize("framework", all_frameworks().values(), ids=lambda one: one.name)
def test_the_words_name_hyperparameters_and_say_a_number_or_a_switch(framework: Framework) -> None:
    for told in framework.told:
        for name, line in told.lines.items():
            assert (HYPERPARAMETERS[name].kind is bool) == (not isinstance(line, str)), name
            assert not isinstance(line, str) or line.count("{value}") == 1, line


HYDRA = with_table(
    "progress.csv",
    "time/iterations,rollout/ep_rew_mean,train/value_loss,train/approx_kl",
    ".hydra/config.yaml",
    "ppo: {clip_range_vf: 0.2, learning_rate: 0.001, n_epochs: 10}\n",
)


@pytest.mark.parametrize(
    ("name", "value", "override"),
    [("value_clip", False, "ppo.clip_range_vf=null"), ("learning_rate", 3e-05, "ppo.learning_rate=3e-05")],
)
def test_what_hydra_wrote_down_is_overridden(name: str, value: Any, override: str, tmp_path: Path) -> None:
    HYDRA(tmp_path)
    run = read_run(tmp_path)
    patch = make_patch(run, [(fix(), Proposal(edits=(Edit(name=name, value=value, why=""),)))], framework_named("sb3"))
    assert [edit.how for edit in patch.edits] == [f"config.yaml {RECORD}on the command line: {override}"]
