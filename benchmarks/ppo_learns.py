"""Does the core learn: CartPole-v1 and InvertedPendulum-v5, seeds as candidates, against Stable-Baselines3.

    python benchmarks/ppo_learns.py --seeds 8 --steps 50000

Both with the defaults of Stable-Baselines3's ``PPO`` (2048 steps, minibatch 64, 10 epochs, 64x64 tanh) and one
environment a seed. Prints the mean return of the last 20 episodes over the seeds, its 95% interval (t), and the time.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time

import gymnasium
import stable_baselines3
import torch
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from stable_baselines3.common.monitor import Monitor

from rundoctor.ppo import network
from rundoctor.ppo.collect import Collector
from rundoctor.ppo.config import Architecture, Config
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, orders, update

STEPS, LAST = 2048, 20
T95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 10: 2.26}
"""Student's t, 97.5%, by the number of seeds."""


def ours(name: str, seeds: int, steps: int) -> list[float]:
    environments = SyncVectorEnv([lambda: gymnasium.make(name)] * seeds, autoreset_mode=AutoresetMode.SAME_STEP)
    space, discrete = environments.single_action_space, hasattr(environments.single_action_space, "n")
    architecture = Architecture(
        observations=environments.single_observation_space.shape[0],
        actions=int(space.n) if discrete else space.shape[0],
        discrete=discrete,
    )
    draws = [torch.Generator().manual_seed(seed) for seed in range(seeds)]
    bank = Bank.start(architecture, [network.initial(architecture, draw) for draw in draws], 1)
    settings = stacked([Config()] * seeds, architecture)
    bounds = (None, None) if discrete else (torch.as_tensor(space.low), torch.as_tensor(space.high))
    collector = Collector(environments, seeds, torch.Generator().manual_seed(0), *bounds)
    collector.start(0)
    for _ in range(math.ceil(steps / STEPS)):
        rollout = collector.collect(bank, STEPS)
        update(bank, rollout, settings, torch.stack([orders(STEPS, settings.n_epochs, draw) for draw in draws]))
    return [statistics.mean(returns[-LAST:]) for returns in collector.finished]


def theirs(name: str, seeds: int, steps: int) -> list[float]:
    found = []
    for seed in range(seeds):
        environment = Monitor(gymnasium.make(name))
        stable_baselines3.PPO("MlpPolicy", environment, seed=seed, device="cpu").learn(steps)
        found.append(statistics.mean(environment.get_episode_rewards()[-LAST:]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", nargs="+", default=["CartPole-v1", "InvertedPendulum-v5"])
    parser.add_argument("--seeds", type=int, default=8, choices=list(T95))
    parser.add_argument("--steps", type=int, default=50_000)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.environments:
        for who, learn in (("rundoctor", ours), ("Stable-Baselines3", theirs)):
            start = time.perf_counter()
            found = learn(name, options.seeds, options.steps)
            half = T95[options.seeds] * statistics.stdev(found) / math.sqrt(options.seeds)
            seconds = time.perf_counter() - start
            print(f"{name:20} {who:18} {statistics.mean(found):7.1f} +- {half:5.1f}  {seconds:5.0f} s", flush=True)


if __name__ == "__main__":
    main()
