from __future__ import annotations

import pytest
import torch

gymnasium = pytest.importorskip("gymnasium")

from rundoctor.errors import RundoctorError  # noqa: E402
from rundoctor.replaying.worlds.gym_world import BOUND, GymWorld  # noqa: E402

ROOMS = "tests.replaying.rooms"
END, STAY = 0, 2


def begun(name: str, streams: tuple[int, ...] = (0,), environments: int = 1, **changed: bool) -> GymWorld:
    world = GymWorld(streams, name=name, environments=environments, **changed)
    world.begin("train", 0, 20)
    world.restart()
    return world


def acts(world: GymWorld, action: int) -> torch.Tensor:
    return torch.full((len(world.streams), world.environments), action)


def test_the_step_leads_to_the_last_observation_and_the_next_one_is_a_new_start() -> None:
    world = begun(f"{ROOMS}:Corridor")
    first = world.observe()[0, 0]
    reward, after, terminated, truncated = world.step(acts(world, STAY))
    assert (float(reward), bool(terminated), bool(truncated)) == (2.0, False, False)
    assert torch.equal(after, world.observe())
    assert float(after[0, 0, 0]) == float(first[0])
    _, after, terminated, _ = world.step(acts(world, END))
    assert bool(terminated)
    assert after[0, 0, [0, 2]].tolist() == [float(first[0]), 2.0]
    fresh = world.observe()[0, 0]
    assert float(fresh[2]) == 0.0
    assert float(fresh[0]) != float(first[0])


def test_it_is_the_environment_itself() -> None:
    world = begun("CartPole-v1", (7,), 2)
    room = gymnasium.make("CartPole-v1")
    seen, _ = room.reset(seed=world._seeds[1])
    for action in (0, 1, 1, 0, 1):
        assert world.observe()[0, 1].tolist() == seen.tolist()
        seen, paid, *_ = room.step(action)
        reward, after, *_ = world.step(acts(world, action))
        assert (float(reward[0, 1]), after[0, 1].tolist()) == (paid, seen.tolist())


def test_actions_are_clipped_to_the_bounds_and_shaped() -> None:
    world = begun(f"{ROOMS}:Slider")
    played = torch.tensor([[[3.0, -9.0]]])
    after = world.step(played).after
    assert after[0, 0].tolist() == [0.5, -2.0]
    assert world.step(torch.tensor([[[-0.25, 7.0]]])).after[0, 0].tolist() == [-0.25, 7.0]
    assert played.tolist() == [[[3.0, -9.0]]]


def test_an_action_that_the_environment_spoils_is_remembered_as_it_was() -> None:
    world = begun(f"{ROOMS}:Slider")
    world.step(torch.tensor([[[0.25, 1.0]]]))
    assert [action.ravel().tolist() for action in world._played[0]] == [[0.25, 1.0]]


def test_nothing_follows_a_judged_episode() -> None:
    world = GymWorld((0,), name=f"{ROOMS}:Corridor", environments=2)
    world.begin("judge", 0, 20)
    world.restart()
    world.step(torch.tensor([[END, STAY]]))
    reward, after, terminated, truncated = world.step(torch.tensor([[STAY, STAY]]))
    assert reward.tolist() == [[0.0, 2.0]]
    assert after[0, :, 2].tolist() == [1.0, 2.0]
    assert not (terminated | truncated).any()
    world.restart()
    assert world.observe()[0, :, 2].tolist() == [0.0, 0.0]


def test_observations_are_standardised_by_what_was_seen_in_training() -> None:
    plain, scaled = begun(f"{ROOMS}:Corridor", (0,), 4), begun(f"{ROOMS}:Corridor", (0,), 4, standardized=True)
    seen = []
    for action in (STAY, STAY, END, STAY):
        for world in (plain, scaled):
            world.step(acts(world, action))
        seen.append(plain.observe()[0])
    every = torch.cat(seen)
    mean, deviation = every.mean(0), every.std(0, correction=0)
    assert torch.allclose(scaled.observe()[0], (plain.observe()[0] - mean) / deviation, atol=1e-2)
    assert float(scaled.observe().abs().max()) <= BOUND


def test_a_judge_sees_as_the_trained_do_and_learns_nothing() -> None:
    world = begun(f"{ROOMS}:Corridor", (0, 1, 2), 4, standardized=True)
    for _ in range(5):
        world.step(acts(world, STAY))
    judge = GymWorld((2, 0), name=f"{ROOMS}:Corridor", environments=1, standardized=True)
    judge.follow(world, [2, 0])
    assert world.moments is not None
    for _ in range(2):
        assert judge.moments is not None
        assert torch.equal(judge.moments.mean, world.moments.mean[[2, 0]])
        judge.begin("judge", 0, 5)
        judge.restart()
        judge.step(acts(judge, STAY))


def test_the_fault_of_an_environment_is_one_line() -> None:
    world = begun(f"{ROOMS}:Faulty")
    with pytest.raises(RundoctorError, match=r"fails in a step: KeyError: .joint_7") as caught:
        world.step(acts(world, STAY))
    assert "\n" not in caught.value.message
