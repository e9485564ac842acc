from __future__ import annotations

from tests.builders import check_proposes, check_refuses, flat, learning, run

FIX = "raise-gae-lambda"


def test_sums_twenty_steps() -> None:
    edit = check_proposes(FIX, learning({"gae_lambda": 0.0}))
    assert (edit.name, edit.value) == ("gae_lambda", 0.96)
    assert "about 1 steps at 0 and 20 at 0.96" in edit.why


def test_sums_an_episode_where_that_is_shorter() -> None:
    assert check_proposes(FIX, learning({"gae_lambda": 0.0}, episode_length=flat(4.0))).value == 0.76


def test_works_without_lengths_and_without_a_discount() -> None:
    assert check_proposes(FIX, run({"gae_lambda": 0.2, "gamma": 1.0})).value == 0.95
    assert check_proposes(FIX, run({"gae_lambda": 0.2, "gamma": 0.0})).value == 1.0


def test_refused_when_it_is_high_already() -> None:
    assert "0.97 already" in check_refuses(FIX, run({"gae_lambda": 0.97}))
