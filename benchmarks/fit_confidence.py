"""Fit the probability that a cause is right on the tuning split, and write rundoctor/confidence.json.

    python benchmarks/fit_confidence.py [ROOT] [--check]

Every cause that is named in any view of a tuning run is one answer: right where its name is accepted, wrong where it is
not, which is every cause of a healthy run. Printed are the figures of the fit when each task is left out in turn.
--check writes nothing.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scoring.answers import VIEWS, Answer, answers
from scoring.archives import opened
from scoring.calibration import Floats, auroc, brier_skill, calibration_error
from scoring.labelled import labelled_runs
from scoring.ledger import commit

import rundoctor
from rundoctor.confidence import MODEL, Signs, signs
from rundoctor.model import Diagnosed

RIDGE = 0.1
"""Penalty on the squares of the weights, in answers: it matters only where nothing else decides."""
DOUBT = 4.0
"""Runs that a rule's record is mixed with, right as often as all rules together."""


@dataclass(frozen=True)
class Named:
    """A cause that was named, and whether that was right."""

    cause: Diagnosed
    right: bool
    task: str
    run: str


def named(said: Sequence[Answer]) -> list[Named]:
    return [
        Named(one.cause, one.rule in answer.run.accept, answer.run.task, answer.run.name)
        for answer in said
        for one in answer.causes
        if one.cause is not None
    ]


def records(known: Sequence[Named], rules: Iterable[str]) -> dict[str, float]:
    """By rule the share of runs on which it was right, mixed with a few of the usual kind."""
    runs = {(one.cause.rule, one.right, one.run) for one in known}
    usual = (sum(right for _, right, _ in runs) + 1) / (len(runs) + 2)
    judged = {rule: [right for name, right, _ in runs if name == rule] for rule in rules}
    return {rule: (sum(right) + DOUBT * usual) / (len(right) + DOUBT) for rule, right in judged.items()}


def signs_of(known: Sequence[Named], record: Mapping[str, float]) -> Floats:
    """[n, 4]."""
    return np.array([signs(one.cause, record[one.cause.rule]) for one in known])


def fit(known: Sequence[Named], columns: Floats) -> Floats:
    """Intercept and weights of the logistic function of the signs [n, 4], weights not negative.

    The targets are (n + 1) / (n + 2) for the right and 1 / (m + 2) for the wrong, as in Platt's paper, with n and m
    counted in runs, not in answers: views and formats of one run are no independent witnesses.
    """
    of_runs = {(one.right, one.run) for one in known}
    right = sum(kind for kind, _ in of_runs)
    wrong = len(of_runs) - right
    target = np.where([one.right for one in known], (right + 1) / (right + 2), 1 / (wrong + 2))
    columns = with_intercept(columns)

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = columns @ weights
        penalty = np.r_[0.0, weights[1:]]
        value = np.sum(np.logaddexp(0, z) - target * z) + RIDGE * np.sum(penalty**2)
        return float(value), columns.T @ (1 / (1 + np.exp(-z)) - target) + 2 * RIDGE * penalty

    width = columns.shape[1]
    bounds = [(None, None)] + [(0, None)] * (width - 1)
    return np.asarray(minimize(loss, np.zeros(width), jac=True, bounds=bounds).x)


def with_intercept(signs: Floats) -> Floats:
    return np.column_stack([np.ones(len(signs)), signs])


def left_out(known: Sequence[Named]) -> Floats:
    """The probability of every cause by the fit without its task. [n]."""
    p, task = np.zeros(len(known)), np.array([one.task for one in known])
    for left in sorted({one.task for one in known}):
        others = [one for one in known if one.task != left]
        columns = signs_of(known, records(others, {one.cause.rule for one in known}))
        weights = fit(others, columns[task != left])
        p[task == left] = 1 / (1 + np.exp(-with_intercept(columns[task == left]) @ weights))
    return p


def report(known: Sequence[Named]) -> None:
    p, right = left_out(known), np.array([one.right for one in known])
    first = np.array([one.cause.rank == 1 for one in known])
    for title, chosen in (("first causes", first), ("all causes", np.ones_like(first))):
        q, r = p[chosen], right[chosen]
        error, skill, area = calibration_error(q, r), brier_skill(q, r), auroc(q, r)
        print(f"{title}: {len(q)}, {r.mean():.1%} right; error {error:.3f}, Brier skill {skill:.2f}, AUROC {area:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).parent / "runs", metavar="ROOT")
    parser.add_argument("--check", action="store_true", help="print the figures and write nothing")
    asked = parser.parse_args()
    with opened(asked.root) as root:
        runs = [run for run in labelled_runs(root, "tuning") if run.group != "unjudged"]
        known = named(list(answers(runs, list(VIEWS))))
    report(known)
    rules = {one.cause.rule for one in known} | {name for run in runs for name in run.accept}
    record = records(known, sorted(rules))
    intercept, *weights = (round(float(weight), 3) for weight in fit(known, signs_of(known, record)))
    model = {
        "intercept": intercept,
        "weights": dict(zip(Signs._fields, weights, strict=True)),
        "records": {rule: round(share, 3) for rule, share in record.items()},
        "fitted": {
            "by": "benchmarks/fit_confidence.py",
            "date": datetime.date.today().isoformat(),
            "rundoctor": f"{rundoctor.__version__}, commit {commit()}",
            "split": "tuning",
            "tasks": sorted({run.task for run in runs}),
            "runs": len({run.name for run in runs}),
            "causes": len(known),
            "right": sum(one.right for one in known),
        },
    }
    print(text := json.dumps(model, indent=1))
    if not asked.check:
        MODEL.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
