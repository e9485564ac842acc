from __future__ import annotations

from tests.builders import check_proposes, check_refuses, run

FIX = "lengthen-rollout"


def test_goes_to_four_times_the_reach_of_gae() -> None:
    edit = check_proposes(FIX, run({"n_steps": 2, "gamma": 0.99, "gae_lambda": 0.95}))
    assert (edit.name, edit.value) == ("n_steps", 128)
    assert "sums about 16.8 steps" in edit.why


def test_has_an_end_where_nothing_is_discounted() -> None:
    assert check_proposes(FIX, run({"n_steps": 2, "gamma": 1.0, "gae_lambda": 1.0})).value == 4096


def test_refused_when_it_is_long_already() -> None:
    assert "2048 steps already" in check_refuses(FIX, run({"n_steps": 2048}))
