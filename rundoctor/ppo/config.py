"""Hyper-parameters of one candidate, and the shape of its network.

The names are the canonical ones of ``rundoctor/hyperparameters.py``. Defaults are those of Stable-Baselines3 2.9.2
(``stable_baselines3/ppo/ppo.py``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum


class ValueLoss(Enum):
    """Form of the critic's loss; the formulas stand in ``loss.py``. The PPO paper has the first one only."""

    MSE = "mse"
    HUBER = "huber"
    CLIP_MAX = "clip-max"
    """Absolute clip, the larger of both errors: CleanRL, rsl_rl, baselines."""
    CLIP_HARD = "clip-hard"
    """Absolute clip, the clipped error alone: Stable-Baselines3, skrl."""
    CLIP_RELATIVE = "clip-relative"
    """Clip at a fraction of |old value|, right for negative values too; the larger of both errors."""
    CLIP_RELATIVE_LITERAL = "clip-relative-literal"
    """The same as often written, ``old (1 + clamp(...))``: the wrong way for negative values."""
    CLAMP_SQUARED = "clamp-squared"
    """Ceiling on the squared error: RLlib's ``vf_clip_param``."""


class AdvantageNormalization(Enum):
    """Over which samples advantages are standardised."""

    OFF = "off"
    BATCH = "batch"
    MINIBATCH = "minibatch"
    """Stable-Baselines3, CleanRL."""
    PER_COMPONENT = "per-component"
    """Each component over the batch, before the weighted sum."""


class Returns(Enum):
    """In which unit the critic learns."""

    RAW = "raw"
    BATCH = "batch"
    """Each batch's targets standardised, times ``return_scale``; GAE still reads the outputs as values: a known fault,
    kept so that it can be replayed."""
    RUNNING = "running"
    """Rewards over the running deviation of the discounted reward sum: VecNormalize."""
    POPART = "popart"
    """Output-preserving normalisation, arXiv:1602.07714."""


class NormClip(Enum):
    """Whether ``max_grad_norm`` bounds the norm of the whole gradient, or the policy's and the critic's apart."""

    JOINT = "joint"
    SEPARATE = "separate"


class KLStop(Enum):
    """When the approximate KL ends an update."""

    OFF = "off"
    SB3 = "sb3"
    """Above 1.5 x target at any minibatch: the update ends before that step."""
    CLEANRL = "cleanrl"
    """Above target at the last minibatch of an epoch: the update ends after that epoch."""
    SKRL = "skrl"
    """Above target at any minibatch: the epoch ends before that step, the next one begins."""


class Schedule(Enum):
    """Course of the learning rates over training."""

    CONSTANT = "constant"
    LINEAR = "linear"
    """To zero at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyper-parameters of one candidate."""

    learning_rate: float = 3e-4
    """alpha; of the policy, of a shared trunk, and of the critic unless it has its own."""
    critic_learning_rate: float | None = None
    """Of the critic's own layers; ``None`` is the same."""
    lr_schedule: Schedule = Schedule.CONSTANT
    n_epochs: int = 10
    """K in arXiv:1707.06347; epochs."""
    batch_size: int = 64
    """M in arXiv:1707.06347, B here; samples. The same for all candidates of a bank."""
    gamma: float = 0.99
    gae_lambda: float = 0.95
    """lambda of arXiv:1506.02438."""
    clip_range: float = 0.2
    """epsilon; probability ratio - 1."""
    value_loss: ValueLoss = ValueLoss.MSE
    clip_range_vf: float = 0.2
    """epsilon_v of the clip forms; the critic's unit, or a fraction in the relative forms."""
    huber_delta: float = 10.0
    """Error at which the Huber loss turns linear; the critic's unit."""
    value_loss_clamp: float = 10.0
    """Ceiling of the clamped form; the critic's unit squared."""
    vf_coef: float = 0.5
    """c1 of arXiv:1707.06347, eq. 9, on the mean squared error without 1/2."""
    ent_coef: float = 0.0
    """c2 of arXiv:1707.06347, eq. 9; 1/nat."""
    max_grad_norm: float = 0.5
    """Bound on the Euclidean norm of the gradient."""
    norm_clip: NormClip = NormClip.JOINT
    target_kl: float = math.inf
    """nat."""
    kl_stop: KLStop = KLStop.OFF
    advantage_normalization: AdvantageNormalization = AdvantageNormalization.MINIBATCH
    component_weights: tuple[float, ...] | None = None
    """Weight of each component's advantage in the policy's; ``None`` is 1 for each."""
    returns: Returns = Returns.RAW
    return_scale: float = 1.0
    """Factor on targets that are standardised by batch."""
    reward_clip: float = 10.0
    """Bound on the absolute scaled reward where returns are ``RUNNING``; VecNormalize's ``clip_reward``."""
    popart_rollouts: float = 10.0
    """Rollouts after which PopArt's moments begin to forget."""
    adam_epsilon: float = 1e-5
    """Stable-Baselines3's ``ActorCriticPolicy``; torch's own default is 1e-8."""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for numbers with which there is no update."""
        for name in ("n_epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("max_grad_norm", "adam_epsilon", "popart_rollouts"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")


class Activation(Enum):
    """Nonlinearity of the hidden layers."""

    TANH = "tanh"
    RELU = "relu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """Shape of the network, the same for all candidates of a bank."""

    observations: int
    """D."""
    actions: int
    """A."""
    discrete: bool
    """Categorical policy; else a diagonal Gaussian with a log deviation that does not depend on the state."""
    components: int = 1
    """K."""
    hidden: tuple[int, ...] = (64, 64)
    """Units of the hidden layers of each trunk."""
    shared_trunk: bool = False
    activation: Activation = Activation.TANH

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for a network without inputs, outputs or hidden units."""
        for size in (self.observations, self.actions, self.components, *self.hidden):
            if size < 1:
                raise ValueError(f"every size must be at least 1, got {size}")
        if not self.hidden:
            raise ValueError("a trunk has at least one hidden layer")
