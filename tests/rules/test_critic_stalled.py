from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, ramp, run

RULE = "critic-stalled"
RAW = {"normalize_returns": None}


def test_finds_an_error_of_the_size_of_the_returns() -> None:
    found = check_finds(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=flat(0.0)))
    assert found.evidence[0].observed > 0.5
    assert "explained variance 0" in found.message


def test_finds_it_without_an_explained_variance() -> None:
    check_finds(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=None))


def test_silent_when_large_errors_are_the_noise_of_explained_returns() -> None:
    check_clear(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=flat(0.5)))


def test_silent_when_the_error_has_fallen() -> None:
    check_clear(RULE, learning(RAW, value_loss=geometric(900.0, 2.0), explained_variance=flat(0.0)))


def test_silent_when_returns_are_constant_at_a_solved_task() -> None:
    """H6: nothing is left to explain, and the error is small."""
    solved = learning(
        RAW, reward_mean=flat(500), episode_length=flat(500), value_loss=flat(0.5), explained_variance=flat(0.0)
    )
    check_clear(RULE, solved)


def test_silent_when_only_the_first_updates_explain_nothing() -> None:
    """H4: a cold critic."""
    check_clear(RULE, learning(RAW, value_loss=flat(900.0), explained_variance=ramp(-1.0, 0.9)))


def test_skipped_without_a_loss() -> None:
    check_skipped(RULE, learning(value_loss=None))


def test_skipped_when_only_the_best_reward_is_known() -> None:
    best = run(reward_best=ramp(20, 400), episode_length=ramp(20, 400), value_loss=flat(900.0))
    assert "best reward" in check_skipped(RULE, best).reason
