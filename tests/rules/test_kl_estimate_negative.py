from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, noise, not_learning

RULE = "kl-estimate-negative"


def test_finds_a_level_below_zero() -> None:
    assert check_finds(RULE, not_learning(approx_kl=flat(-5.27))).rank == 1


def test_finds_it_against_the_reference_model() -> None:
    assert "kl_to_reference" in check_finds(RULE, learning(kl_to_reference=flat(-2.44))).message


def test_silent_at_single_updates_below_zero() -> None:
    check_clear(RULE, learning(approx_kl=np.where(np.arange(20) % 3 == 0, -1.0, 0.01)))


def test_silent_at_the_noise_of_an_estimate() -> None:
    check_clear(RULE, learning(approx_kl=-0.02 + noise(0.02)))


def test_silent_when_it_recovers() -> None:
    check_clear(RULE, learning(approx_kl=np.concatenate([flat(-1.0, 12), flat(0.01, 8)])))


def test_skipped_without_a_kl() -> None:
    check_skipped(RULE, learning(approx_kl=None))
