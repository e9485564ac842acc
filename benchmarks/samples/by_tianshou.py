"""A sample of Tianshou: PPO on CartPole with its TensorBoard logger.

Usage: python benchmarks/samples/by_tianshou.py tests/samples

    python -m venv env && env/bin/pip install torch==2.13.0 tensorboard==2.21.0 tianshou==2.0.1

The logger is made with intervals of 1, since its own of 1000 steps would need a long run; it writes no config.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import gymnasium
import numpy as np
import torch
from placing import place
from tianshou.algorithm import PPO
from tianshou.algorithm.modelfree.reinforce import DiscreteActorPolicy
from tianshou.algorithm.optim import AdamOptimizerFactory
from tianshou.data import Collector, CollectStats, VectorReplayBuffer
from tianshou.env import DummyVectorEnv
from tianshou.trainer import OnPolicyTrainerParams
from tianshou.utils import TensorboardLogger
from tianshou.utils.net.common import Net
from tianshou.utils.net.discrete import DiscreteActor, DiscreteCritic
from torch.utils.tensorboard import SummaryWriter

UPDATES, ROLLOUT = 12, 256


def algorithm(space: gymnasium.Env) -> PPO:
    networks = [Net(state_shape=space.observation_space.shape, hidden_sizes=(32, 32)) for _ in range(2)]
    actor = DiscreteActor(preprocess_net=networks[0], action_shape=space.action_space.n, softmax_output=False)
    policy = DiscreteActorPolicy(actor=actor, action_space=space.action_space)
    critic = DiscreteCritic(preprocess_net=networks[1])
    return PPO(policy=policy, critic=critic, optim=AdamOptimizerFactory(lr=1e-3), ent_coef=0.01)


def main() -> None:
    samples = Path(sys.argv[1]).resolve()
    np.random.seed(1)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    environments = DummyVectorEnv([lambda: gymnasium.make("CartPole-v1") for _ in range(4)])
    environments.seed(1)
    learner = algorithm(gymnasium.make("CartPole-v1"))
    collector = Collector[CollectStats](learner, environments, VectorReplayBuffer(2 * ROLLOUT, 4))
    with tempfile.TemporaryDirectory() as made:
        logger = TensorboardLogger(SummaryWriter(made), training_interval=1, update_interval=1)
        settings = OnPolicyTrainerParams(
            training_collector=collector,
            max_epochs=2,
            epoch_num_steps=UPDATES * ROLLOUT // 2,
            collection_step_num_env_steps=ROLLOUT,
            update_step_num_repetitions=4,
            batch_size=64,
            logger=logger,
        )
        learner.run_training(settings)
        place(Path(made), samples / "tianshou", "events*")


if __name__ == "__main__":
    main()
