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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scoring.answers import VIEWS, Answer, Said, answers
from scoring.archives import opened
from scoring.calibration import Bools, Floats, auroc, brier_skill, calibration_error
from scoring.labelled import labelled_runs
from scoring.ledger import commit

import rundoctor
from rundoctor.confidence import MODEL, Signs

RIDGE = 0.1
"""Penalty on the squares of the weights, in answers: it matters only where nothing else decides."""


@dataclass(frozen=True)
class Data:
    """The causes that were named, one row each."""

    signs: Floats
    """[n, 3]."""
    right: Bools
    task: list[str]
    run: list[str]

    def only(self, chosen: Bools) -> Data:
        rows = np.flatnonzero(chosen).tolist()
        return Data(self.signs[rows], self.right[rows], [self.task[n] for n in rows], [self.run[n] for n in rows])


def data(said: Sequence[tuple[Answer, Said]]) -> Data:
    return Data(
        np.array([cause.signs for _, cause in said]),
        np.array([cause.rule in answer.run.accept for answer, cause in said]),
        [answer.run.task for answer, _ in said],
        [answer.run.name for answer, _ in said],
    )


def fit(known: Data) -> Floats:
    """Intercept and weights of the logistic function, weights not negative.

    The targets are (n + 1) / (n + 2) for the right and 1 / (m + 2) for the wrong, as in Platt's paper, with n and m
    counted in runs, not in answers: views and formats of one run are no independent witnesses.
    """
    runs = np.array(known.run)
    right, wrong = (len(np.unique(runs[kind])) for kind in (known.right, ~known.right))
    target = np.where(known.right, (right + 1) / (right + 2), 1 / (wrong + 2))
    columns = with_intercept(known.signs)

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


def left_out(known: Data) -> Floats:
    """The probability of every cause by the fit without its task. [n]."""
    p, task = np.zeros(len(known.right)), np.array(known.task)
    for one in np.unique(task):
        weights = fit(known.only(task != one))
        p[task == one] = 1 / (1 + np.exp(-with_intercept(known.signs[task == one]) @ weights))
    return p


def report(known: Data, first: Bools) -> None:
    p = left_out(known)
    for title, chosen in (("first causes", first), ("all causes", np.ones(len(p), dtype=bool))):
        q, right = p[chosen], known.right[chosen]
        error, skill, area = calibration_error(q, right), brier_skill(q, right), auroc(q, right)
        print(
            f"{title}: {len(q)}, {right.mean():.1%} right; error {error:.3f}, Brier skill {skill:.2f}, AUROC {area:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).parent / "runs", metavar="ROOT")
    parser.add_argument("--check", action="store_true", help="print the figures and write nothing")
    asked = parser.parse_args()
    with opened(asked.root) as root:
        runs = [run for run in labelled_runs(root, "tuning") if run.group != "unjudged"]
        said = [(answer, cause) for answer in answers(runs, list(VIEWS)) for cause in answer.causes]
    known = data(said)
    report(known, np.array([cause.signs.first == 1 for _, cause in said]))
    intercept, *weights = (round(float(weight), 3) for weight in fit(known))
    named = {cause.rule for _, cause in said} | {name for run in runs for name in run.accept}
    model = {
        "intercept": intercept,
        "weights": dict(zip(Signs._fields, weights, strict=True)),
        "rules": sorted(named),
        "fitted": {
            "by": "benchmarks/fit_confidence.py",
            "date": datetime.date.today().isoformat(),
            "rundoctor": f"{rundoctor.__version__}, commit {commit()}",
            "split": "tuning",
            "tasks": sorted({run.task for run in runs}),
            "runs": len({run.name for run in runs}),
            "causes": len(said),
            "right": int(known.right.sum()),
        },
    }
    print(text := json.dumps(model, indent=1))
    if not asked.check:
        MODEL.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
