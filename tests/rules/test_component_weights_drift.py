from __future__ import annotations

import numpy as np

from rundoctor.model import Run
from tests.builders import check_clear, check_finds, check_skipped, component, flat, geometric, run

RULE = "component-weights-drift"


def with_weights(goal: np.ndarray, living: np.ndarray, **settings: bool) -> Run:
    return run(settings, components=[component("goal", 1.0, weight=goal), component("living", -1.0, weight=living)])


def test_finds_a_weight_whose_share_changes_many_times_over() -> None:
    found = check_finds(RULE, with_weights(geometric(1.0, 0.01), flat(1.0)))
    assert "goal" in found.message
    assert found.evidence[0].observed > 20


def test_a_schedule_of_the_weights_is_a_hazard() -> None:
    moved = geometric(1.0, 0.01), flat(1.0)
    assert check_finds(RULE, with_weights(*moved, learnable_component_weights=True)).rank == 1
    assert check_finds(RULE, with_weights(*moved, learnable_component_weights=False)).rank is None


def test_silent_when_shares_keep_within_a_factor_of_three() -> None:
    check_clear(RULE, with_weights(geometric(1.0, 0.5), flat(1.0)))


def test_silent_when_all_weights_grow_together() -> None:
    check_clear(RULE, with_weights(geometric(1.0, 100.0), geometric(2.0, 200.0)))


def test_silent_when_one_weight_is_zero_throughout() -> None:
    check_clear(RULE, with_weights(flat(0.0), flat(1.0)))


def test_skipped_when_weights_are_not_logged() -> None:
    assert "not logged" in check_skipped(RULE, run(components=[component("goal", 1.0)])).reason


def test_skipped_when_all_weights_are_zero() -> None:
    check_skipped(RULE, with_weights(flat(0.0), flat(0.0)))
