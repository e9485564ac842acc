from __future__ import annotations

from tests.builders import check_only_tested, check_refuses, learning, run


def test_is_refused_in_favour_of_running_statistics() -> None:
    assert "running" in check_refuses("normalize-returns-per-batch", run())


def test_a_replay_tests_it_where_returns_are_raw() -> None:
    assert check_only_tested("normalize-returns-per-batch", run()).name == "normalize_returns_per_batch"
    assert "already" in check_refuses("normalize-returns-per-batch", learning())
