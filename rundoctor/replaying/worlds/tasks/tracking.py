"""Track a target: a mass that noise pushes about must be brought to a place and kept there; distance costs.

Returns are negative and rise towards zero, as in Pendulum, reaching with an arm and other regulation from far off.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rundoctor.replaying.worlds.tasks import Step, Task

DT = 0.1
PUSH = 0.6
DRAG = 0.1
KICK = 0.05
BOUND = 4.0
START = 1.0


def start(noise: Tensor) -> Tensor:
    """Somewhere around the middle, nearly at rest."""
    return START * noise


def step(state: Tensor, force: Tensor, noise: Tensor) -> Step:
    """Explicit Euler on position and velocity; walls at ``BOUND``."""
    place, speed = state.unbind(-1)
    speed = speed + DT * (PUSH * force - DRAG * speed) + KICK * DT**0.5 * noise[..., 0]
    place = place + DT * speed
    inside = place.abs() < BOUND
    state = torch.stack((place.clamp(-BOUND, BOUND), torch.where(inside, speed, 0.0)), -1)
    reward = -0.3 * state[..., 0].square() - 0.03 * state[..., 1].square()
    return Step(state, reward, torch.zeros_like(inside))


def observe(state: Tensor) -> Tensor:
    return state


TASK = Task(
    name="tracking",
    about="track a target: distance costs, returns are negative and rise towards zero",
    observations=2,
    limit=128,
    start_noise=2,
    step_noise=1,
    ends=False,
    pays=-1,
    start=start,
    step=step,
    observe=observe,
)
