"""What a Stable-Baselines3 model holds, in the words of the recorder's format; and what of it cannot be replayed.

Read off ``ppo/ppo.py``, ``common/policies.py`` and ``common/buffers.py`` of Stable-Baselines3 2.9.2. Tensors become
arrays by their own methods, so nothing here draws a random number or changes the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from gymnasium import spaces
from stable_baselines3 import PPO
from stable_baselines3.common.buffers import RolloutBuffer
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.preprocessing import is_image_space
from stable_baselines3.common.torch_layers import FlattenExtractor
from stable_baselines3.common.vec_env import VecNormalize

from rundoctor.ppo.network import SB3_HEAD, SB3_TRUNK

Array = np.ndarray[Any, Any]

ACTIVATIONS = {"Tanh": "tanh", "ReLU": "relu"}
"""Name in the format by the name of torch's module."""
ADAM = {"betas": (0.9, 0.999), "weight_decay": 0, "amsgrad": False, "maximize": False}
"""The optimiser that a replay has; its learning rate and epsilon are free."""
MODULES = {module: name for name, module in (SB3_TRUNK | SB3_HEAD).items()}
"""Owner of a parameter in the format, by the module that holds it."""

POLICY_LAYERS = ("log_std", "action_net.", "mlp_extractor.policy_net.", "pi_features_extractor.")
VALUE_LAYERS = ("value_net.", "mlp_extractor.value_net.", "vf_features_extractor.")
"""Beginnings of the names of parameters; without sharing ``features_extractor`` is the policy's."""


def obstacles(model: OnPolicyAlgorithm) -> Iterator[str]:
    """What of a model a replay cannot rebuild, by name; nothing where it can."""
    policy, optimizer = model.policy, model.policy.optimizer
    if type(model).train is not PPO.train:
        yield f"algorithm {type(model).__name__}"
        return
    if type(model.rollout_buffer) is not RolloutBuffer:
        yield f"rollout buffer {type(model.rollout_buffer).__name__}"
    if not isinstance(model.observation_space, spaces.Box) or is_image_space(model.observation_space):
        yield f"observations {model.observation_space}"
    if not isinstance(model.action_space, spaces.Box | spaces.Discrete):
        yield f"actions {model.action_space}"
    if model.use_sde:
        yield "state-dependent exploration (use_sde)"
    if type(policy) is not ActorCriticPolicy or type(policy.features_extractor) is not FlattenExtractor:
        yield f"policy {type(policy).__name__} with {type(policy.features_extractor).__name__}"
        return
    yield from _network_obstacles(policy)
    group = optimizer.param_groups[0]
    odd = [f"{name}={group[name]}" for name, plain in ADAM.items() if group.get(name) != plain]
    if type(optimizer).__name__ != "Adam" or odd:
        yield f"optimiser {type(optimizer).__name__} {' '.join(odd)}".rstrip()


def _network_obstacles(policy: ActorCriticPolicy) -> Iterator[str]:
    if policy.activation_fn.__name__ not in ACTIVATIONS:
        yield f"activation {policy.activation_fn.__name__}"
    net_arch = policy.net_arch
    sizes = (net_arch["pi"], net_arch["vf"]) if isinstance(net_arch, dict) else (net_arch, net_arch)
    if list(sizes[0]) != list(sizes[1]) or not sizes[0]:
        yield f"hidden layers {net_arch}"


def parameters(model: OnPolicyAlgorithm) -> dict[str, Array]:
    """Copies of the parameters, by their names in the format."""
    named = model.policy.named_parameters()
    return {_renamed(name): tensor.detach().cpu().numpy().copy() for name, tensor in named}


def adam(model: OnPolicyAlgorithm) -> dict[str, Any]:
    """Copies of the optimiser's moments and its count of steps; zeros before the first step."""
    first, second, steps = {}, {}, 0.0
    for name, tensor in model.policy.named_parameters():
        state = model.policy.optimizer.state.get(tensor, {})
        zero = np.zeros(tuple(tensor.shape), np.float32)
        first[_renamed(name)] = state["exp_avg"].cpu().numpy().copy() if state else zero
        second[_renamed(name)] = state["exp_avg_sq"].cpu().numpy().copy() if state else zero
        steps = float(state["step"]) if state else steps
    return {"first": first, "second": second, "steps": steps}


def gradient_norms(model: OnPolicyAlgorithm) -> dict[str, float]:
    """Norms of the policy's and the critic's gradient at the last step; nothing where they share layers.

    They are those after the clip, which keeps their ratio. Of shared layers the gradient is a sum that nothing takes
    apart.
    """
    squares = {"policy_grad_norm": 0.0, "value_grad_norm": 0.0}
    for name, tensor in model.policy.named_parameters():
        owner = _loss_of(name, shared=model.policy.share_features_extractor)
        if owner is None:
            return {}
        if tensor.grad is not None:
            squares[owner] += float(tensor.grad.square().sum())
    return {name: math.sqrt(square) for name, square in squares.items()}


def _loss_of(parameter: str, *, shared: bool) -> str | None:
    """Which of the two losses a parameter belongs to; None where it is both, or not known."""
    if parameter.startswith(VALUE_LAYERS):
        return "value_grad_norm"
    own = POLICY_LAYERS if shared else (*POLICY_LAYERS, "features_extractor.")
    return "policy_grad_norm" if parameter.startswith(own) else None


def settings(model: PPO) -> dict[str, Any]:
    """The hyper-parameters of the update that the model is at, schedules evaluated."""
    remaining = model._current_progress_remaining
    group = model.policy.optimizer.param_groups[0]
    clipped = model.clip_range_vf is not None
    return {
        **{name: getattr(model, name) for name in ("n_epochs", "batch_size", "gamma", "gae_lambda")},
        **{name: getattr(model, name) for name in ("vf_coef", "ent_coef", "max_grad_norm")},
        "learning_rate": group["lr"],
        "adam_epsilon": group["eps"],
        "clip_range": model.clip_range(remaining),  # type: ignore[operator]
        "value_loss": "clip-hard" if clipped else "mse",
        "clip_range_vf": model.clip_range_vf(remaining) if clipped else None,  # type: ignore[operator, misc]
        "advantage_normalization": "minibatch" if model.normalize_advantage else "off",
        "kl_stop": "off" if model.target_kl is None else "sb3",
        "target_kl": model.target_kl,
    }


def normalizer(environment: VecNormalize | None) -> dict[str, Any]:
    """State of ``VecNormalize`` at the end of a rollout; nothing without one."""
    if environment is None:
        return {}
    moments = {"reward": environment.ret_rms} | ({"observation": environment.obs_rms} if environment.norm_obs else {})
    state = {f"{name}_{part}": getattr(rms, part) for name, rms in moments.items() for part in ("mean", "var", "count")}
    names = ("norm_obs", "norm_reward", "clip_obs", "clip_reward", "gamma", "epsilon")
    return {name: getattr(environment, name) for name in names} | state | {"reward_sums": environment.returns.copy()}


def config(model: OnPolicyAlgorithm, total_timesteps: int) -> dict[str, Any]:
    """The run's configuration as ``config.yaml`` is to hold it; a schedule is given by its value at the start."""
    environment = model.get_vec_normalize_env()
    names = ("n_epochs", "n_steps", "n_envs", "gamma", "gae_lambda", "vf_coef", "ent_coef", "max_grad_norm")
    found = {name: getattr(model, name) for name in names if hasattr(model, name)}
    found |= {
        "learning_rate": model.lr_schedule(1.0),
        "total_updates": -(-total_timesteps // (model.n_steps * model.n_envs)),
    }
    found["normalize_returns"] = environment is not None and environment.norm_reward
    if isinstance(model, PPO):
        here = settings(model) | {"learning_rate": found["learning_rate"]}
        found |= {"minibatch_size": model.batch_size, "clip_range": here["clip_range"]}
        found |= {"normalize_advantage": model.normalize_advantage, "target_kl": model.target_kl}
        found |= {"enable_value_clipping": here["value_loss"] != "mse", "clip_range_vf": here["clip_range_vf"]}
    return {"ppo": {name: value for name, value in found.items() if value is not None}}


def _renamed(name: str) -> str:
    """``mlp_extractor.policy_net.2.weight`` -> ``policy.1.weight``: activations count as layers in theirs."""
    if name == "log_std":
        return "policy.log_std"
    module, _, kind = name.rpartition(".")
    if module in MODULES:
        return f"{MODULES[module]}.{kind}"
    module, _, layer = module.rpartition(".")
    return f"{MODULES[module]}.{int(layer) // 2}.{kind}" if module in MODULES else name
