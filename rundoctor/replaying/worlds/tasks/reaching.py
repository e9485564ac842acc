"""Reach a goal: effort costs a little at every step, the goal pays once and ends the episode.

Credit has to travel many steps back, as in MountainCar, navigation and insertion.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rundoctor.replaying.worlds.tasks import Step, Task

DT = 0.1
PUSH, DRAG, KICK = 2.0, 1.0, 0.5
GOAL, WALL = 2.5, -2.0
PRIZE, EFFORT = 20.0, 0.1


def start(noise: Tensor) -> Tensor:
    """Around the middle, at rest."""
    state = torch.zeros(*noise.shape[:-1], 2, dtype=noise.dtype, device=noise.device)
    state[..., 0] = 0.3 * noise[..., 0]
    return state


def step(state: Tensor, force: Tensor, noise: Tensor) -> Step:
    """Explicit Euler on position and velocity."""
    place, speed = state.unbind(-1)
    speed = speed + DT * (PUSH * force - DRAG * speed) + KICK * DT**0.5 * noise[..., 0]
    place = (place + DT * speed).clamp(min=WALL)
    there = place > GOAL
    reward = PRIZE * there.to(place.dtype) - EFFORT
    return Step(torch.stack((place, speed), -1), reward, there)


def observe(state: Tensor) -> Tensor:
    return state


TASK = Task(
    name="reaching",
    about="reach a goal: every step costs a little, the goal pays once",
    observations=2,
    limit=128,
    start_noise=1,
    step_noise=1,
    ends=True,
    pays=-1,
    start=start,
    step=step,
    observe=observe,
)
