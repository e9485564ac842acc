"""Samples of rsl_rl: a point mass is held at zero by 16 environments.

Usage: python benchmarks/samples/by_rsl_rl.py tests/samples

    python -m venv env && env/bin/pip install torch==2.13.0 tensorboard==2.21.0 rsl-rl-lib==5.5.1

writes ``rsl_rl``; with rsl-rl-lib==2.3.3 in an environment of its own the script writes ``rsl_rl_2``. The library logs
events and no config: ``params/agent.yaml`` is what its runner was given, put there as IsaacLab's train script does.
``gamma``, ``lam`` and ``entropy_coef`` are left out of it: they have the library's defaults, which changed with 3.0.
"""

from __future__ import annotations

import sys
import tempfile
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
import yaml
from placing import place
from rsl_rl.env import VecEnv
from rsl_rl.runners import OnPolicyRunner

UPDATES, ENVIRONMENTS, LONGEST_EPISODE = 12, 16, 40
STEP_SECONDS = 0.02
"""Rewards are multiplied with it, as IsaacLab does."""
OLD = version("rsl-rl-lib").startswith("2.")
ALGORITHM = {
    "class_name": "PPO",
    "clip_param": 0.2,
    "use_clipped_value_loss": True,
    "value_loss_coef": 1.0,
    "num_learning_epochs": 4,
    "num_mini_batches": 4,
    "learning_rate": 0.001,
    "schedule": "adaptive",
    "desired_kl": 0.01,
    "max_grad_norm": 1.0,
}
RUN = {"seed": 1, "num_steps_per_env": 24, "max_iterations": UPDATES, "save_interval": 100, "logger": "tensorboard"}
NETWORK = {"hidden_dims": [16, 16], "activation": "elu"}
OLD_CONFIG = RUN | {
    "empirical_normalization": False,
    "policy": {
        "class_name": "ActorCritic",
        "init_noise_std": 1.0,
        "actor_hidden_dims": [16, 16],
        "critic_hidden_dims": [16, 16],
        "activation": "elu",
    },
    "algorithm": ALGORITHM,
}
NEW_CONFIG = RUN | {
    "obs_groups": {"actor": ["policy"], "critic": ["policy"]},
    "actor": NETWORK
    | {"class_name": "MLPModel", "distribution_cfg": {"class_name": "GaussianDistribution", "init_std": 1.0}},
    "critic": NETWORK | {"class_name": "MLPModel"},
    "algorithm": ALGORITHM | {"normalize_advantage_per_mini_batch": False, "rnd_cfg": None, "symmetry_cfg": None},
}


class PointMass(VecEnv):
    """Position and speed are observed, an action pushes; being away from zero costs."""

    def __init__(self) -> None:
        self.num_envs, self.num_actions = ENVIRONMENTS, 1
        self.num_obs, self.num_privileged_obs = 2, None
        self.max_episode_length = LONGEST_EPISODE
        self.device = "cpu"
        self.cfg: dict[str, Any] = {}
        self.state = torch.randn(ENVIRONMENTS, 2)
        self.episode_length_buf = torch.zeros(ENVIRONMENTS, dtype=torch.long)

    @property
    def unwrapped(self) -> PointMass:
        return self

    def get_observations(self) -> Any:
        if OLD:
            return self.state.clone(), {"observations": {}}
        from tensordict import TensorDict

        return TensorDict({"policy": self.state.clone()}, batch_size=[ENVIRONMENTS])

    def reset(self) -> Any:
        return self.get_observations()

    def step(self, actions: torch.Tensor) -> Any:
        self.state[:, 1] += STEP_SECONDS * 5 * actions[:, 0].clamp(-3, 3)
        self.state[:, 0] += STEP_SECONDS * 5 * self.state[:, 1]
        reward = -STEP_SECONDS * self.state[:, 0].abs()
        self.episode_length_buf += 1
        late = self.episode_length_buf >= LONGEST_EPISODE
        self.episode_length_buf[late] = 0
        self.state[late] = torch.randn(int(late.sum()), 2)
        extras = {"time_outs": late, "log": {"Episode_Reward/distance": reward.mean()}}
        seen = self.get_observations()
        if OLD:
            return seen[0], reward, late.long(), extras | {"observations": {}}
        return seen, reward, late.long(), extras


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    config = OLD_CONFIG if OLD else NEW_CONFIG
    torch.manual_seed(1)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as made:
        run = Path(made)
        (run / "params").mkdir()
        (run / "params" / "agent.yaml").write_text(yaml.dump(config, sort_keys=False))
        runner = OnPolicyRunner(PointMass(), deepcopy(config), str(run), device="cpu")
        runner.learn(UPDATES)
        (runner if OLD else runner.logger).writer.close()
        place(run, samples / ("rsl_rl_2" if OLD else "rsl_rl"), "events*", "params/*")


if __name__ == "__main__":
    main()
