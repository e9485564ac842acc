from __future__ import annotations

from dataclasses import replace

import pytest

from rundoctor.conversion import Unusable, convert
from rundoctor.model import ConfigFlaw
from tests.builders import check_clear, check_finds, check_skipped, run

RULE = "unusable-value"


def test_tells_the_flaw_and_its_line() -> None:
    flaw = ConfigFlaw(kind=RULE, message="what is wrong", where="config.yaml:7")
    found = check_finds(RULE, run(flaws=[flaw]))
    assert (found.message, found.where) == ("what is wrong", "config.yaml:7")


def test_silent_about_flaws_of_another_kind() -> None:
    check_clear(RULE, run(flaws=[ConfigFlaw(kind="another-kind", message="", where="")]))


def test_skipped_without_a_config() -> None:
    assert "no readable config" in check_skipped(RULE, replace(run(), config=None)).reason


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("vf_coef", -1, "below 0"),
        ("gamma", 2, "above 1"),
        ("learning_rate", "-3e-4", "below 0"),
        ("n_epochs", 0, "below 1"),
    ],
)
def test_a_number_that_a_setting_cannot_have_is_unusable(name: str, value: object, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        convert(name, value)
    assert convert("ent_coef", -0.1) == -0.1
