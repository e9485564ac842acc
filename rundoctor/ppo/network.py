"""C small actor-critics as one table of parameters [C, P]; layers are views [C, out, in] of it, as torch's ``Linear``.

The policy's columns come first, the critic's own last; a shared trunk stands with the policy's. The backward pass is
written out: it gives the policy's and the critic's gradient apart, and is faster than autograd on tensors this small.
The tests hold it to autograd.
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

Parts = Mapping[str, Tensor]
"""The blocks of a table by name, as ``unpacked`` gives them."""
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
    layers: dict[str, list[Tensor]]
    """By trunk: the observations and what each hidden layer puts out, [C, B, H]."""


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
    """Views of the table [C, P] by name: weights [C, out, in], biases [C, out], ``policy.log_std`` [C, A]."""
    blocks = layout(architecture)
    if theta.dim() != 2 or theta.shape[1] != sum(block.size for block in blocks):
        raise ValueError(f"need [C, {sum(block.size for block in blocks)}], got {tuple(theta.shape)}")
    columns = torch.split(theta, [block.size for block in blocks], 1)
    return {block.name: part.view(-1, *block.shape) for block, part in zip(blocks, columns, strict=True)}


def forward(architecture: Architecture, theta: Tensor, observations: Tensor) -> Outputs:
    """Policy and values for observations [C, B, D]."""
    return outputs(architecture, unpacked(architecture, theta), observations)


def outputs(architecture: Architecture, parts: Parts, observations: Tensor) -> Outputs:
    """The same from the views of a table, for who asks more than once of it."""
    candidates = parts["critic.head.bias"].shape[0]
    if observations.dim() != 3 or observations.shape[0] != candidates:
        raise ValueError(f"need observations [{candidates}, B, D], got {tuple(observations.shape)}")
    policy, critic = _trunks(architecture)
    layers = {trunk: _hidden(architecture, parts, trunk, observations) for trunk in {policy: 0, critic: 0}}
    head = _head(parts, "policy.head", layers[policy][-1])
    return Outputs(head, parts.get("policy.log_std"), _head(parts, "critic.head", layers[critic][-1]), layers)


def backward(
    architecture: Architecture, parts: Parts, seen: Outputs, by_head: Tensor, by_log_std: Tensor, by_values: Tensor
) -> tuple[Tensor, Tensor]:
    """Gradients of the policy's and of the critic's loss, from their derivatives by the outputs.

    Separate trunks: the policy's columns and the critic's. A shared trunk: all columns, [C, P] twice. ``by_log_std`` is
    [C, 0] for discrete actions.
    """
    policy, critic = _trunks(architecture)
    heads = (
        _head_gradient(seen.layers[policy][-1], by_head) + [by_log_std],
        _head_gradient(seen.layers[critic][-1], by_values),
    )
    by_trunk = (by_head.matmul(parts["policy.head.weight"]), by_values.matmul(parts["critic.head.weight"]))
    if architecture.shared_trunk:
        trunks = _hidden_gradients(architecture, parts, seen.layers, policy, torch.stack(by_trunk, 1))
        heads = (heads[0] + [torch.zeros_like(x) for x in heads[1]], [torch.zeros_like(x) for x in heads[0]] + heads[1])
    else:
        trunks = [
            _hidden_gradients(architecture, parts, seen.layers, trunk, by_outputs.unsqueeze(1))[0]
            for trunk, by_outputs in zip((policy, critic), by_trunk, strict=True)
        ]
    rows = [torch.cat([x.flatten(1) for x in trunk + head], 1) for trunk, head in zip(trunks, heads, strict=True)]
    return rows[0], rows[1]


def from_sb3(architecture: Architecture, state: Mapping[str, Tensor]) -> Tensor:
    """The state dict of a Stable-Baselines3 ``MlpPolicy`` as a row [P]; separate trunks, one component."""
    names = [_sb3_name(block.name) for block in layout(architecture)]
    return torch.cat([state[theirs].reshape(-1) for theirs in names])


def to_sb3(architecture: Architecture, row: Tensor) -> dict[str, Tensor]:
    """The reverse of ``from_sb3``."""
    parts = unpacked(architecture, row.unsqueeze(0))
    return {_sb3_name(name): part[0].clone() for name, part in parts.items()}


def _trunk(name: str, architecture: Architecture) -> list[Block]:
    sizes = accumulate(architecture.hidden, lambda _, width: width, initial=architecture.observations)
    return [b for i, (n, m) in enumerate(pairwise(sizes)) for b in _dense(f"{name}.{i}", n, m, math.sqrt(2))]


def _dense(name: str, inputs: int, outputs: int, gain: float) -> list[Block]:
    return [Block(f"{name}.weight", (outputs, inputs), gain), Block(f"{name}.bias", (outputs,))]


def _start(block: Block, generator: torch.Generator) -> Tensor:
    """An orthogonal matrix times the gain, uniform over such matrices; zero for vectors."""
    if len(block.shape) == 1:
        return torch.zeros(block.shape, dtype=torch.float64, device=generator.device)
    shape, where = (max(block.shape), min(block.shape)), generator.device
    tall = torch.randn(shape, generator=generator, dtype=torch.float64, device=where)
    orthogonal, triangle = torch.linalg.qr(tall)
    basis: Tensor = block.gain * orthogonal * triangle.diagonal().sign()
    return basis if block.shape[0] >= block.shape[1] else basis.T


def _trunks(architecture: Architecture) -> tuple[str, str]:
    """Names of the policy's and the critic's trunk."""
    return ("shared", "shared") if architecture.shared_trunk else ("policy", "critic")


def _head(parts: Parts, name: str, inputs: Tensor) -> Tensor:
    """[C, B, H] -> [C, B, out]; few outputs, so the product is taken transposed, which is several times faster."""
    return torch.baddbmm(parts[f"{name}.bias"].unsqueeze(2), parts[f"{name}.weight"], inputs.mT).mT


def _head_gradient(inputs: Tensor, by_outputs: Tensor) -> list[Tensor]:
    """Of the weight [C, out, H] and the bias [C, out]."""
    return [_product(by_outputs, inputs), by_outputs.sum(1)]


def _product(x: Tensor, y: Tensor) -> Tensor:
    """Sum over samples of x y^T, [C, B, n], [C, B, m] -> [C, n, m]: few rows are fast, few columns slow."""
    return torch.bmm(x.mT, y) if x.shape[2] <= y.shape[2] else torch.bmm(y.mT, x).mT


def _hidden(architecture: Architecture, parts: Parts, trunk: str, inputs: Tensor) -> list[Tensor]:
    """The inputs [C, B, D] and each hidden layer's outputs [C, B, H]."""
    layers = [inputs]
    for i in range(len(architecture.hidden)):
        bias, weight = parts[f"{trunk}.{i}.bias"].unsqueeze(1), parts[f"{trunk}.{i}.weight"]
        z = torch.baddbmm(bias, layers[-1], weight.mT)
        layers.append(_tanh(z) if architecture.activation is Activation.TANH else z.relu())
    return layers


def _hidden_gradients(
    architecture: Architecture,
    parts: Parts,
    layers: Mapping[str, list[Tensor]],
    trunk: str,
    by_outputs: Tensor,
) -> list[list[Tensor]]:
    """Of each hidden layer's weight [C, out, in] and bias [C, out], for each of S losses.

    From their derivatives by the last layer's outputs, [C, S, B, H]: the losses go down the trunk side by side.
    """
    gradients: list[list[Tensor]] = [[] for _ in range(by_outputs.shape[1])]
    for i in reversed(range(len(architecture.hidden))):
        inputs, outputs = layers[trunk][i : i + 2]
        by_sums = _slope(architecture.activation, by_outputs, outputs.unsqueeze(1))
        for s, own in enumerate(by_sums.unbind(1)):
            gradients[s] = [_product(own, inputs), own.sum(1), *gradients[s]]
        if i:
            by_outputs = torch.bmm(by_sums.flatten(1, 2), parts[f"{trunk}.{i}.weight"]).view(*by_sums.shape[:3], -1)
    return gradients


def _tanh(x: Tensor) -> Tensor:
    """2 sigmoid(2x) - 1, in place: on a CPU four times as fast as torch's ``tanh``, which autograd still takes."""
    return x.tanh() if x.requires_grad else x.mul_(2).sigmoid_().mul_(2).sub_(1)


def _slope(activation: Activation, by_outputs: Tensor, outputs: Tensor) -> Tensor:
    """The derivative by a layer's sums, from the one by its outputs."""
    if activation is Activation.TANH:
        by_sums: Tensor = torch.ops.aten.tanh_backward(by_outputs, outputs)
    else:
        by_sums = torch.ops.aten.threshold_backward(by_outputs, outputs, 0)
    return by_sums


def _sb3_name(name: str) -> str:
    owner, _, kind = name.rpartition(".")
    if name == "policy.log_std":
        return "log_std"
    if owner in SB3_HEAD:
        return f"{SB3_HEAD[owner]}.{kind}"
    trunk, _, layer = owner.partition(".")
    return f"{SB3_TRUNK[trunk]}.{2 * int(layer)}.{kind}"
