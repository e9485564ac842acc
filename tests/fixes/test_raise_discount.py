from __future__ import annotations

import pytest

from tests.builders import check_proposes, check_refuses, flat, run

FIX = "raise-discount"


@pytest.mark.parametrize(("length", "gamma"), [(20, 0.99), (400, 0.998), (5000, 0.999)])
def test_brings_the_horizon_to_the_length_of_an_episode(length: float, gamma: float) -> None:
    edit = check_proposes(FIX, run({"gamma": 0.3}, episode_length=flat(length)))
    assert (edit.name, edit.value) == ("gamma", pytest.approx(gamma, abs=6e-4))


def test_refused_when_the_discount_is_that_high() -> None:
    assert "0.999 already" in check_refuses(FIX, run({"gamma": 0.999}, episode_length=flat(5000)))


def test_refused_when_there_is_no_discount_to_raise() -> None:
    check_refuses(FIX, run({"gamma": 1.0}, episode_length=flat(100)))


def test_refused_without_the_length_of_an_episode() -> None:
    assert "not logged" in check_refuses(FIX, run({"gamma": 0.3}))
