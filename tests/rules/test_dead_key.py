from __future__ import annotations

from rundoctor.model import ConfigFlaw
from tests.builders import check_clear, check_finds, check_skipped, flat, run


def test_finds_a_key_that_the_source_never_names() -> None:
    flaw = ConfigFlaw(kind="dead-key", message="algorithm.max_grad_norm occurs nowhere", where="config.yaml:9")
    assert check_finds("dead-key", run(flaws=[flaw], source="trainer", loss=flat(1))).where == "config.yaml:9"


def test_silent_on_other_flaws() -> None:
    flaw = ConfigFlaw(kind="duplicate-key", message="twice", where="config.yaml:9")
    check_clear("dead-key", run(flaws=[flaw], source="trainer", loss=flat(1)))


def test_skipped_without_the_trainers_source() -> None:
    assert "--source" in check_skipped("dead-key", run(loss=flat(1))).enable
