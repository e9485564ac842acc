"""Recorded runs that the core's plain reference trained, with networks that Stable-Baselines3 has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rundoctor.ppo import network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import Architecture, Config
from rundoctor.ppo.reference import Candidate, reference_update
from rundoctor.recording import RunRecorder
from tests.ppo.rollouts import rollout, seeded

TIME, ENVIRONMENTS = 32, 2


def by_name(architecture: Architecture, row: Tensor) -> dict[str, Any]:
    return {name: part[0].numpy().copy() for name, part in network.unpacked(architecture, row.unsqueeze(0)).items()}


def experience(architecture: Architecture, row: Tensor, seed: int) -> tuple[Rollout, np.ndarray[Any, Any]]:
    """A rollout in single precision, and the bootstrap values that belong to it."""
    drawn = rollout(architecture, row.double().unsqueeze(0), TIME, ENVIRONMENTS, scale=3.0, seed=seed, drift=0.0)
    parts = {name: getattr(drawn, name) for name in Rollout.__slots__}
    parts = {name: part.float() if part.is_floating_point() else part for name, part in parts.items()}
    bootstrap = parts["next_values"].clone()
    following = parts["next_values"].clone()
    for t in range(TIME - 1):
        for n in range(ENVIRONMENTS):
            if not parts["truncated"][0, t, n]:
                following[0, t, n] = parts["values"][0, t + 1, n]
    return Rollout(**parts | {"next_values": following}), bootstrap[0].numpy()


def optimizer(one: Candidate) -> dict[str, Any]:
    states = {name: one.adam.state.get(part, {}) for name, part in one.parameters.items()}
    zeros = {name: np.zeros(tuple(part.shape), np.float32) for name, part in one.parameters.items()}
    return {
        "first": {name: s["exp_avg"].numpy().copy() if s else zeros[name] for name, s in states.items()},
        "second": {name: s["exp_avg_sq"].numpy().copy() if s else zeros[name] for name, s in states.items()},
        "steps": max((float(state["step"]) for state in states.values() if state), default=0.0),
    }


def write_run(
    directory: Path, architecture: Architecture, config: Config, settings: dict[str, Any], updates: int = 4
) -> Path:
    """Train and record; ``settings`` says in the recorder's words what ``config`` differs in from its defaults."""
    recorder = RunRecorder(directory)
    row = network.initial(architecture, seeded(3)) + 0.1 * torch.randn(1, generator=seeded(4))
    one = Candidate.start(architecture, config, row, ENVIRONMENTS)
    for number in range(updates):
        data, bootstrap = experience(architecture, one.row(), number)
        order = torch.stack([torch.randperm(TIME * ENVIRONMENTS, generator=seeded(e)) for e in range(config.n_epochs)])
        record = {
            "parameters": by_name(architecture, one.row()),
            "adam": optimizer(one),
            "network": {"activation": architecture.activation.value},
            "observations": data.observations[0],
            "actions": data.actions[0],
            "log_probs": data.log_prob[0],
            "values": data.values[0],
            "rewards": data.rewards[0],
            "terminated": data.terminated[0],
            "truncated": data.truncated[0],
            "bootstrap_values": bootstrap,
            "order": order,
            "settings": settings,
        }
        reference_update(one, data, order)
        recorder.update({}, record | {"parameters_after": by_name(architecture, one.row())})
    return directory


def rewrite(path: Path, **changes: Any) -> None:
    """Write an update again with keys changed, ``__`` for a slash; None leaves one out."""
    with np.load(path) as arrays:
        content = dict(arrays)
    content |= {name.replace("__", "/"): value for name, value in changes.items()}
    np.savez(path, **{name: value for name, value in content.items() if value is not None})
