"""C small actor-critics as one table of parameters [C, P]; layers are views [C, in, out] of it.

The policy's columns come first, the critic's own last; a shared trunk stands with the policy's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import torch
from torch import Tensor

from rundoctor.ppo.config import Activation, Architecture

SB3_TRUNK = {"policy": "mlp_extractor.policy_net", "critic": "mlp_extractor.value_net"}
SB3_HEAD = {"policy.head": "action_net", "critic.head": "value_net"}


@dataclass(frozen=True, slots=True)
class Block:
    """One parameter of a network: its columns in the table, and its shape."""

    name: str
    shape: tuple[int, ...]
    gain: float = 0.0
    """Of the orthogonal start, as in Stable-Baselines3's ``ActorCriticPolicy._build``; biases start at zero."""

    @property
    def size(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the networks say of observations [C, B, D]."""

    head: Tensor
    """[C, B, A]: logits, or the mean action."""
    log_std: Tensor | None
    """[C, A]; ``None`` for discrete actions."""
    values: Tensor
    """[C, B, K]; the critic's unit."""


@cache
def layout(architecture: Architecture) -> tuple[Block, ...]:
    """The blocks in the order of their columns."""
    if architecture.shared_trunk:
        trunks: tuple[list[Block], list[Block]] = (_trunk("shared", architecture), [])
    else:
        trunks = (_trunk("policy", architecture), _trunk("critic", architecture))
    width = architecture.hidden[-1]
    policy = [*trunks[0], *_dense("policy.head", width, architecture.actions, 0.01)]
    deviation = [] if architecture.discrete else [Block("policy.log_std", (architecture.actions,))]
    return (*policy, *deviation, *trunks[1], *_dense("critic.head", width, architecture.components, 1.0))


@cache
def policy_columns(architecture: Architecture) -> int:
    """Number of columns before the critic's own."""
    return sum(block.size for block in layout(architecture) if not block.name.startswith("critic."))


def initial(architecture: Architecture, generator: torch.Generator, dtype: torch.dtype = torch.float32) -> Tensor:
    """A fresh network, [P]: orthogonal weights with Stable-Baselines3's gains, everything else zero."""
    return torch.cat([_start(block, generator).reshape(-1) for block in layout(architecture)]).to(dtype)


def unpacked(architecture: Architecture, theta: Tensor) -> dict[str, Tensor]:
    """Views of the table [C, P] by name: weights [C, in, out], biases [C, out], ``policy.log_std`` [C, A]."""
    blocks = layout(architecture)
    if theta.dim() != 2 or theta.shape[1] != sum(block.size for block in blocks):
        raise ValueError(f"need [C, {sum(block.size for block in blocks)}], got {tuple(theta.shape)}")
    columns = torch.split(theta, [block.size for block in blocks], 1)
    return {block.name: part.view(-1, *block.shape) for block, part in zip(blocks, columns, strict=True)}


def forward(architecture: Architecture, theta: Tensor, observations: Tensor) -> Outputs:
    """Policy and values for observations [C, B, D]."""
    if observations.dim() != 3 or observations.shape[0] != theta.shape[0]:
        raise ValueError(f"need observations [{theta.shape[0]}, B, D], got {tuple(observations.shape)}")
    parts = unpacked(architecture, theta)
    first, second = ("shared", "shared") if architecture.shared_trunk else ("policy", "critic")
    policy = _features(architecture, parts, first, observations)
    critic = policy if architecture.shared_trunk else _features(architecture, parts, second, observations)
    head = _linear(parts, "policy.head", policy)
    return Outputs(head, parts.get("policy.log_std"), _linear(parts, "critic.head", critic))


def from_sb3(architecture: Architecture, state: Mapping[str, Tensor]) -> Tensor:
    """The state dict of a Stable-Baselines3 ``MlpPolicy`` as a row [P]; separate trunks, one component."""
    names = {block.name: _sb3_name(block.name) for block in layout(architecture)}
    return torch.cat([_turned(ours, state[theirs]).reshape(-1) for ours, theirs in names.items()])


def to_sb3(architecture: Architecture, row: Tensor) -> dict[str, Tensor]:
    """The reverse of ``from_sb3``."""
    parts = unpacked(architecture, row.unsqueeze(0))
    return {_sb3_name(name): _turned(name, part[0]).clone() for name, part in parts.items()}


def _trunk(name: str, architecture: Architecture) -> list[Block]:
    sizes = accumulate(architecture.hidden, lambda _, width: width, initial=architecture.observations)
    return [b for i, (n, m) in enumerate(pairwise(sizes)) for b in _dense(f"{name}.{i}", n, m, math.sqrt(2))]


def _dense(name: str, inputs: int, outputs: int, gain: float) -> list[Block]:
    return [Block(f"{name}.weight", (inputs, outputs), gain), Block(f"{name}.bias", (outputs,))]


def _start(block: Block, generator: torch.Generator) -> Tensor:
    """An orthogonal matrix times the gain, uniform over such matrices; zero for vectors."""
    if len(block.shape) == 1:
        return torch.zeros(block.shape, dtype=torch.float64)
    tall = torch.randn(max(block.shape), min(block.shape), generator=generator, dtype=torch.float64)
    orthogonal, triangle = torch.linalg.qr(tall)
    basis: Tensor = block.gain * orthogonal * triangle.diagonal().sign()
    return basis if block.shape[0] >= block.shape[1] else basis.T


def _linear(parts: Mapping[str, Tensor], name: str, inputs: Tensor) -> Tensor:
    """Inputs [C, B, in] -> [C, B, out]."""
    return torch.baddbmm(parts[f"{name}.bias"].unsqueeze(1), inputs, parts[f"{name}.weight"])


def _features(architecture: Architecture, parts: Mapping[str, Tensor], trunk: str, inputs: Tensor) -> Tensor:
    for i in range(len(architecture.hidden)):
        inputs = _linear(parts, f"{trunk}.{i}", inputs)
        inputs = inputs.tanh() if architecture.activation is Activation.TANH else inputs.relu()
    return inputs


def _sb3_name(name: str) -> str:
    owner, _, kind = name.rpartition(".")
    if name == "policy.log_std":
        return "log_std"
    if owner in SB3_HEAD:
        return f"{SB3_HEAD[owner]}.{kind}"
    trunk, _, layer = owner.partition(".")
    return f"{SB3_TRUNK[trunk]}.{2 * int(layer)}.{kind}"


def _turned(name: str, part: Tensor) -> Tensor:
    """As torch's ``Linear`` keeps weights as [out, in]."""
    return part.T if name.endswith(".weight") else part
