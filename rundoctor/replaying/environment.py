"""Replay in the user's own task: a Gymnasium environment, the run's settings, short training.

Sizes are the run's as far as they can be paid, and rewards are the environment's in the trainer's unit. Observations
are standardised by running moments where the user or the config says so.

That the control shows the symptoms is not asked here: on a surrogate they are the evidence that it resembles the
user's task, and this is that task. They are looked for all the same, and what they say is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import torch

from rundoctor.facts import FactBook
from rundoctor.frameworks import framework_named
from rundoctor.model import Run
from rundoctor.ppo.config import Activation
from rundoctor.replaying.arms import sizes
from rundoctor.replaying.arms.mechanism import Mechanism, unresolved, values_in_force
from rundoctor.replaying.arms.plan import Plan
from rundoctor.replaying.arms.translation import recipe
from rundoctor.replaying.contest import Entry
from rundoctor.replaying.judging.reproduction import Target
from rundoctor.replaying.worlds.gym_task import gym_task
from rundoctor.replaying.worlds.gym_world import GymWorld

ENVIRONMENTS = 8
"""N; enough that the mean over their judged episodes says something."""
MOST_SAMPLES = 4096
"""Samples of a replayed rollout: each is a step of a simulator in every candidate."""
LAYERS = 2
"""Hidden layers."""
WIDEST = 256
"""Widest hidden layer that is replayed."""
UNLIKE = (
    "the control does not show in this task what the log shows: the verdicts are about these settings in a short "
    "training, not about the symptoms"
)
"""Warning for a replay in which the symptoms did not come up."""


def own_mechanism(run: Run, assumed: Mapping[str, Any], name: str) -> Mechanism:
    """The run's settings as they are replayed in the task of that name.

    Args:
        run: the run.
        assumed: the user's words by canonical name, ``normalize_observations`` among them.
        name: ``CartPole-v1`` or ``package.module:factory``.

    Raises:
        RundoctorError: there is no such task, or a value with which there is no training.
    """
    task, notes = gym_task(name), list[str]()
    values = values_in_force(run, FactBook(run), assumed, notes)
    minibatches = sizes.minibatches(values, notes)
    batch = sizes.batch_of(min(values["batch_size"], max(1, MOST_SAMPLES // minibatches)), values, notes)
    values |= {"batch_size": batch, "hidden_dim": sizes.width(values, WIDEST, notes)}
    if recipe(values).reward_scale != 1.0:
        notes.append(f"the trainer multiplies what {name} pays by {values['reward_scale']:g}")
    said = standardizes(run, assumed)
    if said is None:
        notes.append("observations are as the task gives them: the config does not say")
    return Mechanism(
        values=values,
        minibatches=minibatches,
        batch_size=batch,
        return_size=None,
        discrete=task.discrete,
        ends=None,
        pays=0,
        unresolved=unresolved(values),
        assumptions=tuple(notes),
    )


def entry(
    name: str,
    run: Run,
    known: Mechanism,
    plans: Sequence[Plan],
    target: Target | None,
    *,
    label: str,
    activation: Activation,
    seeds: int,
    updates: int,
    seed: int,
    device: torch.device,
    assumed: Mapping[str, Any],
) -> Entry:
    """What is to be tried in the task of that name; ``label`` names it with what was assumed."""
    standardized = bool(standardizes(run, assumed))
    return Entry(
        name=name,
        label=label,
        make=partial(GymWorld, name=name, environments=ENVIRONMENTS, standardized=standardized, device=device),
        plans=tuple(plans),
        like=run,
        target=target,
        own=True,
        value_clip_form=framework_named(run.format).value_clip_form,
        reward_scale=recipe(known.values).reward_scale or 1.0,
        hidden=(int(known.values["hidden_dim"]),) * LAYERS,
        activation=activation,
        seeds=seeds,
        updates=updates,
        steps=max(1, known.minibatches * known.batch_size // ENVIRONMENTS),
        judges=ENVIRONMENTS,
        seed=seed,
    )


def standardizes(run: Run, assumed: Mapping[str, Any]) -> bool | None:
    """Whether the trainer standardises observations, by the user's word or the config; None where neither says."""
    if "normalize_observations" in assumed:
        return bool(assumed["normalize_observations"])
    entries = {".".join(map(str, one.path)): one.value for one in run.config.entries} if run.config else {}
    own = [value for path, value in entries.items() if path.split(".")[-1] == "normalize_observations"]
    if own:
        return bool(own[-1])
    return _zoo(entries)


def _zoo(entries: Mapping[str, Any]) -> bool | None:
    """``normalize`` of the RL Baselines3 Zoo: a bool, Python text or a mapping, ``norm_obs`` on unless switched off."""
    mapping = {path: value for path, value in entries.items() if path.startswith("normalize.")}
    switch = entries.get("normalize", bool(mapping) or None)
    if isinstance(switch, str):
        return not re.search(r"norm_obs['\"]?\s*[:=]\s*False", switch)
    if not switch:
        return None if switch is None else False
    return bool(mapping.get("normalize.norm_obs", entries.get("normalize_kwargs.norm_obs", True)))
