"""Words and numbers that reports share."""

from __future__ import annotations

import math

import pytest

from rundoctor.model import Verdict
from rundoctor.visible import safe
from rundoctor.wording import VERDICT_WORDS, number


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.000464, "0.000464"), (215572.4, "215,572"), (3.1e9, "3.1e+09"), (0.0, "0"), (12.5, "12.5"), (-5000, "-5,000")],
)
def test_numbers_are_short(value, text):
    assert number(value) == text


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none_have_words(value):
    assert number(value) in {"nan", "inf", "-inf"}


def test_safe_spells_out_what_cannot_be_seen():
    assert safe("a\tb\n\x9b\u202e\udc80\u2028") == r"a\tb\n\x9b\u202e\udc80\u2028"
    assert safe("déjà vu 漢字") == "déjà vu 漢字"


def test_every_verdict_has_a_word():
    assert set(VERDICT_WORDS) == set(Verdict)
