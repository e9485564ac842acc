"""Hold a place: a mass on a spring is to stay near the middle; being there pays, being away costs.

A policy without a bias does fairly well from the start, one that leans to a side pays more and more: the reward can
fall far below where it began, as in regulation and formation keeping.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rundoctor.replaying.worlds.tasks import Step, Task

DT = 0.1
PUSH = 0.5
DRAG = 0.1
SPRING = 0.15
KICK = 0.05
START = 0.5


def start(noise: Tensor) -> Tensor:
    """Somewhere around the middle, nearly at rest."""
    return START * noise


def step(state: Tensor, force: Tensor, noise: Tensor) -> Step:
    """Explicit Euler on position and velocity."""
    place, speed = state.unbind(-1)
    speed = speed + DT * (PUSH * force - DRAG * speed - SPRING * place) + KICK * DT**0.5 * noise[..., 0]
    place = place + DT * speed
    reward = 1.0 - place.square() - 0.1 * speed.square()
    return Step(torch.stack((place, speed), -1), reward, torch.zeros_like(place, dtype=torch.bool))


def observe(state: Tensor) -> Tensor:
    return state


TASK = Task(
    name="holding",
    about="hold a place: being near pays, drifting off costs, episodes have one length",
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
