"""The tasks, their healthy settings, and on which side of the split they are.

Rules may be looked at and changed on the tuning tasks. On the test tasks every scoring is written down. Settings have
the canonical names of ``rundoctor/hyperparameters.py``; observations are divided by constants, the same for every run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corpus.courses import (
    Course,
    aiming,
    balancing,
    crossing,
    docking,
    driving,
    foraging,
    heating,
    orchard,
    reaching,
    sailing,
    stocking,
)
from corpus.world import CourseWorld, GymWorld, Parts, World

Settings = dict[str, Any]

COMMON: Settings = {
    "learning_rate": 1e-3,
    "n_epochs": 10,
    "batch_size": 256,
    "n_steps": 128,
    "n_envs": 16,
    "gamma": 0.99,
    "gae_lambda": 0.95,
    "clip_range": 0.2,
    "value_clip": False,
    "clip_range_vf": None,
    "vf_coef": 0.5,
    "ent_coef": 0.0,
    "max_grad_norm": 0.5,
    "target_kl": None,
    "normalize_advantage": True,
    "normalize_returns": True,
    "reward_scale": 1.0,
    "shared_trunk": False,
    "hidden_dim": 64,
    "log_std": 0.0,
    "anneal": False,
}
"""``log_std``: logarithm of the policy's first standard deviation; ``anneal``: the learning rate falls to zero."""


@dataclass(frozen=True)
class Task:
    """What is trained, and how it is trained well."""

    tuning: bool
    updates: int
    make: Course | tuple[str, tuple[str, ...], Parts]
    """A course, or a Gymnasium name with its components and how they are read off a step."""
    settings: Settings = field(default_factory=dict)
    scale: tuple[float, ...] = (1.0,)
    goal: str = ""
    """The component without which there is nothing to learn."""
    cost: str = ""
    """A component that can drown the goal."""

    def world(self, count: int) -> World:
        if isinstance(self.make, Course):
            return CourseWorld(self.make, count)
        name, components, parts = self.make
        return GymWorld(name, count, components, parts, np.array(self.scale))


def _alone(reward: float, action: Any, info: Any) -> tuple[float]:
    return (reward,)


def _climbed(reward: float, action: Any, info: Any) -> tuple[float, float]:
    effort = -0.1 * float(action[0]) ** 2
    return reward - effort, effort


def _ran(reward: float, action: Any, info: Any) -> tuple[float, float]:
    return float(info["reward_forward"]), float(info["reward_ctrl"])


RUNNING = ("forward_reward", "control_cost")

TASKS = {
    "CartPole-v1": Task(tuning=True, updates=20, make=("CartPole-v1", ("alive_reward",), _alone)),
    "InvertedPendulum-v5": Task(
        tuning=True,
        updates=20,
        make=("InvertedPendulum-v5", ("alive_reward",), _alone),
        settings={"n_steps": 256, "n_envs": 8},
    ),
    "MountainCarContinuous-v0": Task(
        tuning=True,
        updates=24,
        make=("MountainCarContinuous-v0", ("goal_reward", "effort_cost"), _climbed),
        settings={"n_steps": 256, "n_envs": 8, "log_std": 0.7},
        scale=(0.5, 0.03),
        goal="goal_reward",
        cost="effort_cost",
    ),
    "docking": Task(tuning=True, updates=24, make=docking.COURSE, goal="docking_reward", cost="fuel_cost"),
    "foraging": Task(tuning=True, updates=24, make=foraging.COURSE, goal="food_reward", cost="step_cost"),
    "Swimmer-v5": Task(
        tuning=True,
        updates=32,
        make=("Swimmer-v5", RUNNING, _ran),
        settings={"n_steps": 256, "n_envs": 8, "gamma": 0.998},
        goal="forward_reward",
        cost="control_cost",
    ),
    "HalfCheetah-v5": Task(
        tuning=True,
        updates=32,
        make=("HalfCheetah-v5", RUNNING, _ran),
        settings={"n_steps": 250, "n_envs": 8, "batch_size": 250, "gamma": 0.98, "log_std": -1.0},
        scale=(0.5,) * 8 + (2.0,) * 3 + (6.0,) * 6,
        goal="forward_reward",
        cost="control_cost",
    ),
    "heating": Task(tuning=True, updates=24, make=heating.COURSE, goal="comfort_cost", cost="wear_cost"),
    "orchard": Task(tuning=True, updates=24, make=orchard.COURSE, goal="harvest_reward", cost="labour_cost"),
    "balancing": Task(tuning=True, updates=24, make=balancing.COURSE, goal="alive_reward", cost="effort_cost"),
    "crossing": Task(tuning=True, updates=24, make=crossing.COURSE, goal="crossing_reward", cost="collision_cost"),
    "sailing": Task(tuning=True, updates=24, make=sailing.COURSE, goal="progress_reward", cost="rudder_cost"),
    "aiming": Task(tuning=True, updates=24, make=aiming.COURSE, goal="distance_cost", cost="strength_cost"),
    "stocking": Task(tuning=False, updates=24, make=stocking.COURSE, goal="sales_reward", cost="storage_cost"),
    "driving": Task(tuning=False, updates=24, make=driving.COURSE, goal="progress_reward", cost="swerve_cost"),
    "reaching": Task(tuning=False, updates=24, make=reaching.COURSE, goal="distance_cost", cost="torque_cost"),
}
