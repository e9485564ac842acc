"""The canonical hyper-parameters: what each means, its symbol in the paper, its unit and its usual range.

Names follow Stable-Baselines3 where it has one. ``usual`` is the range in which published PPO configurations lie; it
says by how many decades a value leaves it and is never a verdict by itself. Sources of the ranges: the typical ranges
of Unity ML-Agents (Training-Configuration-File.md, 03e51f4), widened to the defaults of Stable-Baselines3 2.9.2, RLlib
(30 epochs), skrl 2.1.1 (value weight 2.5) and rsl-rl-lib 5.5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Hyperparameter:
    """One canonical hyper-parameter."""

    meaning: str
    kind: type
    """float, int, bool or dict (numbers by reward component)."""
    symbol: str = ""
    unit: str = ""
    usual: tuple[float, float] | None = None
    """Lower and upper end of the values found in published configurations."""
    possible: tuple[float, float] = (-inf, inf)
    """The values that mean something at all; a trainer that takes another one does what nobody asked it for."""


HYPERPARAMETERS: dict[str, Hyperparameter] = {
    "learning_rate": Hyperparameter("Adam step size", float, "alpha", usual=(1e-5, 1e-3), possible=(0, inf)),
    "critic_learning_rate": Hyperparameter("Adam step size of the critic's own layers", float),
    "n_epochs": Hyperparameter("passes over each rollout", int, "K", "epochs", usual=(1, 30), possible=(1, inf)),
    "batch_size": Hyperparameter("samples in a minibatch", int, "M", "steps", usual=(32, 32768)),
    "n_steps": Hyperparameter("rollout length of one environment", int, "T", "steps", usual=(16, 8192)),
    "n_envs": Hyperparameter("parallel environments", int, "N", usual=(1, 8192)),
    "rollout_steps": Hyperparameter("steps collected for one update, all environments", int, "NT", "steps"),
    "total_updates": Hyperparameter("updates the run is meant to have", int),
    "gamma": Hyperparameter("discount", float, "gamma", usual=(0.9, 1.0), possible=(0, 1)),
    "gae_lambda": Hyperparameter("GAE trace decay", float, "lambda", usual=(0.8, 1.0), possible=(0, 1)),
    "clip_range": Hyperparameter(
        "policy clip range", float, "epsilon", "probability ratio - 1", usual=(0.05, 0.4), possible=(0, inf)
    ),
    "value_clip": Hyperparameter("whether the value loss is clipped", bool),
    "clip_range_vf": Hyperparameter("value clip range", float, "epsilon_v", "the critic's unit"),
    "value_clip_relative": Hyperparameter("whether the value clip is a fraction of the old value", bool),
    "value_loss_clamp": Hyperparameter("ceiling on the squared value error", float, "", "the critic's unit squared"),
    "huber_delta": Hyperparameter("value error from which its loss is linear", float, "", "the critic's unit"),
    "vf_coef": Hyperparameter("weight of the value loss", float, "c1", usual=(0.1, 2.5), possible=(0, inf)),
    "ent_coef": Hyperparameter("weight of the entropy bonus", float, "c2", "1/nat", usual=(0.0, 0.05)),
    "max_grad_norm": Hyperparameter("gradient norm clip", float, usual=(0.3, 10.0)),
    "log_std_init": Hyperparameter("logarithm of the standard deviation that the actions begin with", float),
    "target_kl": Hyperparameter("approximate KL at which an update stops", float, "", "nat", usual=(0.005, 0.05)),
    "kl_target": Hyperparameter(
        "KL to which an adaptive penalty or learning rate steers an update", float, "", "nat", usual=(0.003, 0.05)
    ),
    "normalize_advantage": Hyperparameter("whether advantages are standardised", bool),
    "advantages_per_component": Hyperparameter("whether each reward component's advantages are standardised", bool),
    "normalize_returns": Hyperparameter("whether the critic learns scaled returns or rewards", bool),
    "normalize_returns_per_batch": Hyperparameter("whether each batch's returns are standardised", bool),
    "normalize_rewards": Hyperparameter("whether rewards are standardised before returns are formed", bool),
    "normalize_rewards_per_episode": Hyperparameter("whether rewards are standardised within each episode", bool),
    "return_scale": Hyperparameter("factor on the normalised returns", float),
    "reward_scale": Hyperparameter("factor on all rewards", float),
    "reward_clip": Hyperparameter("bound on the absolute reward", float, "", "reward"),
    "reward_weights": Hyperparameter("factor on each reward component in the environment", dict),
    "component_weights": Hyperparameter("weight of each component's advantage in the policy loss", dict),
    "learnable_component_weights": Hyperparameter("whether those weights are learned", bool),
    "adaptive_reward_scaling": Hyperparameter("whether rewards are rescaled while training", bool),
    "curriculum": Hyperparameter("whether the task or reward changes by plan", bool),
    "reward_change_step": Hyperparameter("step at which the reward is planned to change", float, "", "steps"),
    "shared_trunk": Hyperparameter("whether policy and critic share layers", bool),
    "hidden_dim": Hyperparameter("width of the last hidden layer", int, "H", "units", usual=(32, 1024)),
    "max_episode_steps": Hyperparameter("time limit of an episode", int, "", "steps"),
    "dropout": Hyperparameter("dropout probability in the networks", float, usual=(0.0, 0.0), possible=(0, 1)),
}
