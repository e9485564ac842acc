from __future__ import annotations

from tests.builders import check_clear, check_finds, check_skipped, flat, learning

RULE = "value-clip-inert"


def test_tells_a_clip_that_never_binds() -> None:
    found = check_finds(RULE, learning({"clip_range_vf": 200.0}, value_loss=flat(100.0)))
    assert "at most 10" in found.message


def test_silent_when_the_clip_is_three_errors_wide() -> None:
    check_clear(RULE, learning({"clip_range_vf": 30.0}, value_loss=flat(100.0)))


def test_silent_when_the_clip_is_a_fraction_of_the_value() -> None:
    check_clear(RULE, learning({"clip_range_vf": 200.0, "value_clip_relative": True}))


def test_silent_when_there_is_no_error_at_all() -> None:
    check_clear(RULE, learning({"clip_range_vf": 200.0}, value_loss=flat(0.0)))


def test_skipped_when_the_clip_is_off() -> None:
    assert "off" in check_skipped(RULE, learning({"clip_range_vf": 200.0, "value_clip": False})).reason


def test_skipped_without_a_loss() -> None:
    check_skipped(RULE, learning({"clip_range_vf": 200.0}, value_loss=None))


def test_silent_when_the_log_shows_it_bind() -> None:
    check_finds(RULE, learning({"clip_range_vf": 200.0}, value_clip_fraction=flat(0.0)))
    check_clear(RULE, learning({"clip_range_vf": 200.0}, value_clip_fraction=flat(0.1)))
