"""Words and numbers that reports share."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rundoctor.model import Curve, Diagnosed, Diagnosis, Input, Report, Safety, Severity, Skipped, Verdict
from rundoctor.safe_text import safe
from rundoctor.wording import (
    SAFETY_WORDS,
    VERDICT_WORDS,
    begin,
    coverage,
    number,
    sentence,
    size_of,
    to_judge_more,
    verdict,
)
from tests.reports import sample


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
    assert set(SAFETY_WORDS) == set(Safety)


# ---- verdict, sizes, wishes --------------------------------------------------------------------------------------


def skips(*wishes: str) -> tuple[Skipped, ...]:
    return tuple(Skipped(rule=f"rule-{place}", reason="r", enable=wish) for place, wish in enumerate(wishes))


def report_of(diagnosis: Diagnosis, **run: object) -> Report:
    whole = sample.report()
    return replace(whole, run=replace(whole.run, **run), diagnosis=diagnosis)


def test_a_run_is_not_called_healthy_when_most_rules_were_blind():
    judged = Diagnosis(verdict=Verdict.HEALTHY, clear=("a",), skipped=skips("log x", "log y"))
    assert verdict(judged) == "NO FAULT FOUND"
    assert sentence(report_of(judged)) == "1 rule had the data to judge, 2 had not"
    assert report_of(judged).to_dict()["verdict"] == "healthy"
    seen = replace(judged, clear=("a", "b"))
    assert (verdict(seen), sentence(report_of(seen))) == (
        "HEALTHY",
        "2 rules had the data to judge, none found a fault",
    )


def test_a_config_alone_is_said_to_be_one():
    judged = Diagnosis(verdict=Verdict.UNDETERMINED, clear=("a", "b"), skipped=skips("log x"))
    events = Input(file="events", read=0, notes=("not read yet: TensorBoard events",))
    report = report_of(judged, curves={}, inputs=(events,))
    assert sentence(report) == "there is no log to judge; not read yet: TensorBoard events"
    assert coverage(report) == "2 rules clear from the config alone, 1 could not be judged"
    assert coverage(report_of(judged, curves={})).endswith("(to judge more: log x)")


@pytest.mark.parametrize(
    ("symptoms", "ending"), [(["a"], "a, and no rule {} it"), (["a", "b"], "a and b, and no rule {} them")]
)
def test_symptoms_without_a_cause_are_counted(symptoms, ending):
    seen = tuple(Diagnosed(rule=name, severity=Severity.ERROR, message="", evidence=()) for name in symptoms)
    judged = Diagnosis(verdict=Verdict.SICK_CAUSE_UNKNOWN, symptoms=seen)
    assert sentence(report_of(judged)) == ending.format("that could be judged explains")


@pytest.mark.parametrize(("gap", "words"), [(1, "16 updates"), (100, "16 logged updates")])
def test_rows_that_skip_updates_are_logged_updates(gap, words):
    loss = Curve.from_points("loss", np.arange(16) * gap, np.ones(16), "progress.csv")
    assert size_of(replace(sample.run(), curves={"loss": loss})) == f"rundoctor format, {words}"
    assert size_of(replace(sample.run(), curves={})) == "rundoctor format, 0 updates"


@pytest.mark.parametrize(
    ("onset", "words"),
    [(7, "from the first update on"), (0, "from the first update on"), (1800, "from update 1,800 on")],
)
def test_an_onset_at_the_first_row_is_the_first_update(onset, words):
    loss = Curve.from_points("loss", [7, 8], [1, 2], "progress.csv")
    assert begin(onset, replace(sample.run(), curves={"loss": loss})) == words


@pytest.mark.parametrize(
    ("wishes", "kind", "text"),
    [
        (["log a per update", "log a", "log b per episode"], "rundoctor", "log a per update and b per episode"),
        (["log a", "set b in the config (clip)", "log c"], "rundoctor", "log a and set b in the config (clip)"),
        (["log the components per episode in reward_components_stats.json"], "sb3", "log the components per episode"),
        (["log the reward, or reward_components_stats.json", ""], "sb3", "log the reward"),
        (["log c in reward_components_stats.json"], "rundoctor", "log c in reward_components_stats.json"),
    ],
)
def test_no_wish_comes_twice(wishes, kind, text):
    judged = Diagnosis(verdict=Verdict.HEALTHY, skipped=skips(*wishes))
    assert to_judge_more(report_of(judged, format=kind)) == text
