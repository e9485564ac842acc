from __future__ import annotations

from tests.builders import check_refuses, run


def test_is_refused_in_favour_of_running_statistics() -> None:
    assert "running" in check_refuses("normalize-returns-per-batch", run())
