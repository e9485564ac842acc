"""A sample of rl_games: CartPole in four environments, with the library's runner.

Usage: python benchmarks/samples/by_rl_games.py tests/samples

    python -m venv env && env/bin/pip install torch==2.13.0 gymnasium==1.4.0 tensorboard==2.21.0 rl-games==1.6.5

The library logs events and no config: ``config.yaml`` is what the runner was given, put beside ``summaries/`` as
IsaacGymEnvs does.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import torch
import yaml
from placing import place
from rl_games.common import env_configurations, vecenv
from rl_games.torch_runner import Runner
from tensorboardX import SummaryWriter

UPDATES, ENVIRONMENTS, HORIZON = 12, 4, 32
CONFIG: dict[str, Any] = {
    "params": {
        "seed": 1,
        "algo": {"name": "a2c_discrete"},
        "model": {"name": "discrete_a2c"},
        "network": {
            "name": "actor_critic",
            "separate": True,
            "space": {"discrete": None},
            "mlp": {"units": [32, 32], "activation": "relu", "initializer": {"name": "default"}},
        },
        "config": {
            "name": "cartpole",
            "env_name": "cartpole",
            "full_experiment_name": "run",
            "device": "cpu",
            "device_name": "cpu",
            "num_actors": ENVIRONMENTS,
            "ppo": True,
            "normalize_input": True,
            "normalize_value": True,
            "normalize_advantage": True,
            "value_bootstrap": True,
            "reward_shaper": {"scale_value": 0.1},
            "gamma": 0.99,
            "tau": 0.95,
            "learning_rate": 0.001,
            "lr_schedule": "adaptive",
            "kl_threshold": 0.016,
            "e_clip": 0.2,
            "clip_value": True,
            "critic_coef": 2,
            "entropy_coef": 0.01,
            "grad_norm": 1.0,
            "truncate_grads": True,
            "horizon_length": HORIZON,
            "minibatch_size": 64,
            "mini_epochs": 4,
            "max_epochs": UPDATES,
            "score_to_win": 20000,
            "use_smooth_clamp": False,
            "bounds_loss_coef": None,
            "torch_compile": False,
        },
    }
}


class Environments(vecenv.IVecEnv):
    """The ends of episodes are reset at once, as the library expects."""

    def __init__(self, config_name: str, num_actors: int, **_: Any) -> None:
        self.environments = [gymnasium.make("CartPole-v1") for _ in range(num_actors)]

    def reset(self) -> Any:
        return np.stack([one.reset(seed=seed)[0] for seed, one in enumerate(self.environments)])

    def step(self, actions: Any) -> Any:
        observed, rewards, ended, cut_off = [], [], [], []
        for one, action in zip(self.environments, actions, strict=True):
            seen, reward, terminated, truncated, _ = one.step(int(action))
            observed.append(one.reset()[0] if terminated or truncated else seen)
            rewards.append(reward)
            ended.append(terminated or truncated)
            cut_off.append(truncated)
        return np.stack(observed), np.array(rewards, np.float32), np.array(ended), {"time_outs": np.array(cut_off)}

    def get_env_info(self) -> dict[str, Any]:
        one = self.environments[0]
        return {"observation_space": one.observation_space, "action_space": one.action_space}


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    torch.set_num_threads(1)
    vecenv.register("LISTED", lambda name, actors, **more: Environments(name, actors, **more))
    env_configurations.register("cartpole", {"vecenv_type": "LISTED", "env_creator": lambda **_: None})
    with tempfile.TemporaryDirectory() as made:
        os.chdir(made)
        runner = Runner()
        runner.load(yaml.safe_load(yaml.dump(CONFIG)))
        runner.run({"train": True})
        for writer in [one for one in gc.get_objects() if isinstance(one, SummaryWriter)]:
            writer.close()
        run = Path(made) / "runs" / "run"
        (run / "config.yaml").write_text(yaml.dump(CONFIG, sort_keys=False))
        place(run, samples / "rl_games", "summaries/events*", "config.yaml")


if __name__ == "__main__":
    main()
