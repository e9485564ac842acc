"""Stable-Baselines3's ``PPO.train()`` on the same buffer, weights and minibatch order."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from rundoctor.ppo import network
from rundoctor.ppo.advantage import gae
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import AdvantageNormalization, Architecture, Config, KLStop, ValueLoss
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, update
from tests.ppo.rollouts import rollout, seeded

gymnasium = pytest.importorskip("gymnasium")
sb3 = pytest.importorskip("stable_baselines3")

TIME, ENVIRONMENTS = 40, 2
SHAPES = {
    "discrete": Architecture(observations=3, actions=4, discrete=True),
    "continuous": Architecture(observations=5, actions=2, discrete=False),
}
BASE = Config(batch_size=32)
CASES = {
    "plain": BASE,
    "value clip": dataclasses.replace(BASE, value_loss=ValueLoss.CLIP_HARD, clip_range_vf=0.1),
    "raw advantages": dataclasses.replace(BASE, advantage_normalization=AdvantageNormalization.OFF),
    "entropy": dataclasses.replace(BASE, ent_coef=0.01, vf_coef=0.7, max_grad_norm=0.1, clip_range=0.1),
    "kl stop": dataclasses.replace(BASE, kl_stop=KLStop.SB3, target_kl=0.003, learning_rate=1e-3),
    "a last minibatch of one": dataclasses.replace(BASE, batch_size=79, n_epochs=3),
}


pytestmark = [
    pytest.mark.usefixtures("observations_keep_their_kind"),
    pytest.mark.filterwarnings("ignore:You have specified a mini-batch size"),
]


@pytest.fixture
def observations_keep_their_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """``preprocess_obs`` would turn doubles to floats."""
    monkeypatch.setattr(sb3.common.policies, "preprocess_obs", lambda observations, *_, **__: observations)


class Blank(gymnasium.Env):  # type: ignore[misc, name-defined]
    """An environment that only has spaces."""

    def __init__(self, architecture: Architecture) -> None:
        spaces = gymnasium.spaces
        self.observation_space = spaces.Box(-np.inf, np.inf, (architecture.observations,))
        self.action_space = (
            spaces.Discrete(architecture.actions)
            if architecture.discrete
            else spaces.Box(-1, 1, (architecture.actions,))
        )


def theirs(architecture: Architecture, config: Config, dtype: torch.dtype) -> Any:
    clipped = config.value_loss is ValueLoss.CLIP_HARD
    environments = sb3.common.vec_env.DummyVecEnv([lambda: Blank(architecture)] * ENVIRONMENTS)
    model = sb3.PPO(
        "MlpPolicy",
        environments,
        n_steps=TIME,
        batch_size=config.batch_size,
        n_epochs=config.n_epochs,
        learning_rate=config.learning_rate,
        clip_range=config.clip_range,
        clip_range_vf=config.clip_range_vf if clipped else None,
        normalize_advantage=config.advantage_normalization is AdvantageNormalization.MINIBATCH,
        ent_coef=config.ent_coef,
        vf_coef=config.vf_coef,
        max_grad_norm=config.max_grad_norm,
        target_kl=config.target_kl if config.kl_stop is KLStop.SB3 else None,
        seed=0,
        device="cpu",
    )
    model.policy.to(dtype)
    model.set_logger(sb3.common.logger.configure(format_strings=[]))
    return model


def env_major(part: Tensor) -> np.ndarray[Any, Any]:
    """[1, T, N, ...] -> [N T, ...]: the order of ``RolloutBuffer.swap_and_flatten``."""
    return part[0].transpose(0, 1).flatten(0, 1).numpy()


def fill(model: Any, data: Rollout, advantages: Tensor) -> None:
    """The buffer as it is after its own flattening; ``get`` reads it as it is."""
    buffer, dtype = model.rollout_buffer, advantages.dtype
    shape = (TIME * ENVIRONMENTS, -1)
    buffer.observations = env_major(data.observations)
    buffer.actions = env_major(data.actions).reshape(shape)
    buffer.log_probs = env_major(data.log_prob).reshape(shape)
    buffer.values = env_major(data.values).reshape(shape)
    buffer.advantages = env_major(advantages).reshape(shape)
    buffer.returns = buffer.advantages + buffer.values
    buffer.full = buffer.generator_ready = True
    buffer.to_torch = lambda array, copy=True: torch.as_tensor(array).to(dtype)


def both(
    architecture: Architecture, config: Config, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> tuple[Tensor, Tensor, Bank, int]:
    """Our row and theirs after one update. The buffer would round its actions to floats, so all data are rounded."""
    model = theirs(architecture, config, dtype)
    start = network.from_sb3(architecture, model.policy.state_dict())
    ours = Bank.start(architecture, [start], ENVIRONMENTS)
    data = rollout(architecture, start.double().unsqueeze(0), TIME, ENVIRONMENTS, scale=3.0)
    data = Rollout(**{k: v.float().to(dtype) if v.is_floating_point() else v for k, v in parts_of(data)})
    advantages = gae(data.rewards, data.values, data.next_values, data.terminated, data.truncated, 0.99, 0.95)
    fill(model, data, advantages)
    samples = torch.arange(TIME * ENVIRONMENTS).reshape(TIME, ENVIRONMENTS).T.flatten()
    orders = [torch.randperm(len(samples), generator=seeded(e)) for e in range(config.n_epochs)]
    fed = iter(orders)
    monkeypatch.setattr(np.random, "permutation", lambda size: next(fed).numpy())
    model.train()
    told = update(ours, data, stacked([config], architecture, dtype), torch.stack([samples[o] for o in orders]))
    theirs_row = network.from_sb3(architecture, model.policy.state_dict())
    return ours.theta[0], theirs_row, ours, int(told.steps)


def parts_of(data: Rollout) -> list[tuple[str, Tensor]]:
    return [(name, getattr(data, name)) for name in Rollout.__slots__]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", CASES)
def test_ten_epochs_in_double_precision(shape: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = CASES[case]
    ours, theirs_row, bank, steps = both(SHAPES[shape], config, torch.float64, monkeypatch)
    assert (ours - theirs_row).abs().max() < 1e-12
    full = config.n_epochs * -(-TIME * ENVIRONMENTS // config.batch_size)
    assert 0 < steps < full if case == "kl stop" else steps == full
    assert bank.adam.steps.item() == steps


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("case", ["plain", "value clip", "entropy"])
def test_one_epoch_in_single_precision(shape: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = dataclasses.replace(CASES[case], n_epochs=1)
    ours, theirs_row, _, _ = both(SHAPES[shape], config, torch.float32, monkeypatch)
    assert (ours - theirs_row).abs().max() < 1e-5


@pytest.mark.parametrize("shape", SHAPES)
def test_state_dicts_go_there_and_back(shape: str) -> None:
    state = theirs(SHAPES[shape], BASE, torch.float32).policy.state_dict()
    back = network.to_sb3(SHAPES[shape], network.from_sb3(SHAPES[shape], state))
    assert {name: value.shape for name, value in back.items()} == {name: v.shape for name, v in state.items()}
    assert all(torch.equal(back[name], value) for name, value in state.items())


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_outputs(shape: str) -> None:
    architecture = SHAPES[shape]
    policy = theirs(architecture, BASE, torch.float64).policy
    x = torch.randn(9, architecture.observations, dtype=torch.float64)
    out = network.forward(architecture, network.from_sb3(architecture, policy.state_dict()).unsqueeze(0), x[None])
    torch.testing.assert_close(out.values[0], policy.predict_values(x), rtol=1e-12, atol=1e-12)
    head = policy.action_net(policy.mlp_extractor.forward_actor(x))
    torch.testing.assert_close(out.head[0], head, rtol=1e-12, atol=1e-12)
