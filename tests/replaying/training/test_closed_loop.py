from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch

from rundoctor.ppo.config import Returns, Schedule
from rundoctor.replaying.training.closed_loop import chosen
from rundoctor.replaying.worlds.world import CPU, Outcome, World
from tests.replaying.lanes import ENVIRONMENTS, MAKE, SMALL, STEPS, advanced, training

OTHER = replace(SMALL, returns=Returns.RUNNING, vf_coef=1.0)
PLACEBO = 1_000_000


def test_an_arm_trains_alone_as_it_does_beside_others() -> None:
    alone = advanced(training([SMALL, SMALL], [0, 1]))
    beside = advanced(training([OTHER, OTHER, SMALL, SMALL], [0, 1, 0, 1]))
    assert torch.allclose(alone.bank.theta, beside.bank.theta[2:], atol=1e-4)
    assert torch.allclose(alone.score(MAKE([0, 1])), beside.score(MAKE([0, 1, 0, 1]))[2:])
    assert not torch.allclose(alone.bank.theta, beside.bank.theta[:2], atol=1e-4)


def test_the_same_seed_gives_the_same_bytes() -> None:
    one, other = (advanced(training([SMALL, OTHER], [3, 4])) for _ in range(2))
    assert one.bank.theta.numpy().tobytes() == other.bank.theta.numpy().tobytes()
    assert torch.equal(one.score(MAKE([3, 4])), other.score(MAKE([3, 4])))


def test_arms_of_one_stream_begin_alike_and_the_placebo_does_not() -> None:
    begun = training([SMALL] * 3, [0, 0, PLACEBO])
    assert torch.equal(begun.bank.theta[0], begun.bank.theta[1])
    assert not torch.equal(begun.bank.theta[0], begun.bank.theta[2])
    trained = advanced(begun, 1)
    assert torch.allclose(trained.bank.theta[0], trained.bank.theta[1], atol=1e-6)
    assert not torch.allclose(trained.bank.theta[0], trained.bank.theta[2], atol=1e-3)


def test_those_kept_go_on_as_they_were() -> None:
    configs, streams = [SMALL, OTHER, SMALL], [0, 1, 2]
    before = advanced(training(configs, streams))
    kept = before.kept([1, 2], MAKE([1, 2]))
    assert (kept.made, kept.lane.streams, kept.lane.configs) == (2, (1, 2), (OTHER, SMALL))
    assert torch.equal(kept.bank.theta, before.bank.theta[1:])
    assert torch.equal(kept.bank.adam.steps, before.bank.adam.steps[1:])
    assert torch.equal(kept.bank.scaling.sums.variance, before.bank.scaling.sums.variance[1:])
    all_kept = before.kept([0, 1, 2], MAKE(streams))
    assert torch.allclose(advanced(kept, 1).bank.theta, advanced(all_kept, 1).bank.theta[1:], atol=1e-5)
    assert kept.history.rewards[0].shape == (2,)


def test_a_kept_candidate_is_no_view_of_the_old_one() -> None:
    before = advanced(training([SMALL, SMALL], [0, 1]), 1)
    theta = before.bank.theta.clone()
    advanced(before.kept([1], MAKE([1])), 1)
    assert torch.equal(before.bank.theta, theta)


def test_scoring_changes_nothing() -> None:
    scored, plain = training([SMALL], [5]), training([SMALL], [5])
    for made in (scored, plain):
        made.advance(4)
        if made is scored:
            assert torch.equal(made.score(MAKE([5])), made.score(MAKE([5])))
        made.advance(4)
    assert torch.equal(scored.bank.theta, plain.bank.theta)


def test_a_score_is_the_mean_return_of_one_episode_in_the_worlds_unit() -> None:
    ours, scaled = training([SMALL], [0]), training([SMALL], [0], [1000.0])
    judged = float(ours.score(MAKE([0])))
    assert 1 <= judged <= MAKE([0]).limit
    assert judged * ENVIRONMENTS == pytest.approx(round(judged * ENVIRONMENTS))
    assert float(scaled.score(MAKE([0]))) == judged


class Scripted:
    """Two environments that pay one a step; the first ends after one step, the second after three."""

    limit, environments, device = 10, 2, CPU

    def __init__(self) -> None:
        self.now, self.purposes = 0, list[str]()

    def begin(self, purpose: str, update: int, steps: int) -> None:
        self.purposes.append(purpose)

    def follow(self, world: World, rows: Sequence[int]) -> None:
        self.followed = list(rows)

    def restart(self) -> None:
        self.now = 0

    def observe(self) -> torch.Tensor:
        return torch.zeros(1, 2, 4)

    def step(self, actions: torch.Tensor) -> Outcome:
        self.now += 1
        ended = torch.tensor([[self.now == 1, self.now == 3]])
        return Outcome(torch.ones(1, 2), self.observe(), ended, torch.zeros_like(ended))


def test_nothing_counts_after_a_judged_episode() -> None:
    judge: Any = Scripted()
    assert float(training([SMALL], [0]).score(judge)) == (1 + 3) / 2
    assert (judge.now, judge.purposes, judge.followed) == (3, ["judge"], [0])


def test_the_log_is_in_the_trainers_unit() -> None:
    one, ten = (advanced(training([SMALL], [0], [scale]), 1).history for scale in (1.0, 10.0))
    assert torch.allclose(10 * one.rewards[0], ten.rewards[0], equal_nan=True)
    assert torch.equal(one.lengths[0].nan_to_num(), ten.lengths[0].nan_to_num())


def test_returns_and_lengths_add_up_where_every_step_pays_one() -> None:
    history = advanced(training([SMALL], [0]), 4, 4).history
    rewards, lengths = torch.stack(history.rewards), torch.stack(history.lengths)
    assert torch.equal(rewards.nan_to_num(), lengths.nan_to_num())
    assert float(lengths.nan_to_num().max()) > STEPS / 2


def test_a_schedule_ends_with_the_training() -> None:
    falling = replace(SMALL, lr_schedule=Schedule.LINEAR)
    made = advanced(training([falling], [0]), 1, total=1)
    full = advanced(training([SMALL], [0]), 1, total=1)
    assert torch.equal(made.bank.theta, full.bank.theta)
    made.made = 1
    before = made.bank.theta.clone()
    made.advance(total=1)
    assert torch.equal(made.bank.theta, before)


def test_a_draw_picks_by_the_inverse_distribution() -> None:
    head = torch.log(torch.tensor([0.2, 0.3, 0.5])).expand(1, 4, 3)
    assert chosen(head, None, torch.tensor([[0.1, 0.3, 0.49, 0.99]])).tolist() == [[0, 1, 1, 2]]
    assert chosen(torch.full((1, 1, 3), torch.nan), None, torch.tensor([[0.9]])).tolist() == [[0]]


def test_a_draw_is_a_deviation_from_the_mean() -> None:
    mean, log_std = torch.tensor([[[1.0, 2.0]]]), torch.log(torch.tensor([[0.5, 3.0]]))
    assert chosen(mean, log_std, torch.tensor([[[2.0, -1.0]]])).tolist() == [[[2.0, -1.0]]]
