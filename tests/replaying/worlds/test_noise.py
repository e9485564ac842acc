from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.replaying.worlds import noise

BLOCKS: dict[str, Callable[..., Any]] = {"normal": noise.normal, "uniform": noise.uniform, "seeds": noise.seeds}
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
    orders = noise.orders("task", streams, 2, epochs, samples)
    assert orders.shape == (len(streams), epochs, samples)
    assert (orders.sort(-1).values == torch.arange(samples)).all()
    assert torch.equal(noise.orders("task", streams, 2, epochs + 3, samples)[:, :epochs], orders)
    assert torch.equal(noise.orders("task", streams[:1], 2, epochs, samples)[0], orders[0])


def test_the_numbers_are_what_they_are_called() -> None:
    normal, uniform = noise.normal("task", (0,), "act", 0, (4000,)), noise.uniform("task", (0,), "act", 0, (4000,))
    assert (float(normal.mean()), float(normal.std())) == pytest.approx((0.0, 1.0), abs=0.05)
    assert (float(uniform.min()), float(uniform.max())) == pytest.approx((0.0, 1.0), abs=0.01)
    assert noise.seeds("task", (0,), "act", 0, (4000,)).max() < 2**31


def test_a_seed_is_the_same_each_time() -> None:
    seeds = [noise.seed_of("task", stream, "network", 0) for stream in (0, 1, 0)]
    assert seeds[0] == seeds[2] != seeds[1]
