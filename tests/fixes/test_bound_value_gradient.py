from __future__ import annotations

from tests.builders import check_proposes, run


def test_proposes_a_huber_loss_of_one_unit() -> None:
    assert (
        check_proposes("bound-value-gradient", run()).name,
        check_proposes("bound-value-gradient", run()).value,
    ) == (
        "huber_delta",
        1.0,
    )
