from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("gymnasium")

from rundoctor.errors import RundoctorError
from rundoctor.model import Config, Run
from rundoctor.model.run import Entry as Line
from rundoctor.ppo.config import Activation
from rundoctor.replaying import contest, environment
from rundoctor.replaying.arms.controls import controls
from rundoctor.replaying.contest import Entry, Field, held
from rundoctor.replaying.environment import MOST_SAMPLES, WIDEST, own_mechanism, standardizes
from rundoctor.replaying.judging.reproduction import Target
from rundoctor.replaying.training.closed_loop import Lane, Training
from rundoctor.replaying.training.crew import Crew
from rundoctor.replaying.training.group import Group
from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.gym_world import GymWorld
from rundoctor.replaying.worlds.world import CPU
from tests.builders import learning
from tests.replaying.lanes import ARCHITECTURE, SMALL, advanced

NAME = "CartPole-v1"
TINY = {"rollout_steps": 64, "batch_size": 32, "n_epochs": 2, "hidden_dim": 8, "shared_trunk": False}


def written(entries: dict[str, Any]) -> Run:
    """A run whose config has these entries, by dotted path."""
    lines = [
        Line(path=tuple(path.split(".")), value=value, raw=str(value), start=0, end=0, line=1)
        for path, value in entries.items()
    ]
    return replace(learning(), config=Config(file="config.yaml", path="config.yaml", text="", entries=tuple(lines)))


def entry(settings: dict[str, Any], seed: int = 0, **changed: Any) -> Entry:
    run = learning(TINY | settings)
    known = own_mechanism(run, {}, NAME)
    made = environment.entry(
        NAME,
        run,
        known,
        controls([], known.values, known.minibatches, 0),
        None,
        device=CPU,
        label=NAME,
        activation=Activation.TANH,
        seeds=2,
        updates=4,
        seed=seed,
        assumed={},
    )
    return replace(made, **changed)


def test_sizes_are_the_runs() -> None:
    known = own_mechanism(learning(), {}, NAME)
    assert (known.minibatches, known.batch_size, known.values["hidden_dim"]) == (32, 64, 64)
    assert known.discrete
    assert [note for note in known.assumptions if "replayed" in note] == []
    assert entry({}).steps * environment.ENVIRONMENTS == 64


def test_sizes_that_cannot_be_paid_are_capped_and_said() -> None:
    large = learning({"rollout_steps": 65536, "batch_size": 4096, "hidden_dim": 1024})
    known = own_mechanism(large, {}, NAME)
    assert (known.minibatches, known.batch_size, known.values["hidden_dim"]) == (16, MOST_SAMPLES // 16, WIDEST)
    assert sum("replayed" in note for note in known.assumptions) == 2


@pytest.mark.parametrize(("scale", "factor"), [(None, 1.0), (0.01, 0.01), (1000.0, 1000.0), (0.0, 1.0)])
def test_the_reward_is_in_the_trainers_unit(scale: float | None, factor: float) -> None:
    made = entry({} if scale is None else {"reward_scale": scale})
    assert made.reward_scale == factor
    run = learning(TINY | {"reward_scale": 1000.0})
    assert any("multiplies what CartPole-v1 pays by 1000" in x for x in own_mechanism(run, {}, NAME).assumptions)


def test_the_users_own_task_counts_whatever_the_control_shows() -> None:
    assert entry({}).own


def framed(made: Entry) -> list[Group]:
    """The groups of the control, the placebo and the reference."""
    field = Field(made)
    field.enter("frame")
    return [group for groups in field.groups.values() for group in groups]


def test_the_noise_hangs_on_the_seed_of_the_replay() -> None:
    made = entry({}, seed=7)
    assert made.seed == 7
    streams = {stream for group in framed(made) for stream in group.training.lane.streams}
    assert streams == {noise.stream(7, k, placebo=placebo) for k in range(2) for placebo in (False, True)}


def test_the_judge_has_as_many_environments_as_it_is_said() -> None:
    for group in framed(entry({}, judges=3)):
        assert (group.judge.environments, group.training.world.environments) == (3, environment.ENVIRONMENTS)


def test_a_task_that_is_not_there_is_one_line() -> None:
    with pytest.raises(RundoctorError, match="NoSuchTask"):
        own_mechanism(learning(), {}, "NoSuchTask-v0")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ({}, None),
        ({"normalize": True}, True),
        ({"normalize": False}, False),
        ({"normalize": True, "normalize_kwargs.norm_obs": False}, False),
        ({"normalize": False, "normalize_kwargs.norm_obs": True}, False),
        ({"normalize": "{'norm_obs': False, 'norm_reward': True}"}, False),
        ({"normalize": "{'norm_obs': True}"}, True),
        ({"normalize": "dict(norm_reward=False)"}, True),
        ({"normalize.norm_reward": True}, True),
        ({"normalize.norm_obs": False}, False),
        ({"environment.normalize_observations": True}, True),
        ({"environment.normalize_observations": False, "normalize": True}, False),
    ],
)
def test_whether_observations_are_standardised(entries: dict[str, Any], expected: bool | None) -> None:
    run = written(entries)
    assert standardizes(run, {}) is expected
    assert standardizes(run, {"normalize_observations": True}) is True
    assert standardizes(run, {"normalize_observations": False}) is False


def test_a_run_without_a_config_leaves_it_open() -> None:
    run = replace(learning(), config=None)
    assert standardizes(run, {}) is None
    assert any("observations are as the task gives them" in x for x in own_mechanism(run, {}, NAME).assumptions)


def test_it_is_contested_and_what_the_control_does_not_show_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contest, "LEARNS", 0.01)
    with Crew(1, lambda made: None) as crew:
        (seen,) = held([entry({}, target=Target(("kl-blow-up",), ""))], crew)
    assert seen.scores is not None
    assert seen.scores.by_arm.keys() == {"control", "placebo", "reference"}
    assert not seen.reproduced
    assert seen.why == "kl-blow-up in 0 of 2 seeds"


def test_groups_that_travel_between_processes_train_as_those_that_stay() -> None:
    stayed, travelled = framed(entry({}))[-1], framed(entry({}))[-1]
    for end in (2, 4):
        travelled = pickle.loads(pickle.dumps(travelled))
        for group in (stayed, travelled):
            group.run(end, 4, lambda made: None, lambda: False)
    for name, ends in stayed.scores.items():
        assert ends[4].tolist() == travelled.scores[name][4].tolist()


def test_an_arm_in_a_simulator_trains_alone_as_it_does_beside_others() -> None:
    def made(streams: list[int]) -> Training:
        world = GymWorld(streams, name="Pendulum-v1", environments=2, standardized=True)
        architecture = replace(ARCHITECTURE, observations=3, actions=1, discrete=False)
        lane = Lane(
            name="Pendulum-v1",
            architecture=architecture,
            configs=(SMALL,) * len(streams),
            reward_scales=(0.1,) * len(streams),
            streams=tuple(streams),
            steps=16,
        )
        return advanced(Training(lane, world))

    alone, beside = made([1]), made([0, 1, 2])
    assert alone.bank.theta[0].allclose(beside.bank.theta[1], atol=1e-4)
    judges = [GymWorld(s, name="Pendulum-v1", environments=2, standardized=True) for s in ([1], [0, 1, 2])]
    assert alone.score(judges[0])[0].item() == pytest.approx(beside.score(judges[1])[1].item(), rel=1e-3)
    assert isinstance(beside.world, GymWorld)
    assert beside.world.moments is not None
    assert judges[1].moments is not None
    assert judges[1].moments.mean.equal(beside.world.moments.mean)
    kept = beside.kept([1], GymWorld([1], name="Pendulum-v1", environments=2, standardized=True))
    assert isinstance(kept.world, GymWorld)
    assert kept.world.moments is not None
    assert float(kept.world.moments.count[0, 0]) == pytest.approx(2 * 16 * 2, abs=1)
