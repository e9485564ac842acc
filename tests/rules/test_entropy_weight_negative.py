from __future__ import annotations

import pytest

from rundoctor.diagnosis import diagnose
from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, not_learning

RULE = "entropy-weight-negative"


def test_finds_a_weight_below_zero() -> None:
    found = check_finds(RULE, learning({"ent_coef": -0.01}))
    assert (found.evidence[0].observed, found.rank) == (-0.01, None)


def test_finds_the_sign_in_the_log_rather_than_in_the_config() -> None:
    check_finds(RULE, learning({"ent_coef": 0.01}, ent_coef=flat(-0.01)))


def test_is_the_cause_of_a_policy_that_hardened_too_early() -> None:
    sick = not_learning({"ent_coef": -0.01}, entropy=geometric(0.69, 1e-3))
    first = diagnose(sick).causes[0]
    assert (first.rule, "entropy-collapse" in first.explains) == (RULE, True)


def test_explains_a_kl_that_grows_as_the_noise_goes() -> None:
    sick = not_learning({"ent_coef": -0.1}, approx_kl=geometric(0.05, 3))
    assert "kl-blow-up" in diagnose(sick).causes[0].explains


@pytest.mark.parametrize("weight", [0.0, 0.01])
def test_silent_at_zero_and_above(weight: float) -> None:
    check_clear(RULE, learning({"ent_coef": weight}))


def test_skipped_when_the_weight_is_unknown() -> None:
    check_skipped(RULE, learning({"ent_coef": None}))
