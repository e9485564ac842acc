from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.replaying.worlds import noise
from rundoctor.replaying.worlds.world import CPU

BLOCKS: dict[str, Callable[..., Any]] = {
    "normal": partial(noise.normal, device=CPU),
    "uniform": partial(noise.uniform, device=CPU),
    "seeds": noise.seeds,
}
every_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)


def drawn(block: Callable[..., Any], streams: tuple[int, ...], **changed: Any) -> np.ndarray:
    place = {"task": "task", "purpose": "act", "update": 3, "shape": (5, 2)} | changed
    return np.asarray(block(streams=streams, **place))


@every_block
def test_a_stream_depends_on_no_other_stream(block: Callable[..., Any]) -> None:
    alone, among = drawn(block, (7,)), drawn(block, (3, 7, 1_000_007, 7))
    assert (among[1] == alone[0]).all()
    assert (among[3] == alone[0]).all()


@every_block
def test_more_steps_begin_like_fewer(block: Callable[..., Any]) -> None:
    assert (drawn(block, (1,), shape=(9, 2))[:, :5] == drawn(block, (1,))).all()


@every_block
@pytest.mark.parametrize("changed", [{"task": "other"}, {"purpose": "start"}, {"update": 4}])
def test_task_purpose_and_update_each_have_their_own_numbers(
    block: Callable[..., Any], changed: dict[str, Any]
) -> None:
    assert not (drawn(block, (1,), **changed) == drawn(block, (1,))).any()


@every_block
def test_neighbouring_streams_share_nothing(block: Callable[..., Any]) -> None:
    first, second = drawn(block, (0, 1))
    assert not (first == second).any()


@given(
    streams=st.lists(st.integers(0, 2**31), min_size=1, max_size=4),
    epochs=st.integers(1, 4),
    samples=st.integers(1, 20),
)
def test_orders_are_permutations_and_more_epochs_begin_like_fewer(
    streams: list[int], epochs: int, samples: int
) -> None:
    orders = noise.orders("task", streams, 2, epochs, samples, CPU)
    assert orders.shape == (len(streams), epochs, samples)
    assert (orders.sort(-1).values == torch.arange(samples)).all()
    assert torch.equal(noise.orders("task", streams, 2, epochs + 3, samples, CPU)[:, :epochs], orders)
    assert torch.equal(noise.orders("task", streams[:1], 2, epochs, samples, CPU)[0], orders[0])


def test_the_numbers_are_what_they_are_called() -> None:
    normal, uniform = (draw("task", (0,), "act", 0, (4000,), CPU) for draw in (noise.normal, noise.uniform))
    assert (float(normal.mean()), float(normal.std())) == pytest.approx((0.0, 1.0), abs=0.05)
    assert (float(uniform.min()), float(uniform.max())) == pytest.approx((0.0, 1.0), abs=0.01)
    assert noise.seeds("task", (0,), "act", 0, (4000,)).max() < 2**31


def test_a_seed_is_the_same_each_time() -> None:
    seeds = [noise.seed_of("task", stream, "network", 0) for stream in (0, 1, 0)]
    assert seeds[0] == seeds[2] != seeds[1]


def test_every_seed_of_every_replay_has_a_stream_of_its_own() -> None:
    replays, places = (0, 1, 3_200_000, 2**32, noise.REPLAYS - 1), (0, 1, 999, 1000, 10**6, noise.PLACES - 1)
    streams = [noise.stream(r, p, placebo=b) for r in replays for p in places for b in (False, True)]
    firsts = [noise.seed_of(task, one, "act", 0) for one in streams for task in ("one", "two")]
    assert len(set(streams)) == len(streams)
    assert len(set(firsts)) == len(firsts)


@pytest.mark.parametrize(("replay", "place"), [(0, noise.PLACES), (noise.REPLAYS, 0), (-1, 0), (0, -1)])
def test_there_are_no_streams_beyond_those(replay: int, place: int) -> None:
    with pytest.raises(ValueError, match="no stream"):
        noise.stream(replay, place)


def test_the_numbers_stay_those_of_the_published_replays() -> None:
    assert noise.normal("survival", (3,), "act", 2, (2,), CPU).tolist() == [pytest.approx([-0.18026380, 0.40675449])]
