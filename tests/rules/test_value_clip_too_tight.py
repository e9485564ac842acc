from __future__ import annotations

import numpy as np
import pytest

from tests.builders import check_clear, check_finds, check_skipped, flat, geometric, learning, ramp, run

RULE = "value-clip-too-tight"
TIGHT = {"clip_range_vf": 0.2, "normalize_returns": None}
STALLED = {
    "reward_mean": ramp(2e3, 3e3),
    "episode_length": flat(200),
    "value_loss": flat(9e4),
    "explained_variance": flat(0.0),
}


def test_finds_an_epsilon_that_the_error_dwarfs() -> None:
    found = check_finds(RULE, learning(TIGHT, **STALLED))
    assert found.rank == 1
    assert [evidence.observed for evidence in found.evidence] == pytest.approx([0.2 / 300, 0.0, 300 / 0.8])
    assert "at least 375 updates" in found.message


def test_reads_the_error_out_of_the_total_loss() -> None:
    found = check_finds(RULE, run(TIGHT, kind="rundoctor", loss=flat(9e4)))
    assert found.evidence[0].observed == pytest.approx(0.2 / 300, rel=0.01)
    assert found.decide_by


def test_a_tight_clip_that_the_run_has_the_updates_for_is_a_hazard() -> None:
    near = STALLED | {"value_loss": flat(9.0), "reward_mean": flat(20.0), "explained_variance": None}
    found = check_finds(RULE, learning(TIGHT, **near))
    assert found.rank is None
    assert len(found.evidence) == 1
    assert "the run has 20" in found.message
    blind = check_finds(RULE, learning(TIGHT, **near | {"explained_variance": flat(0.0)}))
    assert (blind.rank, "the critic lags all along" in blind.message) == (1, True)


def test_silent_when_the_critic_explains_its_returns() -> None:
    """H1: the error is the noise of the returns."""
    check_clear(RULE, learning(TIGHT, **STALLED | {"explained_variance": flat(0.6)}))


def test_finds_a_critic_that_explains_nothing_while_its_targets_shrink() -> None:
    """The error is half of the returns, but that is all they have left."""
    shrinking = STALLED | {"reward_mean": ramp(9e3, 1e3), "value_loss": geometric(9e6, 9e4)}
    assert check_finds(RULE, learning(TIGHT, **shrinking)).rank == 1
    check_clear(RULE, learning(TIGHT, **shrinking | {"explained_variance": flat(0.2)}))


def test_silent_when_returns_are_normalized() -> None:
    check_clear(RULE, learning({"clip_range_vf": 0.2}, value_loss=flat(1.0)))


def test_silent_at_a_sixth_of_the_error() -> None:
    check_clear(RULE, learning(TIGHT | {"clip_range_vf": 50.0}, **STALLED))


def test_silent_when_the_clip_is_a_fraction_of_the_value() -> None:
    check_clear(RULE, learning(TIGHT | {"value_clip_relative": True}, **STALLED))


@pytest.mark.parametrize("off", [{"value_clip": False}, {"clip_range_vf": 0.0}, {"clip_range_vf": None}])
def test_skipped_when_the_clip_is_off_or_absent(off: dict[str, object]) -> None:
    check_skipped(RULE, learning(TIGHT | off, **STALLED))


def test_skipped_when_no_error_is_logged() -> None:
    check_skipped(RULE, learning(TIGHT, **STALLED | {"value_loss": None}))


def test_skipped_when_the_total_loss_is_policy_loss_in_raw_units() -> None:
    check_skipped(RULE, run(TIGHT | {"normalize_advantage": False}, loss=flat(9e4)))


def test_the_share_of_values_that_the_clip_holds_shows_it_at_work() -> None:
    found = check_finds(RULE, learning(TIGHT, **STALLED, value_clip_fraction=flat(0.99)))
    assert [evidence.observed for evidence in found.evidence] == pytest.approx([0.2 / 300, 0.99, 0.0, 300 / 0.8])


def test_silent_when_the_clip_holds_few_values() -> None:
    check_clear(RULE, learning(TIGHT, **STALLED, value_clip_fraction=flat(0.1)))


CLIMBING = STALLED | {"value_loss": flat(100.0), "explained_variance": ramp(0.0, 0.6)}
"""Of an error of 10, that a clip of 0.5 lets the critic close in five updates."""


def test_blames_a_clip_under_which_the_critic_climbs_to_the_end() -> None:
    found = check_finds(RULE, learning(TIGHT | {"clip_range_vf": 0.5}, **CLIMBING))
    assert found.rank == 1
    assert "the critic lags all along" in found.message
    assert [evidence.relation for evidence in found.evidence] == ["<", ">"]


@pytest.mark.parametrize(
    "kept_up",
    [
        {"explained_variance": flat(0.6)},
        {"explained_variance": ramp(0.0, 0.95)},
        {"value_loss": geometric(1e4, 100)},
        {"explained_variance": np.concatenate([ramp(0.0, 0.6, 4), flat(0.6, 16)])},
    ],
    ids=["noise all along", "nearly all is explained in the end", "the error falls", "it climbed at once"],
)
def test_silent_when_the_critic_kept_up(kept_up: dict[str, np.ndarray]) -> None:
    check_clear(RULE, learning(TIGHT | {"clip_range_vf": 0.5}, **CLIMBING | kept_up))
