"""Which cases an arm cures, and how that compares with taking the fault back; Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from scoring.rates import rate

from treated.arms import ARMS, DIAGNOSIS, NONE, ORACLE
from treated.rows import Row

CURED = 0.9
"""Share of the usual healthy improvement from which a case is cured."""
HARMED = 0.1
"""Share of it that a case must lose to no patch to be harmed."""
DRAWS = 2000
ABOUT = f"""
A case is cured where the mean over its seeds reaches {CURED:.0%} of the usual improvement of the healthy runs, in the
task's own unit; it is harmed where it loses {HARMED:.0%} of it to no patch. The cases were drawn from the labelled runs
of the test tasks by fault, then by task and trainer, where healthy runs improve by five deviations and end alike. Arms,
all trained with the same seeds:

- *oracle*: the injection taken back.
- *diagnosis*: what `rundoctor patch` writes, as the readers see it in the patched file. No edit is no cure.
- *diagnosis and replay*: what `rundoctor patch --replay` confirms; where it confirms nothing, the diagnosis, less what
  it shows to hurt.
- *diagnosis, else hazards*: the same; where no cause is named, the first fix of each hazard, as `--fix` writes it.
- *seed fix order*: the first that applies of a value clip of 200, returns standardised by batch x 10 (core alone), a
  value weight of 0.1, a value loss clamped at 10,000.
- *random*: the keys of the diagnosis; switches by a coin, numbers anywhere in their usual range.

In parentheses: Clopper-Pearson intervals, for the ratio to the oracle a bootstrap over cases; both 95 %.
"""


@dataclass(frozen=True)
class Outcome:
    """One arm of one case, over its seeds."""

    rows: tuple[Row, ...]

    @property
    def improvement(self) -> float:
        return fmean(row.improvement for row in self.rows)

    @property
    def cured(self) -> bool:
        """Every seed was trained to the end, and their mean is good enough."""
        return self.improvement >= CURED and not any(row.note for row in self.rows)

    @property
    def changed(self) -> bool:
        return any(json.loads(row.edits) for row in self.rows)


@dataclass(frozen=True)
class Treatment:
    """One case under all arms."""

    fault: str
    task: str
    trainer: str
    arms: dict[str, Outcome]


def treatments(rows: Sequence[Row]) -> list[Treatment]:
    """The cases whose sick run and oracle are there, by fault."""
    found: dict[tuple[str, str, str], dict[str, list[Row]]] = {}
    for row in rows:
        found.setdefault(row.case, {}).setdefault(row.arm, []).append(row)
    cases = [
        Treatment(*case, {arm: Outcome(tuple(of_arm)) for arm, of_arm in by_arm.items()})
        for case, by_arm in sorted(found.items())
    ]
    return [case for case in cases if {NONE, ORACLE} <= case.arms.keys()]


def page(rows: Sequence[Row]) -> str:
    """Both tables, and what they rest on."""
    cases = treatments(rows)
    seeds = [len(outcome.rows) for case in cases for outcome in case.arms.values()]
    told = f"{len(cases)} faults that did damage and stand in the config; {sum(seeds)} runs, {min(seeds)} to "
    told += f"{max(seeds)} seeds an arm (`python benchmarks/cure.py score`, rows in `benchmarks/cure.csv`)."
    return "\n".join(["## Cure", "", told, ABOUT, *_arms(cases), "", *_cases(cases)]) + "\n"


def _arms(cases: list[Treatment]) -> Iterator[str]:
    yield "| arm | cured | of the oracle's cures | harmed |"
    yield "|---|---|---|---|"
    for arm in ORDER:
        yield f"| {arm} | {' | '.join(_figures(arm, cases))} |"
    emitted = [case for case in _with(DIAGNOSIS, cases) if case.arms[DIAGNOSIS].changed]
    cured = rate(case.arms[DIAGNOSIS].cured for case in emitted)
    yield f"\nOf the cases for which the diagnosis emits a patch, it cures {cured}; for the others it emits none."


def _figures(arm: str, cases: list[Treatment]) -> list[str]:
    """An arm whose runs are not all there has no rate: what needs no training comes first, and cures little."""
    trained = _with(arm, cases)
    if len(trained) < len(cases):
        return [f"not finished: {len(trained)} of {len(cases)} cases", "-", "-"]
    cured = str(rate(case.arms[arm].cured for case in trained))
    return [cured, _of_oracle(trained, arm), str(sum(_harmed(case, arm) for case in trained))]


ORDER = (ORACLE, DIAGNOSIS, *(arm for arm in ARMS if arm not in (ORACLE, DIAGNOSIS)))


def _with(arm: str, cases: list[Treatment]) -> list[Treatment]:
    return [case for case in cases if arm in case.arms]


def _harmed(case: Treatment, arm: str) -> bool:
    return case.arms[arm].improvement < case.arms[NONE].improvement - HARMED


def _of_oracle(cases: list[Treatment], arm: str) -> str:
    """The ratio of cured cases and its bootstrap interval over cases."""
    cured = np.array([[case.arms[one].cured for one in (arm, ORACLE)] for case in cases], float)
    if not cured[:, 1].any():
        return "-"
    drawn = cured[np.random.default_rng(0).integers(len(cases), size=(DRAWS, len(cases)))].sum(1)
    low, high = np.percentile(drawn[:, 0] / np.maximum(drawn[:, 1], 1), [2.5, 97.5])
    ratio = cured[:, 0].sum() / cured[:, 1].sum()
    return f"{ratio:.2f} ({low:.2f} to {high:.2f})"


def _cases(cases: list[Treatment]) -> Iterator[str]:
    yield f"| fault | task | trainer | the patch | {' | '.join(ORDER)} |"
    yield "|---" * (len(ORDER) + 4) + "|"
    for case in cases:
        shares = " | ".join(_share(case, arm) for arm in ORDER)
        yield f"| {case.fault} | {case.task} | {case.trainer} | {_patch(case)} | {shares} |"


def _share(case: Treatment, arm: str) -> str:
    outcome = case.arms.get(arm)
    if outcome is None:
        return "-"
    return f"**{outcome.improvement:.2f}**" if outcome.cured else f"{outcome.improvement:.2f}"


def _patch(case: Treatment) -> str:
    edits = json.loads(case.arms[DIAGNOSIS].rows[0].edits) if DIAGNOSIS in case.arms else {}
    return ", ".join(f"{name} {_value(value)}" for name, value in edits.items()) or "none"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {number:.3g}" for key, number in value.items())
    return f"{value:.3g}" if isinstance(value, float) else str(value)
