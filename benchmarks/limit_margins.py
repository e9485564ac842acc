"""How near the thresholds lie to the labelled runs: each limit moved alone, and what that changes.

    python benchmarks/limit_margins.py [ROOT] [--write]

Counted on the tuning split alone: faults that are no longer, or newly, right first, and healthy logs that get a cause.
A limit that no log notices within the factors is left out. --write puts the table into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import track
from scoring import accuracy_page
from scoring.answers import WHOLE, diagnosed
from scoring.archives import opened
from scoring.labelled import Labelled, labelled_runs
from scoring.tables import table

import rundoctor
from rundoctor.diagnosis import Outcome, all_rules, arranged, examine
from rundoctor.facts import FactBook
from rundoctor.model import Rule

FACTORS = (0.5, 0.7, 0.85, 1.2, 1.4, 2.0)
HIT, ALARM = "hits", "alarms"


class Moved(NamedTuple):
    """A limit and the factor on it."""

    limit: str
    value: float
    factor: float


class Change(NamedTuple):
    """What a moved limit did to one log."""

    moved: Moved
    of: str
    by: int


def moved_rules() -> Iterator[tuple[int, Moved, Rule]]:
    """Every rule with one limit moved, and its place among all rules."""
    for place, rule in enumerate(all_rules()):
        for field, value in rule.limits._asdict().items() if rule.limits else ():
            for factor in FACTORS if value else ():
                new = type(value)(round(value * factor) if isinstance(value, int) else value * factor)
                moved = Moved(f"{rule.name}.{field}", value, factor)
                yield place, moved, replace(rule, limits=rule.limits._replace(**{field: new}))


def changes(run: Labelled) -> list[Change]:
    """What of one log's answer hangs on a limit."""
    seen = rundoctor.read_run(run.place)
    book = FactBook(seen)
    usual = [examine(rule, book) for rule in all_rules()]

    def right(outcomes: list[Outcome]) -> bool:
        """Of a healthy log, whether it gets a cause."""
        answer = diagnosed(run, WHOLE, seen, arranged(outcomes, book))
        return answer.hit(1) if run.accept else bool(answer.causes)

    before, found = right(usual), []
    for place, moved, rule in moved_rules():
        outcome = examine(rule, book)
        if _placing(outcome) == _placing(usual[place]):
            continue
        after = right([*usual[:place], outcome, *usual[place + 1 :]])
        if after != before:
            found.append(Change(moved, HIT if run.accept else ALARM, after - before))
    return found


def _placing(outcome: Outcome) -> list[tuple[object, ...]]:
    """What of the findings decides their place; their evidence names the limit itself."""
    return [(one.finding.binding, one.finding.acquitted, one.finding.about) for one in outcome.found]


def page(found: list[Change], logs: list[Labelled]) -> str:
    """The table, a row a limit."""
    counts = Counter[tuple[Moved, str]]()
    for change in found:
        counts[change.moved, change.of] += change.by
    rows = [
        [f"`{limit}`", f"{value:.3g}", *(_cell(counts, Moved(limit, value, factor)) for factor in FACTORS)]
        for limit, value in sorted({(change.moved.limit, change.moved.value) for change in found})
    ]
    sick = sum(bool(run.accept) for run in logs)
    told = (
        f"Each limit moved alone: hits lost or won among {sick} logs of faults that did damage, and alarms among "
        f"{len(logs) - sick} healthy ones (`benchmarks/limit_margins.py`)."
    )
    head = ["limit", "value", *(f"x {factor:g}" for factor in FACTORS)]
    return f"## What hangs on the thresholds\n\n{told}\n\n{table(head, rows)}\n"


def _cell(counts: Counter[tuple[Moved, str]], moved: Moved) -> str:
    hits, alarms = counts[moved, HIT], counts[moved, ALARM]
    return ", ".join([f"{hits:+d}"] * bool(hits) + [f"{alarms:+d} {ALARM}"] * bool(alarms))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).parent / "runs", metavar="ROOT")
    parser.add_argument("--write", action="store_true", help="into docs/accuracy.md")
    asked = parser.parse_args()
    with opened(asked.root) as root, ProcessPoolExecutor(os.cpu_count()) as pool:
        logs = [
            run
            for run in labelled_runs(root, "tuning")
            if run.group == "healthy" or (run.group == "effective" and run.accept)
        ]
        several = track(pool.map(changes, logs, chunksize=8), "logs", total=len(logs), console=Console(stderr=True))
        text = page([change for of_one in several for change in of_one], logs)
    print(text)
    if asked.write:
        accuracy_page.put("margins", text)


if __name__ == "__main__":
    main()
