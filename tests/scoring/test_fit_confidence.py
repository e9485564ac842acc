"""What the records of the rules are, and what is fitted to them."""

from __future__ import annotations

import numpy as np
import pytest
from fit_confidence import DOUBT, Named, fit, left_out, records, signs_of

from rundoctor.model import Diagnosed, Evidence, Severity


def named(rule: str, right: bool, run: str, observed: float = 3.0, task: str = "docking") -> Named:
    evidence = (Evidence(claim="c", observed=observed, relation=">", limit=1.0),)
    return Named(Diagnosed(rule=rule, severity=Severity.ERROR, message="", evidence=evidence, rank=1), right, task, run)


GOOD = [named("good", True, f"run {n}") for n in range(6)]
BAD = [named("bad", False, "run 8"), named("bad", True, "run 9")]


def test_a_record_counts_runs_and_not_their_views() -> None:
    record = records([*GOOD, *GOOD, *BAD], ["good", "bad", "never"])
    usual = (7 + 1) / (8 + 2)
    assert record["good"] == pytest.approx((6 + DOUBT * usual) / (6 + DOUBT))
    assert record["bad"] == pytest.approx((1 + DOUBT * usual) / (2 + DOUBT))
    assert record["never"] == pytest.approx(usual)


def test_no_weight_is_negative_even_where_weak_evidence_is_right_more_often() -> None:
    known = [named("r", True, f"a{n}", observed=1.1) for n in range(9)] + [named("r", False, "b", observed=90.0)]
    weights = fit(known, signs_of(known, {"r": 0.5}))
    assert (weights[1:] >= 0).all()


def test_a_task_is_judged_by_the_others() -> None:
    here = [named("bad", False, f"here {n}", task="here") for n in range(20)]
    elsewhere = [named("bad", True, f"there {n}", task="there") for n in range(20)]
    p = left_out([*here, *elsewhere, *GOOD])
    assert np.mean(p[:20]) > 0.9
    assert np.mean(p[20:40]) < 0.5
