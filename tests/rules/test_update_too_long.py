from __future__ import annotations

import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "update-too-long"
LONG = {"learning_rate": 1e-3, "n_epochs": 20}
FAR = {"approx_kl": flat(0.5)}


def test_finds_usual_settings_whose_product_is_not() -> None:
    """1e-3 x 20 epochs x 32 minibatches = 0.64."""
    found = check_finds(RULE, not_learning(LONG, **FAR))
    assert found.rank == 1
    assert found.evidence[0].observed == pytest.approx(0.64 / 0.096)


def test_silent_when_the_policy_stays_near() -> None:
    check_clear(RULE, not_learning(LONG))


def test_silent_when_one_setting_is_to_blame() -> None:
    check_clear(RULE, not_learning(LONG | {"learning_rate": 1e-2}, **FAR))


def test_silent_when_the_update_is_of_usual_length() -> None:
    check_clear(RULE, not_learning(**FAR))


def test_skipped_without_a_kl() -> None:
    check_skipped(RULE, learning(LONG, approx_kl=None))
