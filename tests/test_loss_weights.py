"""The weights that the logged losses show, and what the rules make of them."""

from __future__ import annotations

import numpy as np
import pytest

from rundoctor.diagnosis import diagnose
from rundoctor.facts import FactBook
from rundoctor.facts.loss_weights import LossWeights
from rundoctor.model import Missing, Run
from tests.builders import check_clear, check_finds, flat, learning, named, noise, not_learning, ramp

VALUE, ENTROPY, POLICY = ramp(0.9, 0.2) + noise(0.05, seed=1), ramp(0.69, 0.3), flat(-0.01)


def logged(c1: float, c2: float, settings: dict[str, float | None] | None = None, **more: np.ndarray | None) -> Run:
    """A run whose total loss is made of these weights, whatever its config says."""
    total = POLICY + c1 * VALUE - c2 * ENTROPY
    return learning(settings, policy_loss=POLICY, value_loss=VALUE, entropy=ENTROPY, **{"loss": total} | more)


def weights_of(run: Run) -> LossWeights | Missing:
    found: LossWeights | Missing = FactBook(run).get("loss_weights")
    return found


@pytest.mark.parametrize(("c1", "c2"), [(0.5, 0.01), (0.25, -0.05), (10.0, 1.0), (500.0, 20.0)])
def test_both_weights_are_found(c1: float, c2: float) -> None:
    found = weights_of(logged(c1, c2))
    assert isinstance(found, LossWeights)
    assert (found.value, found.entropy) == (pytest.approx(c1), pytest.approx(c2))


def test_a_term_that_rounding_could_make_is_not_known() -> None:
    found = weights_of(logged(0.5, 1e-5))
    assert isinstance(found, LossWeights)
    assert found.entropy is None


def test_nothing_is_concluded_where_the_total_holds_something_else() -> None:
    assert isinstance(weights_of(logged(0.5, 0.01, loss=flat(0.3) + noise(0.1))), Missing)


def test_the_column_of_the_last_minibatch_is_read_where_it_is_the_mean() -> None:
    total = POLICY + 0.5 * VALUE - 0.01 * ENTROPY
    found = weights_of(logged(0.5, 0.01, loss=None, last_minibatch_loss=total))
    assert isinstance(found, LossWeights)
    assert (found.value, found.entropy) == (pytest.approx(0.5), pytest.approx(0.01))
    assert isinstance(weights_of(logged(0.5, 0.01, loss=None, last_minibatch_loss=total + noise(1e-4))), Missing)


def test_nothing_is_concluded_where_the_total_holds_a_constant() -> None:
    assert isinstance(weights_of(logged(0.5, 0.01, loss=POLICY + 0.5 * VALUE - 0.01 * ENTROPY + 0.1)), Missing)


def test_nothing_is_concluded_where_the_parts_move_alike() -> None:
    run = learning(policy_loss=POLICY, value_loss=VALUE, entropy=2 * VALUE, loss=POLICY + 0.5 * VALUE)
    assert isinstance(weights_of(run), Missing)


def test_a_weight_that_the_code_does_not_obey_is_told() -> None:
    found = check_finds("config-contradicted-by-log", logged(0.05, 0.01))
    assert found.evidence[0].observed == pytest.approx(0.05)
    assert "total loss against its parts" in found.evidence[0].where


def test_an_entropy_that_is_counted_twice_is_told() -> None:
    found = check_finds("config-contradicted-by-log", logged(0.5, 0.02))
    assert (found.evidence[0].observed, found.evidence[0].limit) == (pytest.approx(0.02), 0.01)


def test_half_a_square_is_no_contradiction() -> None:
    check_clear("config-contradicted-by-log", logged(0.25, 0.01))


def test_weights_that_agree_are_clear() -> None:
    assert named(diagnose(logged(0.5, 0.01)), "config-contradicted-by-log") is None


def test_a_wrong_sign_in_the_code_is_seen_in_the_losses() -> None:
    found = check_finds("entropy-weight-negative", logged(0.5, -0.01))
    assert found.evidence[0].observed == pytest.approx(-0.01)


def test_a_bonus_that_only_the_code_knows_is_seen() -> None:
    stays = ramp(0.69, 0.62)
    total = POLICY + 0.5 * VALUE - 0.5 * stays
    run = learning({"ent_coef": None}, policy_loss=POLICY, value_loss=VALUE, entropy=stays, loss=total)
    assert check_finds("entropy-weight-too-high", run).evidence[0].observed == pytest.approx(0.5)


def test_a_weight_that_only_the_code_knows_starves_the_policy() -> None:
    run = not_learning(
        {"vf_coef": None},
        policy_loss=POLICY,
        value_loss=VALUE,
        entropy=ENTROPY,
        approx_kl=flat(1e-4),
        loss=POLICY + 50 * VALUE - 0.01 * ENTROPY,
    )
    assert check_finds("value-weight-too-high", run).evidence[0].observed == pytest.approx(50.0)
