"""The critic race: how many rollouts until the mean value is within 10% of 1000, by value loss and by scale.

    python benchmarks/ppo_critic_race.py --rollouts 300

8-dimensional random states, V*(s) = 1000 + 300 sin(w.s), targets V* + noise 50; critic 8-64-64-1, orthogonal start,
Adam at 3e-4, joint norm clip 0.5, 2048 states a rollout, 10 epochs of 32 minibatches. Every step ends an episode, so
that the reward is the return; advantages weigh nothing, so that the critic alone learns. All variants of an activation
are one bank. Value losses carry no factor 1/2 and the value weight is 0.5, as in CleanRL and Stable-Baselines3.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from dataclasses import dataclass

import torch
from torch import Tensor

from rundoctor.ppo import distribution, network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import Activation, Architecture, Config, Returns, ValueLoss
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, orders, update

SAMPLES, GOAL, SPREAD, NOISE = 2048, 1000.0, 300.0, 50.0
BASE = Config(component_weights=(0.0,))
DEVIATION = (SPREAD**2 / 2 + NOISE**2) ** 0.5


def form(value_loss: ValueLoss, bound: float) -> Config:
    return dataclasses.replace(
        BASE, value_loss=value_loss, clip_range_vf=bound, huber_delta=bound, value_loss_clamp=bound
    )


@dataclass(frozen=True)
class Variant:
    """Rewards become (sign reward - shift) / scale before the candidate sees them."""

    name: str
    config: Config = BASE
    scale: float = 1.0
    shift: float = 0.0
    sign: float = 1.0


VARIANTS = [
    Variant("no clip"),
    Variant("max form, 0.2", form(ValueLoss.CLIP_MAX, 0.2)),
    Variant("hard form, 0.2", form(ValueLoss.CLIP_HARD, 0.2)),
    Variant("squared error clamped at 10", form(ValueLoss.CLAMP_SQUARED, 10.0)),
    Variant("squared error clamped at 10,000", form(ValueLoss.CLAMP_SQUARED, 10_000.0)),
    Variant("max form, 200", form(ValueLoss.CLIP_MAX, 200.0)),
    Variant("hard form, 200", form(ValueLoss.CLIP_HARD, 200.0)),
    Variant("relative 20%", form(ValueLoss.CLIP_RELATIVE, 0.2)),
    Variant("relative 20%, literal", form(ValueLoss.CLIP_RELATIVE_LITERAL, 0.2)),
    Variant("relative 20%, literal, returns -1000", form(ValueLoss.CLIP_RELATIVE_LITERAL, 0.2), sign=-1.0),
    Variant("relative 20%, returns -1000", form(ValueLoss.CLIP_RELATIVE, 0.2), sign=-1.0),
    Variant("Huber, 10", form(ValueLoss.HUBER, 10.0)),
    Variant("learning rate 1e-2", dataclasses.replace(BASE, learning_rate=1e-2)),
    Variant("R/1000", scale=GOAL),
    Variant("R/1000, max form, 0.2", form(ValueLoss.CLIP_MAX, 0.2), scale=GOAL),
    Variant("(R - mean)/deviation", scale=DEVIATION, shift=GOAL),
    Variant("(R - mean)/deviation, max form, 0.2", form(ValueLoss.CLIP_MAX, 0.2), scale=DEVIATION, shift=GOAL),
    Variant("(R - mean)/deviation, hard form, 0.2", form(ValueLoss.CLIP_HARD, 0.2), scale=DEVIATION, shift=GOAL),
    Variant("PopArt", dataclasses.replace(BASE, returns=Returns.POPART)),
    Variant("running scale", Config(returns=Returns.RUNNING)),
]


def rollout(architecture: Architecture, bank: Bank, states: Tensor, returns: Tensor) -> Rollout:
    """One-step episodes. states [M, D], returns [C, M]."""
    count, shape = len(bank.theta), (len(bank.theta), SAMPLES, 1)
    with torch.no_grad():
        out = network.forward(architecture, bank.theta, states.expand(count, -1, -1))
    actions = torch.zeros(count, SAMPLES, dtype=torch.int64)
    flags = torch.zeros(shape, dtype=torch.bool)
    return Rollout(
        observations=states.unsqueeze(1).expand(count, -1, -1, -1),
        actions=actions.unsqueeze(-1),
        log_prob=distribution.log_prob(out.head, None, actions).unsqueeze(-1),
        rewards=returns.reshape(*shape, 1),
        values=out.values.unsqueeze(2),
        next_values=torch.zeros_like(out.values.unsqueeze(2)),
        terminated=~flags,
        truncated=flags,
    )


def raw_values(bank: Bank, outputs: Tensor, variants: list[Variant]) -> Tensor:
    """Outputs [C, M, 1] in the unit of the original rewards; [C, M]."""
    columns = []
    for c, variant in enumerate(variants):
        values = outputs[c, :, 0]
        if variant.config.returns is Returns.POPART:
            values = values * bank.scaling.returns.deviation[c] + bank.scaling.returns.mean[c]
        if variant.config.returns is Returns.RUNNING:
            values = values * bank.scaling.sums.deviation[c]
        columns.append(variant.sign * (values * variant.scale + variant.shift))
    return torch.stack(columns)


def race(activation: Activation, variants: list[Variant], rollouts: int, seed: int) -> tuple[Tensor, Tensor]:
    """Rollouts until within 10% of the goal, [C] (-1: not yet), and the mean values at the end, [C]."""
    architecture = Architecture(observations=8, actions=2, discrete=True, activation=activation)
    draw = torch.Generator().manual_seed(seed)
    bank = Bank.start(architecture, [network.initial(architecture, draw)] * len(variants), 1)
    settings = stacked([variant.config for variant in variants], architecture)
    direction, affine = torch.randn(8, generator=draw), torch.tensor([[v.sign, v.shift, v.scale] for v in variants])
    arrived, means = torch.full((len(variants),), -1), torch.zeros(len(variants))
    for number in range(rollouts + 1):
        states = torch.randn(SAMPLES, 8, generator=draw)
        truth = GOAL + SPREAD * (states @ direction).sin() + NOISE * torch.randn(SAMPLES, generator=draw)
        data = rollout(architecture, bank, states, (affine[:, :1] * truth - affine[:, 1:2]) / affine[:, 2:])
        means = raw_values(bank, data.values.squeeze(2), variants).mean(1)
        arrived = torch.where((arrived < 0) & ((means - GOAL).abs() < 0.1 * GOAL), number, arrived)
        if number < rollouts and (arrived < 0).any():
            update(bank, data, settings, orders(SAMPLES, 10, draw))
    return arrived, means


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rollouts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--activations", nargs="+", default=["tanh", "relu"], choices=["tanh", "relu"])
    options = parser.parse_args()
    for activation in map(Activation, options.activations):
        start = time.perf_counter()
        arrived, means = race(activation, VARIANTS, options.rollouts, options.seed)
        print(f"{activation.value} critic, {options.rollouts} rollouts, {time.perf_counter() - start:.0f} s")
        for variant, number, mean in zip(VARIANTS, arrived.tolist(), means.tolist(), strict=True):
            text = f"{number:5}" if number >= 0 else f"  not yet, mean value {mean:.1f}"
            print(f"  {variant.name:40} {text}")


if __name__ == "__main__":
    main()
