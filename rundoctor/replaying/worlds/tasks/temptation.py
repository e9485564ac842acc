"""Resist a temptation: pushing ahead pays at once, and being far off costs more and more later.

Whoever sees a few steps ahead leans until it hurts at once, and does worse than by doing nothing; whoever sees the
whole episode stays near. A critic that is stuck leaves a policy with 1 / (1 - gamma lambda) steps of sight, as in
tasks with shortcuts, wear or fuel, and wherever a shaped reward pays before its price is due.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rundoctor.replaying.worlds.tasks import Step, Task

DT = 0.1
PUSH, DRAG, KICK, START = 1.0, 0.5, 0.05, 4.0
BASE, TEMPTATION, STRAYING = 1.0, 0.5, 0.03
"""Pay of a step, pay of a full push, cost of a distance of one, squared."""
FAR = 30.0
"""Distance at which there is a wall."""
SEEN = 0.25
"""Observations in a unit of distance or speed."""


def start(noise: Tensor) -> Tensor:
    """Somewhere about the middle, nearly at rest."""
    return START * noise * torch.tensor([1.0, 0.2], dtype=noise.dtype, device=noise.device)


def step(state: Tensor, force: Tensor, noise: Tensor) -> Step:
    """Explicit Euler on position and velocity."""
    place, speed = state.unbind(-1)
    speed = speed + DT * (PUSH * force - DRAG * speed) + KICK * DT**0.5 * noise[..., 0]
    place = place + DT * speed
    inside = place.abs() < FAR
    state = torch.stack((place.clamp(-FAR, FAR), torch.where(inside, speed, 0.0)), -1)
    reward = BASE + TEMPTATION * force - STRAYING * state[..., 0].square()
    return Step(state, reward, torch.zeros_like(inside))


def observe(state: Tensor) -> Tensor:
    return SEEN * state


TASK = Task(
    name="temptation",
    about="resist a temptation: a push pays at once, its consequences cost later",
    observations=2,
    limit=128,
    start_noise=2,
    step_noise=1,
    ends=False,
    pays=1,
    start=start,
    step=step,
    observe=observe,
)
