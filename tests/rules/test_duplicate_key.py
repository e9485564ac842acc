from __future__ import annotations

from dataclasses import replace

from rundoctor.model import ConfigFlaw
from tests.builders import check_clear, check_finds, check_skipped, run

RULE = "duplicate-key"


def test_tells_the_flaw_and_its_line() -> None:
    flaw = ConfigFlaw(kind=RULE, message="what is wrong", where="config.yaml:7")
    found = check_finds(RULE, run(flaws=[flaw]))
    assert (found.message, found.where) == ("what is wrong", "config.yaml:7")


def test_silent_about_flaws_of_another_kind() -> None:
    check_clear(RULE, run(flaws=[ConfigFlaw(kind="another-kind", message="", where="")]))


def test_skipped_without_a_config() -> None:
    assert "no readable config" in check_skipped(RULE, replace(run(), config=None)).reason
