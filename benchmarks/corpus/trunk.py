"""A trunk that policy and critic share, for Stable-Baselines3, whose MLP policy has none."""

from __future__ import annotations

import gymnasium
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import Tensor, nn


class Trunk(BaseFeaturesExtractor):
    """Two tanh layers."""

    def __init__(self, space: gymnasium.spaces.Box, width: int) -> None:
        super().__init__(space, width)
        self.layers = nn.Sequential(nn.Linear(space.shape[0], width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())

    def forward(self, observations: Tensor) -> Tensor:
        return self.layers(observations)
