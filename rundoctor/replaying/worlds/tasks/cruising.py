"""Gain speed: pushing in time with a rhythm builds up speed, which pays at every step; effort costs.

Returns start near zero and grow many times over, as in HalfCheetah, Swimmer and other locomotion without falls.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from rundoctor.replaying.worlds.tasks import Step, Task

TURN = 2 * math.pi / 16
"""Phase in a step, rad."""
PUSH, DRAG, KICK, EFFORT = 0.1, 0.02, 0.05, 0.7


def start(noise: Tensor) -> Tensor:
    """Any phase, at rest."""
    state = torch.zeros(*noise.shape[:-1], 2, dtype=noise.dtype, device=noise.device)
    state[..., 0] = math.pi * noise[..., 0]
    return state


def step(state: Tensor, force: Tensor, noise: Tensor) -> Step:
    """The phase goes on by itself; the force counts as much as it points along its cosine."""
    phase, speed = state.unbind(-1)
    speed = speed + PUSH * force * phase.cos() - DRAG * speed + KICK * noise[..., 0]
    reward = speed - EFFORT * force.square()
    return Step(torch.stack((phase + TURN, speed), -1), reward, torch.zeros_like(speed, dtype=torch.bool))


def observe(state: Tensor) -> Tensor:
    phase, speed = state.unbind(-1)
    return torch.stack((phase.cos(), phase.sin(), speed), -1)


TASK = Task(
    name="cruising",
    about="gain speed: returns start near zero and grow many times over",
    observations=3,
    limit=128,
    start_noise=1,
    step_noise=1,
    ends=False,
    pays=0,
    start=start,
    step=step,
    observe=observe,
)
