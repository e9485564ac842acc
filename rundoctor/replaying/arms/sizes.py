"""A run's sizes as far as a replay can pay for them; each one that is changed is added to ``notes``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST_MINIBATCHES = 64
"""Most minibatches of a rollout that are replayed."""


def minibatches(values: Mapping[str, Any], notes: list[str]) -> int:
    """Minibatches of an epoch, at most ``MOST_MINIBATCHES``."""
    count: int = max(1, round(values["rollout_steps"] / values["batch_size"]))
    kept = min(count, MOST_MINIBATCHES)
    if kept < count:
        notes.append(f"{count} minibatches of a rollout are replayed as {kept}: an update moves the weights less")
    return kept


def batch_of(size: int, values: Mapping[str, Any], notes: list[str]) -> int:
    """The samples of a minibatch, which are ``size`` where the run has ``batch_size``."""
    if size != values["batch_size"]:
        steps = "noisier" if size < values["batch_size"] else "less noisy"
        notes.append(f"minibatches of {values['batch_size']} samples are replayed with {size}: {steps} steps")
    return size


def width(values: Mapping[str, Any], widest: int, notes: list[str]) -> int:
    """Units of a hidden layer, at most ``widest``."""
    found = int(values["hidden_dim"])
    if found > widest:
        notes.append(f"layers {found} wide are replayed {widest} wide: the critic moves less in an update")
    return min(found, widest)
