from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "reduce-epochs"


@pytest.mark.parametrize(("epochs", "kl", "target"), [(100, 1.0, 5), (100, 0.06, 10), (100, 50.0, 3)])
def test_scales_the_epochs_by_the_kl(epochs: int, kl: float, target: int) -> None:
    edit = check_proposes(FIX, learning({"n_epochs": epochs}, approx_kl=flat(kl)))
    assert (edit.name, edit.value) == ("n_epochs", target)


def test_proposes_the_default_where_no_kl_is_logged() -> None:
    assert check_proposes(FIX, run({"n_epochs": 100})).value == 10


def test_refused_when_there_are_few_already() -> None:
    assert "3 epochs already" in check_refuses(FIX, learning({"n_epochs": 3}, approx_kl=flat(50.0)))


def test_scales_them_by_the_reach_where_no_kl_is_logged() -> None:
    """100 epochs of 32 steps at 3e-4 move a weight by 0.96; 0.096 is usual."""
    edit = check_proposes(FIX, learning({"n_epochs": 100}, approx_kl=None))
    assert edit.value == 10
    assert "up to 0.96" in edit.why


def test_does_not_argue_with_a_reach_that_is_usual() -> None:
    """Full batches: 80 epochs of one step at 3e-4 move a weight by 0.024, less than the usual 0.096."""
    edit = check_proposes(FIX, learning({"n_epochs": 80, "batch_size": 2048}, approx_kl=None))
    assert (edit.value, edit.why) == (10, "80 are 8 times the common default")
