from __future__ import annotations

import numpy as np

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning

RULE = "kl-penalty-runaway"


def test_finds_a_coefficient_that_only_grows() -> None:
    found = check_finds(RULE, not_learning(kl_coef=0.2 * 1.5 ** np.arange(20)))
    assert found.rank == 1
    assert "0.2 to 443" in found.message


def test_silent_when_it_finds_its_level() -> None:
    check_clear(RULE, learning(kl_coef=np.append(0.2 * 1.5 ** np.arange(19), 100.0)))


def test_silent_at_a_few_raises_in_a_row() -> None:
    check_clear(RULE, learning(kl_coef=0.2 * 1.5 ** np.arange(10)))


def test_silent_when_it_shrinks_to_nothing() -> None:
    check_clear(RULE, learning(kl_coef=0.2 * 0.5 ** np.arange(20)))


def test_silent_when_there_is_no_penalty() -> None:
    check_clear(RULE, learning(kl_coef=flat(0.0)))


def test_skipped_when_it_is_not_logged() -> None:
    check_skipped(RULE, learning())
