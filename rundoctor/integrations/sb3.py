"""Records a Stable-Baselines3 run: ``model.learn(..., callback=RecordingCallback("runs/a"))``.

Training with the callback is training without it, bit for bit: it draws no random numbers and changes nothing of the
model. The order of the samples is the one that was used: while ``train()`` runs, the buffer's ``_get_samples`` notes
the indices that it is asked for and is otherwise itself.

The three files are written for every on-policy algorithm. Updates are recorded where a replay can rebuild them: PPO
with an ``MlpPolicy`` of tanh or ReLU layers, vector observations, discrete or box actions, Adam. Else a warning at the
start names what stands in the way, and ``updates/refused.txt`` keeps it: a network that cannot be replayed is still
worth diagnosing, and no reason to stop a training.

The run is diagnosed while it trains: ``rundoctor/integrations/live.py`` says when, and tells each cause once through
``logging``. With ``stop_on="error"`` a cause of that severity that stands ends the training, as any callback may.

An environment that puts ``info["reward_components"]``, a mapping of names to numbers, into each step has its components
recorded as well.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm

from rundoctor.integrations import sb3_state
from rundoctor.integrations.live import LiveDiagnosis
from rundoctor.integrations.sb3_rollout import Steps
from rundoctor.recording import RunRecorder

LOGGED = {
    "train/policy_gradient_loss": "policy_loss",
    "train/policy_loss": "policy_loss",
    "train/value_loss": "value_loss",
    "train/approx_kl": "approx_kl",
    "train/clip_fraction": "clip_fraction",
    "train/explained_variance": "explained_variance",
    "train/learning_rate": "learning_rate",
    "train/std": "action_std",
}
"""Metric by the name under which ``train()`` logs it."""


class RecordingCallback(BaseCallback):
    """Writes a run directory while a model learns; one callback records one run, over several calls of ``learn``."""

    model: OnPolicyAlgorithm

    def __init__(
        self,
        directory: str | os.PathLike[str],
        keep: int = 16,
        max_bytes: int = 1 << 28,
        stop_on: str = "never",
    ) -> None:
        """Record into a new directory.

        Args:
            directory: where the run is written.
            keep: recorded updates that stay.
            max_bytes: bytes that they may take together.
            stop_on: ``error`` ends the training when a cause of that severity stands; ``never`` only tells of it.
        """
        super().__init__()
        self._directory, self._bounds = directory, {"keep": keep, "max_bytes": max_bytes}
        self._live = LiveDiagnosis(directory, stop_on)
        self._stop = ""
        """Why the training is to end; empty while it is not."""
        self._recorder: RunRecorder | None = None
        self._steps: Steps | None = None
        self._replayable = False
        self._metrics: dict[str, float] = {}
        self._record: dict[str, Any] | None = None
        """What was recorded of the update that ``train()`` is at."""
        self._asked: list[np.ndarray[Any, Any]] = []
        """Indices of the minibatches that ``train()`` took."""

    def _on_training_start(self) -> None:
        if not isinstance(self.model, OnPolicyAlgorithm):
            raise TypeError(f"{type(self.model).__name__} is not an on-policy algorithm: nothing to record")
        self._stop = ""
        if self._steps is None or self.model._last_episode_starts.all():  # type: ignore[union-attr]
            self._steps = Steps(self.model)
        if self._recorder is not None:
            return
        config = sb3_state.config(self.model, self.locals["total_timesteps"])
        self._recorder = RunRecorder(self._directory, config, **self._bounds)
        reasons = "; ".join(sb3_state.obstacles(self.model))
        self._replayable = not reasons
        if reasons:
            reason = f"updates are not recorded, since a replay cannot rebuild {reasons}"
            self._recorder.refuse_updates(reason)
            warnings.warn(f"{self._directory}: {reason}; the logs are written", stacklevel=2)

    def _on_rollout_start(self) -> None:
        assert self._steps is not None
        self._finish_update()
        self._steps.clear()

    def _on_step(self) -> bool:
        assert self._recorder is not None
        assert self._steps is not None
        for rewards in self._steps.add(self.locals, wanted=self._replayable):
            self._recorder.episode(rewards)
        return not self._stop

    def _on_rollout_end(self) -> None:
        assert self._steps is not None
        buffer = self.model.rollout_buffer
        self._metrics = {
            "return_mean": buffer.returns.mean(),
            "return_std": buffer.returns.std(),
            "value_mean": buffer.values.mean(),
            "value_std": buffer.values.std(),
        }
        self._record = {}
        if self._replayable:
            environment = self.model.get_vec_normalize_env()
            self._record = {
                "parameters": sb3_state.parameters(self.model),
                "adam": sb3_state.adam(self.model),
                "network": {"activation": sb3_state.ACTIVATIONS[self.model.policy.activation_fn.__name__]},
                "normalizer": sb3_state.normalizer(environment),
                **self._steps.rollout(self.locals["values"]),
            }
            self._listen()

    def _on_training_end(self) -> None:
        self._finish_update()
        if self._recorder is not None:
            self._live.after(self._recorder.updates, at_the_end=True)

    def _listen(self) -> None:
        """Note which samples ``train()`` takes, in which order."""
        buffer, asked = self.model.rollout_buffer, self._asked
        theirs = buffer._get_samples

        def get_samples(indices: np.ndarray[Any, Any], *rest: Any, **named: Any) -> Any:
            asked.append(indices)
            return theirs(indices, *rest, **named)

        buffer._get_samples = get_samples  # type: ignore[method-assign, assignment]

    def _finish_update(self) -> None:
        """Write the update that ``train()`` has done since the last rollout, if it has."""
        record, self._record = self._record, None
        if record is None or self._recorder is None:
            return
        self.model.rollout_buffer.__dict__.pop("_get_samples", None)
        metrics = self._metrics | self._logged() | sb3_state.gradient_norms(self.model)
        if self._replayable:
            record |= {
                "parameters_after": sb3_state.parameters(self.model),
                "settings": sb3_state.settings(self.model),  # type: ignore[arg-type]
                "order": self._order(),
            }
            metrics |= self._value_clip_fraction(record)
        self._asked.clear()
        self._recorder.update(metrics, record or None)
        self._stop = self._live.after(self._recorder.updates)

    def _logged(self) -> dict[str, float]:
        """The last update's losses; the loss is their weighted sum over all minibatches, not over the last alone."""
        logged = self.model.logger.name_to_value
        found = {ours: float(logged[theirs]) for theirs, ours in LOGGED.items() if theirs in logged}
        if "train/entropy_loss" in logged:
            found["entropy"] = -float(logged["train/entropy_loss"])
        if {"policy_loss", "value_loss", "entropy"} <= found.keys():
            weighted = self.model.vf_coef * found["value_loss"] - self.model.ent_coef * found["entropy"]
            found = {"loss": found["policy_loss"] + weighted, **found}
        return found

    def _order(self) -> np.ndarray[Any, Any]:
        """[epochs, T N] of t N + n, from theirs, which is n T + t; -1 after a stop."""
        time, environments = self.model.n_steps, self.model.n_envs
        asked = np.concatenate(self._asked)
        order = np.full(-(-len(asked) // (time * environments)) * time * environments, -1, np.int32)
        order[: len(asked)] = asked % time * environments + asked // time
        return order.reshape(-1, time * environments)

    def _value_clip_fraction(self, record: dict[str, Any]) -> dict[str, float]:
        """Share of the values that the update moved by more than the value clip."""
        width = record["settings"]["clip_range_vf"]
        if width is None:
            return {}
        shape = self.model.observation_space.shape or ()
        observations = self.model.policy.obs_to_tensor(record["observations"].reshape(-1, *shape))[0]
        values = self.model.policy.predict_values(observations).detach().cpu().numpy()
        moved = np.abs(values.reshape(record["values"].shape) - record["values"])
        return {"value_clip_fraction": float((moved > width).mean())}
