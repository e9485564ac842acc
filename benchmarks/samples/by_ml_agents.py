"""A sample of Unity ML-Agents: PPO on a toy environment in Python, 6 updates of which each is a point of the log.

Usage: python benchmarks/samples/by_ml_agents.py tests/samples

Unity is not needed: ML-Agents' own trainer is given an environment that speaks its interface, where it would start
Unity's; its weights are not exported. The package asks for Python 3.10 and runs on 3.11 with the
versions below. Environment:

    python -m venv env && env/bin/pip install torch==2.13.0
    env/bin/pip install --no-deps --ignore-requires-python mlagents==1.1.0 mlagents-envs==1.1.0 numpy==1.23.5 \\
        protobuf==3.20.3 tensorboard==2.15.2 cattrs==1.5.0 grpcio onnx==1.15.0 six huggingface-hub \\
        cloudpickle h5py 'setuptools<80'

``ml_agents`` is the run's directory, ``ml_agents_timers`` what is left of it without event files.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from mlagents.trainers import learn
from mlagents.trainers.torch_entities.model_serialization import ModelSerializer
from mlagents_envs.base_env import (
    ActionSpec,
    BaseEnv,
    BehaviorMapping,
    BehaviorSpec,
    DecisionSteps,
    DimensionProperty,
    ObservationSpec,
    ObservationType,
    TerminalSteps,
)
from placing import place

BEHAVIOR = "Walker"
CONFIG = """
behaviors:
  Walker:
    trainer_type: ppo
    hyperparameters: {batch_size: 64, buffer_size: 512, learning_rate: 0.001, beta: 0.01, epsilon: 0.2, lambd: 0.95,
      num_epoch: 3, learning_rate_schedule: linear}
    network_settings: {normalize: false, hidden_units: 32, num_layers: 2}
    reward_signals: {extrinsic: {gamma: 0.98, strength: 1.0}}
    max_steps: 3072
    time_horizon: 64
    summary_freq: 512
"""


class Corridor(BaseEnv):
    """One agent between two walls, 0.1 a step for each step to the right, an episode of at most 40 steps."""

    def __init__(self) -> None:
        super().__init__()
        self.academy_capabilities = None
        self._spec = BehaviorSpec(
            [ObservationSpec((1,), (DimensionProperty.NONE,), ObservationType.DEFAULT, "place")],
            ActionSpec.create_continuous(1),
        )
        self._random = np.random.default_rng(3)
        self._agent = 0
        self._begin()

    def _begin(self) -> None:
        self._agent += 1
        self._place, self._steps, self._reward = float(self._random.uniform(-1, 0)), 0, 0.0

    @property
    def behavior_specs(self) -> BehaviorMapping:
        """What the agent sees and does."""
        return BehaviorMapping({BEHAVIOR: self._spec})

    def step(self) -> None:
        """Move by the action."""
        moved = float(np.clip(self._action, -1, 1)) * 0.1
        self._ended = None
        self._place, self._steps, self._reward = self._place + moved, self._steps + 1, moved
        if abs(self._place) > 1.5 or self._steps >= 40:
            self._ended = (self._place, self._reward, self._agent, self._steps >= 40)
            self._begin()

    def reset(self) -> None:
        """Begin anew."""
        self._ended = None
        self._begin()

    def close(self) -> None:
        """Nothing is open."""

    def set_actions(self, behavior_name: str, action: Any) -> None:
        """Keep the action of the next step."""
        self._action = action.continuous[0, 0]

    def set_action_for_agent(self, behavior_name: str, agent_id: int, action: Any) -> None:
        """Keep the action of the next step."""
        self._action = action.continuous[0, 0]

    def get_steps(self, behavior_name: str) -> tuple[DecisionSteps, TerminalSteps]:
        """Return what the agent sees, and the end of the episode before."""
        none, group = np.zeros(1, np.float32), np.zeros(1, np.int32)
        seen = [np.array([[self._place]], np.float32)]
        rewards, agents = np.array([self._reward], np.float32), np.array([self._agent], np.int32)
        decisions = DecisionSteps(seen, rewards, agents, None, group, none)
        if self._ended is None:
            return decisions, TerminalSteps.empty(self._spec)
        place, reward, agent, interrupted = self._ended
        last, end = [np.array([[place]], np.float32)], np.array([reward], np.float32)
        agents = np.array([agent], np.int32)
        return decisions, TerminalSteps(last, end, np.array([interrupted]), agents, group, none)


def main() -> None:
    """Train with ML-Agents' own command, in a directory of its own."""
    samples = Path(sys.argv[1]).resolve()
    sys.argv = ["mlagents-learn", "config.yaml", "--run-id=corridor", "--seed=3"]
    ModelSerializer.export_policy_model = lambda self, path: None
    learn.create_environment_factory = lambda *_: lambda worker, channels: Corridor()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("config.yaml").write_text(CONFIG)
        learn.run_cli(learn.parse_command_line(sys.argv[1:]))
        run = Path(folder) / "results" / "corridor"
        place(run, samples / "ml_agents", "configuration.yaml", "run_logs/*.json", "*/*tfevents*")
        place(run, samples / "ml_agents_timers", "configuration.yaml", "run_logs/*.json")


if __name__ == "__main__":
    main()
