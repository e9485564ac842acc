"""How often is a placebo called helps or hurts: the same run replayed many times, each time with other noise.

    python benchmarks/replay_placebo.py fixtures/seed_case [--replays 100] [--updates 12] [--jobs 2]

The placebo is the unchanged run with fresh noise, so every call is a false one. Each replay tries one fix beside it:
few arms make narrow intervals, the hardest case. Rows are appended to the CSV as they come; what is there is kept.
"""

from __future__ import annotations

import argparse
import csv
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from scipy.stats import binomtest

import rundoctor
from rundoctor.model.replay import Effect

CALLS = (Effect.HELPS.value, Effect.HURTS.value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("--replays", type=int, default=100)
    parser.add_argument("--updates", type=int, default=12)
    parser.add_argument("--fix", default="normalize-returns")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table", type=Path, default=Path(__file__).with_name("replay_placebo.csv"))
    asked = parser.parse_args()
    name = Path(asked.run).name
    done = {int(row[2]) for row in rows(asked.table, name, asked.updates)}
    missing = [seed for seed in range(asked.replays) if seed not in done]
    with ProcessPoolExecutor(asked.jobs) as pool:
        under_way = {pool.submit(called, asked.run, asked.fix, asked.updates, seed): seed for seed in missing}
        for ended in as_completed(under_way):
            with asked.table.open("a", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow([name, asked.updates, under_way[ended], *ended.result()])
            print(under_way[ended], *ended.result(), flush=True)
    verdicts = [row[3] for row in rows(asked.table, name, asked.updates)]
    judged = [verdict for verdict in verdicts if verdict != "not reproduced"]
    calls = sum(verdict in CALLS for verdict in judged)
    interval = binomtest(calls, len(judged)).proportion_ci(method="exact")
    print(f"{calls} of {len(judged)} placebos called ({interval.low:.1%} to {interval.high:.1%}), 95 % Clopper-Pearson")


def called(place: str, fix: str, updates: int, seed: int) -> tuple[str, float | str]:
    """What one replay calls the placebo, and its mean difference to the control."""
    found = rundoctor.replay(rundoctor.read_run(place), (fix,), seed=seed, updates=updates, jobs=1)
    placebo = found.trial("placebo")
    mean = placebo.difference.mean if placebo and placebo.difference else ""
    return placebo.verdict.value if placebo else "not reproduced", mean


def rows(table: Path, name: str, updates: int) -> list[list[str]]:
    if not table.exists():
        return []
    with table.open(newline="") as file:
        return [row for row in csv.reader(file) if row[:2] == [name, str(updates)]]


if __name__ == "__main__":
    main()
