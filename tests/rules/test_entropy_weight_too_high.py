from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning, not_learning, ramp

RULE = "entropy-weight-too-high"
HIGH = {"ent_coef": 0.5}


def test_finds_a_policy_as_random_as_it_began() -> None:
    found = check_finds(RULE, not_learning(HIGH, entropy=ramp(0.693, 0.68)))
    assert found.rank == 1
    assert "keeps the policy random" in found.message
    assert found.evidence[1].observed > 0.95


def test_finds_it_in_a_total_loss_that_is_all_bonus() -> None:
    found = check_finds(RULE, not_learning(HIGH, entropy=None, value_loss=None, policy_loss=None, loss=flat(-0.5)))
    assert (found.rank, found.message) == (1, "ent_coef 0.5 outweighs the policy loss")


def test_a_weight_whose_effect_is_not_logged_is_a_hazard() -> None:
    found = check_finds(RULE, learning(HIGH, entropy=None))
    assert (found.rank, found.message) == (None, "ent_coef 0.5 is far above the usual")


def test_finds_a_policy_that_keeps_two_thirds_of_its_entropy() -> None:
    assert check_finds(RULE, not_learning(HIGH, entropy=ramp(1.35, 0.9))).rank == 1


def test_silent_when_the_policy_hardens_all_the_same() -> None:
    check_clear(RULE, learning(HIGH, entropy=ramp(0.69, 0.3), policy_loss=flat(-0.05)))


def test_finds_a_bonus_that_takes_back_half_of_what_each_update_gains() -> None:
    # 20 updates give up about 0.75 nat of entropy: 0.04 x 0.3 of bonus an update, of a gain of 0.02
    slow = {"entropy": ramp(2.8, 1.9), "action_std": ramp(1.0, 0.5)}
    found = check_finds(RULE, learning({"ent_coef": 0.3}, policy_loss=flat(-0.02), **slow))
    assert found.rank == 1
    assert "takes back much" in found.message
    assert "over what its policy loss gains" in found.evidence[1].claim
    check_clear(RULE, learning({"ent_coef": 0.3}, policy_loss=flat(-0.2), **slow))
    check_clear(RULE, learning({"ent_coef": 0.3, "normalize_advantage": False}, policy_loss=flat(-0.02), **slow))


def test_silent_at_a_usual_weight_in_a_policy_that_stays_random() -> None:
    check_clear(RULE, learning({"ent_coef": 0.1}, entropy=flat(0.69)))


def test_skipped_when_the_weight_is_unknown() -> None:
    check_skipped(RULE, learning({"ent_coef": None}))
