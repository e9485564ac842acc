"""How often the diagnosis is right: every labelled run under a folder, diagnosed and compared with its label.

Usage: python benchmarks/accuracy.py ROOT... [--markdown FILE]

A labelled run is a directory with label.json: the fault, the accepted answers (fixed before scoring) and the class.
``effective``: the fault did damage. ``harmless``: the run kept most of its healthy twin's improvement; reported apart,
since naming the fault as a hazard is as good an answer as naming it as a cause. ``healthy``: every cause is a false
alarm. Only causes at warning or error count as answers. Intervals are Clopper-Pearson, 95 %.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import beta

import rundoctor
from rundoctor.errors import RundoctorError
from rundoctor.model import Diagnosed, Severity

ANSWERS = {Severity.WARNING, Severity.ERROR}
SHOWN = 3


@dataclass(frozen=True)
class Scored:
    """One labelled run and what the diagnosis said of it."""

    name: str
    label: str
    accepted: tuple[str, ...]
    group: str
    """effective, harmless or healthy."""
    causes: tuple[Diagnosed, ...]
    hazards: tuple[str, ...]
    problem: str = ""
    """Why the run could not be read."""

    def hit(self, first: int) -> bool:
        """Whether an accepted answer stands among the first causes."""
        return any(cause.rule in self.accepted for cause in self.causes[:first])

    @property
    def outcome(self) -> str:
        """One word for the table."""
        if self.problem:
            return "unreadable"
        if self.group == "healthy":
            return "alarm" if self.causes else "quiet"
        if self.group == "harmless" and not self.causes:
            return "hazard" if set(self.accepted) & set(self.hazards) else "quiet"
        return "top 1" if self.hit(1) else f"top {SHOWN}" if self.hit(SHOWN) else "miss"


def score(directory: Path, name: str) -> Scored:
    """Diagnose one run."""
    label = json.loads((directory / "label.json").read_text(encoding="utf-8"))
    causes: tuple[Diagnosed, ...] = ()
    hazards: tuple[str, ...] = ()
    problem = ""
    try:
        diagnosis = rundoctor.diagnose(rundoctor.read_run(directory))
        causes = tuple(cause for cause in diagnosis.causes if cause.severity in ANSWERS)
        hazards = tuple(hazard.rule for hazard in diagnosis.hazards)
    except RundoctorError as error:
        problem = error.message
    accepted = tuple(label["accept"])
    return Scored(name, label["fault"] or "none", accepted, label["class"], causes, hazards, problem)


def interval(hits: int, runs: int, level: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share."""
    tail = (1 - level) / 2
    low = float(beta.ppf(tail, hits, runs - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, runs - hits)) if hits < runs else 1.0
    return low, high


def share(title: str, found: Sequence[bool]) -> str:
    """Return one line: hits of runs, the share and its interval."""
    if not found:
        return f"{title}: no runs"
    low, high = interval(sum(found), len(found))
    return (
        f"{title}: {sum(found)} of {len(found)} = {sum(found) / len(found):.0%} (95 % interval {low:.0%} to {high:.0%})"
    )


def summary(scored: Sequence[Scored]) -> list[str]:
    """Return the figures."""
    effective, harmless, healthy = (
        [run for run in scored if run.group == group] for group in ("effective", "harmless", "healthy")
    )
    return [
        share("right cause first, faults that did damage", [run.hit(1) for run in effective]),
        share(f"right cause among the first {SHOWN}", [run.hit(SHOWN) for run in effective]),
        share("healthy runs with a cause at warning or error", [bool(run.causes) for run in healthy]),
        share("healthy runs with a cause at error", [has_error(run) for run in healthy]),
        share("faults without damage, named as cause or hazard", [named(run) for run in harmless]),
        share("faults without damage, with another cause at error", [has_error(run, run.accepted) for run in harmless]),
        f"runs that could not be read: {sum(bool(run.problem) for run in scored)}",
    ]


def has_error(run: Scored, apart_from: Iterable[str] = ()) -> bool:
    """Whether a cause at error is reported."""
    return any(cause.severity is Severity.ERROR and cause.rule not in apart_from for cause in run.causes)


def named(run: Scored) -> bool:
    """Whether an accepted answer stands anywhere among causes and hazards."""
    return bool({*(cause.rule for cause in run.causes), *run.hazards} & set(run.accepted))


def table(scored: Sequence[Scored]) -> list[str]:
    """Return the runs as a Markdown table, misses first within a class."""
    rows = ["| run | class | accepted | causes | hazards | outcome |", "|---|---|---|---|---|---|"]
    for run in sorted(scored, key=lambda run: (run.group, run.outcome != "miss", run.name)):
        causes = ", ".join(f"{cause.rule} ({cause.severity.value})" for cause in run.causes[:SHOWN]) or "-"
        cells = [run.name, run.group, ", ".join(run.accepted) or "-", causes, ", ".join(run.hazards) or "-"]
        rows.append(f"| {' | '.join(cells)} | {run.problem or run.outcome} |")
    return rows


MARKER = "<!-- generated below -->"


def section(root: Path) -> list[str]:
    """Score the runs under a folder and return them as Markdown."""
    directories = sorted(label.parent for label in root.rglob("label.json"))
    scored = [score(directory, str(directory.relative_to(root))) for directory in directories]
    head = [f"## {root.name}: {len(scored)} labelled runs", ""]
    return [*head, *(f"- {line}" for line in summary(scored)), "", *table(scored), ""]


def main() -> None:
    """Score the runs under the folders named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("roots", type=Path, nargs="+", metavar="ROOT", help="folder with labelled runs, at any depth")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help=f"rewrite the page below its line {MARKER}")
    asked = parser.parse_args()
    found = "\n".join(line for root in asked.roots for line in section(root))
    print(found)
    if asked.markdown:
        above = asked.markdown.read_text(encoding="utf-8").split(MARKER)[0]
        version = f"rundoctor {rundoctor.__version__}"
        asked.markdown.write_text(f"{above}{MARKER}\n\n{version}\n\n{found}", encoding="utf-8")


if __name__ == "__main__":
    main()
