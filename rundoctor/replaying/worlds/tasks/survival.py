"""Stay up: an unstable pendulum on a cart that a force of bounded size must catch; every step alive pays one.

Episodes grow as the policy learns, and returns with them, as in CartPole, InvertedPendulum, Hopper and walking robots.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rundoctor.replaying.worlds.tasks import Step, Task

DT = 0.02
GRAVITY, PUSH = 15.0, 14.0
"""Of the angle, 1/s^2: linearised about the upright, near the cart-pole of Barto, Sutton and Anderson (1983)."""
DRAG = 10.0
"""Acceleration of the cart at full force, m/s^2."""
FALLEN, AWAY = 0.2, 1.6
"""Angle in rad and position in m at which an episode ends."""
JITTER = 0.05
"""Deviation of the start, in rad, rad/s, m and m/s."""


def start(noise: Tensor) -> Tensor:
    """Near the upright."""
    return JITTER * noise


def step(state: Tensor, force: Tensor, noise: Tensor) -> Step:
    """Explicit Euler on angle, angular velocity, position, velocity."""
    angle, turn, place, speed = state.unbind(-1)
    turned = turn + DT * (GRAVITY * angle - PUSH * force)
    moved = speed + DT * DRAG * force
    state = torch.stack((angle + DT * turn, turned, place + DT * speed, moved), -1)
    terminated = (state[..., 0].abs() > FALLEN) | (state[..., 2].abs() > AWAY)
    return Step(state, torch.ones_like(angle), terminated)


def observe(state: Tensor) -> Tensor:
    return state


TASK = Task(
    name="survival",
    about="stay up: every step alive pays, episodes grow with the policy",
    observations=4,
    limit=250,
    start_noise=4,
    step_noise=0,
    ends=True,
    pays=1,
    start=start,
    step=step,
    observe=observe,
)
