"""How fast a bank of candidates learns: minibatch updates a second against Stable-Baselines3's ``PPO.train()``.

    OMP_WAIT_POLICY=passive python benchmarks/ppo_speed.py

Networks 64x64 for policy and critic each, 8 observations, 2 continuous actions, minibatch 64, rollout 2048. A round
times, with one thread and with two, Stable-Baselines3, the bank at each size, and the bare matrix products of such an
update (``torch.bmm``, forward and backward, in the fastest orientation); rounds follow each other, so that a busy
machine hits all alike. Ratios are paired within a round: median (lowest..highest). The bar: 10 times Stable-Baselines3
at 40 arms, counted in arm-minibatches, on the wall.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import stable_baselines3
import torch
from torch import Tensor

from rundoctor.ppo import distribution, network
from rundoctor.ppo.batch import Rollout
from rundoctor.ppo.config import Architecture, Config
from rundoctor.ppo.settings import stacked
from rundoctor.ppo.update import Bank, orders, update

ARCHITECTURE = Architecture(observations=8, actions=2, discrete=False)
SAMPLES, MINIBATCH, BAR, ARMS = 2048, 64, 10.0, 40
Key = tuple[str, int, int]
"""What was timed, arms, threads."""


class Noise(gymnasium.Env[Any, Any]):
    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (ARCHITECTURE.observations,), np.float32)
    action_space = gymnasium.spaces.Box(-1, 1, (ARCHITECTURE.actions,), np.float32)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return self._draw(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        return self._draw(), float(self.np_random.normal()), bool(self.np_random.random() < 0.01), False, {}

    def _draw(self) -> Any:
        return self.np_random.normal(size=ARCHITECTURE.observations).astype(np.float32)


def clock(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall, and of CPU: on a busy machine only the second one is steady."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def peer(epochs: int) -> Callable[[], None]:
    """A filled ``PPO`` whose ``train`` is ready."""
    model = stable_baselines3.PPO(
        "MlpPolicy", Noise(), n_steps=SAMPLES, batch_size=MINIBATCH, n_epochs=epochs, device="cpu", seed=0
    )
    model.learn(SAMPLES)
    return model.train


def ours(arms: int, epochs: int) -> Callable[[], None]:
    """A bank with a rollout of each arm's own."""
    draw = torch.Generator().manual_seed(0)
    start = [network.initial(ARCHITECTURE, torch.Generator().manual_seed(c)) for c in range(arms)]
    bank = Bank.start(ARCHITECTURE, start, 1)
    configs = [Config(n_epochs=epochs, learning_rate=1e-4 * (1 + c % 7), ent_coef=1e-3 * (c % 3)) for c in range(arms)]
    settings, shape = stacked(configs, ARCHITECTURE), (arms, SAMPLES, 1)
    observations = torch.randn(*shape, ARCHITECTURE.observations, generator=draw)
    with torch.no_grad():
        out = network.forward(ARCHITECTURE, bank.theta, observations.flatten(1, 2))
    actions = distribution.sample(out.head, out.log_std, draw)
    never = torch.zeros(shape, dtype=torch.bool)
    rollout = Rollout(
        observations=observations,
        actions=actions.unflatten(1, shape[1:]),
        log_prob=distribution.log_prob(out.head, out.log_std, actions).detach().unflatten(1, shape[1:]),
        rewards=torch.randn(*shape, 1, generator=draw),
        values=out.values.unflatten(1, shape[1:]),
        next_values=out.values.unflatten(1, shape[1:]),
        terminated=torch.rand(shape, generator=draw) < 0.01,
        truncated=never,
    )
    order = orders(SAMPLES, epochs, draw)

    def work() -> None:
        update(bank, rollout, settings, order)

    return work


def products(arms: int, minibatches: int) -> Callable[[], None]:
    """The matrix products alone: each layer's output, its weights' gradient, and its inputs' where one is needed."""
    layers: list[tuple[Tensor, Tensor, Tensor, bool]] = []
    for block in network.layout(ARCHITECTURE):
        if len(block.shape) == 2:
            wide, narrow = max(block.shape), min(block.shape)
            x, weight = torch.randn(arms, wide, MINIBATCH), torch.randn(arms, narrow, wide)
            layers.append((x, weight, torch.randn(arms, narrow, MINIBATCH), ".0." not in block.name))

    def work() -> None:
        for _ in range(minibatches):
            for x, weight, cotangent, deep in layers:
                torch.bmm(weight, x)
                torch.bmm(cotangent, x.mT)
                if deep:
                    torch.bmm(cotangent.mT, weight)

    return work


def memory(arms: int) -> float:
    """Peak of a fresh process in an update of that many arms, less that of one arm; MiB."""
    script = (
        "import pathlib, ppo_speed\nwork = ppo_speed.ours({}, 1)\nwork()\n"
        "print(next(x.split()[1] for x in pathlib.Path('/proc/self/status').open() if x.startswith('VmHWM')))"
    )
    folder = Path(__file__).parent
    peaks = [int(subprocess.check_output([sys.executable, "-c", script.format(n)], cwd=folder)) for n in (arms, 1)]
    return (peaks[0] - peaks[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arms", type=int, nargs="+", default=[1, 4, 16, 40, 160])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    minibatches = options.epochs * SAMPLES // MINIBATCH
    works: dict[Key, Callable[[], None]] = {}
    train = peer(options.epochs)
    for threads in options.threads:
        works["sb3", 1, threads] = train
        for arms in options.arms:
            works["bank", arms, threads] = ours(arms, options.epochs)
            works["bmm", arms, threads] = products(arms, minibatches)
    times: dict[Key, list[tuple[float, float]]] = {key: [] for key in works}
    for _ in range(options.rounds + 1):  # the first one warms up
        for key, work in works.items():
            torch.set_num_threads(key[2])
            times[key].append(clock(work))
    for threads in options.threads:
        report({key: rounds[1:] for key, rounds in times.items() if key[2] == threads}, minibatches, options.arms)


def report(times: dict[Key, list[tuple[float, float]]], minibatches: int, sizes: list[int]) -> None:
    threads = next(iter(times))[2]
    peer_times = times["sb3", 1, threads]
    rate = minibatches / statistics.median(wall for wall, _ in peer_times)
    print(f"\n{threads} thread(s); Stable-Baselines3: {rate:.0f} minibatch updates/s")
    print(f"{'arms':>5}{'arm-updates/s':>15}{'x SB3, wall':>21}{'x SB3, CPU':>21}{'of bmm':>9}{'us/arm':>8}{'MiB':>7}")
    for arms in sizes:
        mine = times["bank", arms, threads]
        wall, cpu = ([arms * s[i] / b[i] for s, b in zip(peer_times, mine, strict=True)] for i in (0, 1))
        seconds = statistics.median(w for w, _ in mine)
        share = statistics.median(m[1] / b[1] for m, b in zip(times["bmm", arms, threads], mine, strict=True))
        print(
            f"{arms:5}{arms * minibatches / seconds:15.0f}{spread(wall):>21}{spread(cpu):>21}{share:9.0%}"
            f"{1e6 * seconds / arms / minibatches:8.0f}{memory(arms):7.0f}"
        )
        if arms == ARMS:
            print(f"     bar, {BAR:.0f} x on the wall: {'met' if statistics.median(wall) >= BAR else 'MISSED'}")


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f}..{max(values):.1f})"


if __name__ == "__main__":
    main()
