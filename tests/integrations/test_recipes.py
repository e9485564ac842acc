"""The lines of ``docs/recipes.md``, run as they stand there."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import rundoctor
from rundoctor.model import Run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"<!-- recipe: ([\w ]+) -->\n```python\n(.*?)```", PAGE, re.DOTALL))
MOMENTS = {"return_mean", "return_std", "value_mean", "value_std"}


def read_back(directory: Path, updates: int) -> Run:
    """The run, complete and with what the recipe's page promises."""
    run = rundoctor.read_run(directory)
    wanted = MOMENTS | {"policy_loss", "value_loss", "entropy", "learning_rate", "explained_variance", "reward_mean"}
    assert {name: len(run.curves[name]) for name in wanted} == dict.fromkeys(wanted, updates)
    assert {"learning_rate", "n_epochs", "batch_size", "gamma", "clip_range", "clip_range_vf", "vf_coef"} <= {
        *run.settings
    }
    assert not [note for read in run.inputs if read.read for note in read.notes]
    judged = rundoctor.diagnose(run)
    assert not [skip for skip in judged.skipped if "the rule failed" in skip.reason]
    return run


def test_cleanrl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gymnasium")
    script = Path(__file__).with_name("cleanrl_style.py").read_text(encoding="utf-8")

    def lines(place: re.Match[str]) -> str:
        return textwrap.indent(BLOCKS.pop(f"cleanrl {place[2]}"), place[1])

    script = re.sub(r"^( *)# recipe: cleanrl (\w+)\n", lines, script, flags=re.MULTILINE)
    assert not [name for name in BLOCKS if name.startswith("cleanrl")]
    monkeypatch.chdir(tmp_path)
    space: dict[str, Any] = {"__name__": "cleanrl_style"}
    exec(compile(script, "cleanrl_style.py", "exec", dont_inherit=True), space)
    (directory,) = (tmp_path / "runs").glob("*/rundoctor")
    run = read_back(directory, space["args"].num_iterations)
    assert run.episodes is not None
    assert run.episodes.components["total_reward"].count.min() > 5
    assert {"policy_grad_norm", "value_grad_norm"} <= run.curves.keys()
    half = run.curves["value_loss"].value[-1] / 2
    assert half == pytest.approx(space["v_loss"].item())
    assert run.curves["return_mean"].value[-1] == pytest.approx(space["y_true"].mean())


def test_rsl_rl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rsl_rl")
    pytest.importorskip("tensorboard")
    from rsl_rl.runners import OnPolicyRunner

    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)
    runner = OnPolicyRunner(balance(count=8), settings(), log_dir=str(tmp_path / "logs"))
    space: dict[str, Any] = {"runner": runner}
    exec(compile(BLOCKS["rsl_rl"], "recipes.md", "exec"), space)
    runner.learn(6)
    run = read_back(tmp_path / "runs" / "a", 6)
    theirs = rundoctor.read_run(tmp_path / "logs")
    assert theirs.format == "rsl_rl"
    for name in ("value_loss", "policy_loss", "entropy", "reward_mean", "episode_length"):
        np.testing.assert_allclose(run.curves[name].value, theirs.curves[name].value, rtol=1e-5)


def settings() -> dict[str, Any]:
    network = {"class_name": "MLPModel", "hidden_dims": [16], "activation": "elu"}
    gaussian = {"class_name": "GaussianDistribution", "init_std": 1.0, "std_type": "scalar"}
    return {
        "num_steps_per_env": 24,
        "save_interval": 100,
        "obs_groups": {"actor": ["policy"], "critic": ["policy"]},
        "actor": network | {"distribution_cfg": gaussian},
        "critic": network,
        "algorithm": {"class_name": "PPO", "num_learning_epochs": 2, "num_mini_batches": 2, "schedule": "fixed"},
    }


def balance(count: int) -> Any:
    """Points that an action pushes; 1 a step, over beyond two, cut after ten steps."""
    from rsl_rl.env import VecEnv
    from tensordict import TensorDict

    class Balance(VecEnv):  # type: ignore[misc]
        num_envs, num_actions, max_episode_length, device, cfg = count, 1, 10, "cpu", {}

        def __init__(self) -> None:
            self.point, self.episode_length_buf = torch.zeros(count), torch.zeros(count, dtype=torch.long)

        def get_observations(self) -> TensorDict:
            return TensorDict({"policy": self.point[:, None].clone()}, batch_size=[count])

        def step(self, actions: torch.Tensor) -> tuple[TensorDict, torch.Tensor, torch.Tensor, dict[str, Any]]:
            self.point = self.point + actions[:, 0]
            self.episode_length_buf = self.episode_length_buf + 1
            fell, cut = self.point.abs() > 2, self.episode_length_buf >= 10
            over = fell | cut
            self.point = torch.where(over, 0.0, self.point)
            self.episode_length_buf = torch.where(over, 0, self.episode_length_buf)
            return self.get_observations(), torch.ones(count), over.long(), {"time_outs": cut & ~fell}

    return Balance()
