"""What Stable-Baselines3's rollout buffer does not keep of a rollout: why episodes ended, and the rewards apart.

``collect_rollouts`` (``common/on_policy_algorithm.py``, 2.9.2) adds the discounted value of a truncated episode's last
state to its last reward. Here reward and value stay apart: the value is computed again, from the same state by the same
network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm

Array = np.ndarray[Any, Any]


class Steps:
    """The steps of the rollout that is being collected, and of the episodes that are under way."""

    def __init__(self, model: OnPolicyAlgorithm) -> None:
        self._model = model
        self._normalizer = model.get_vec_normalize_env()
        self._episodes: list[dict[str, list[float]]] = [{} for _ in range(model.n_envs)]
        self.clear()

    def clear(self) -> None:
        """Begin a rollout; episodes go on."""
        self._rewards: list[Array] = []
        self._ends: list[Array] = []
        self._bootstraps: list[Array] = []
        self._components: list[list[Mapping[str, float]]] = []

    def add(self, local: Mapping[str, Any], *, wanted: bool) -> Iterator[dict[str, list[float]]]:
        """One step, from the variables of ``collect_rollouts`` before it bootstraps; the episodes that end with it.

        ``wanted``: whether ``rollout`` will be asked for.
        """
        rewards, dones, infos = local["rewards"], local["dones"], local["infos"]
        truncated = np.array([done and _truncated(info) for done, info in zip(dones, infos, strict=True)])
        if wanted:
            bootstrap = np.zeros(len(dones), np.float32)
            for n in np.flatnonzero(truncated).tolist():
                bootstrap[n] = self._value(infos[n]["terminal_observation"])
            self._rewards.append(np.array(rewards, np.float32))
            self._ends.append(np.stack((dones & ~truncated, truncated)))
            self._bootstraps.append(bootstrap)
            self._components.append([info.get("reward_components", {}) for info in infos])
        raw = rewards if self._normalizer is None else self._normalizer.get_original_reward()
        for n, (episode, info) in enumerate(zip(self._episodes, infos, strict=True)):
            for name, reward in {"total_reward": raw[n], **info.get("reward_components", {})}.items():
                episode.setdefault(name, []).append(float(reward))
            if dones[n]:
                yield {name: list(steps) for name, steps in episode.items()}
                episode.clear()

    def rollout(self, last_values: Any) -> dict[str, Any]:
        """The rollout in the recorder's format; ``last_values``: of the states that follow it, N of them."""
        buffer = self._model.rollout_buffer
        shape = (self._model.n_steps, self._model.n_envs)
        terminated, truncated = np.stack(self._ends, 1)
        bootstrap = np.stack(self._bootstraps)
        following = last_values.detach().cpu().numpy().reshape(-1)
        bootstrap[-1] = np.where(terminated[-1] | truncated[-1], bootstrap[-1], following)
        names = self._components[0][0] if self._components else {}
        return {
            "observations": buffer.observations.reshape(*shape, -1).astype(np.float32),
            "actions": self._actions(buffer.actions, shape),
            "log_probs": buffer.log_probs.copy(),
            "values": buffer.values[..., None].copy(),
            "rewards": np.stack(self._rewards)[..., None],
            "terminated": terminated,
            "truncated": truncated,
            "bootstrap_values": bootstrap[..., None],
            "component_rewards": {name: self._component(name) for name in names},
        }

    def _actions(self, actions: Array, shape: tuple[int, int]) -> Array:
        if np.issubdtype(actions.dtype, np.integer):
            return actions.reshape(shape).astype(np.int64)
        return actions.reshape(*shape, -1).astype(np.float32)

    def _component(self, name: str) -> Array:
        """[T, N]; NaN where a step did not have it."""
        return np.array([[info.get(name, np.nan) for info in row] for row in self._components], np.float32)

    def _value(self, observation: Array) -> float:
        tensor = self._model.policy.obs_to_tensor(observation)[0]
        return float(self._model.policy.predict_values(tensor).detach())


def _truncated(info: Mapping[str, Any]) -> bool:
    return info.get("terminal_observation") is not None and bool(info.get("TimeLimit.truncated", False))
