"""Does a replay predict what real training finds? Its verdicts against the table of train_fixes.py.

    python benchmarks/fidelity.py replay [--part ...] [--jobs 2]           replays the sick runs, fidelity_replay.csv
    python benchmarks/fidelity.py score  [--part tuning|held-out|all]      prints the figures

Pairwise agreement is over pairs of arms that the training tells apart (95 % paired interval over seeds); pairs of one
case hang together, so the interval of the share is narrower than it should be. The first choice is the arm with the
highest predicted difference. Harmful: the upper bound of the true difference lies below -5 % of the healthy
improvement. A replay that is there already is kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
from truth.agreement import CONTROL, Prediction, Truth, Verdict, judge, share_interval
from truth.cases import TASKS
from truth.table import HEALTHY

HERE = Path(__file__).parent
TRUTH, REPLAYS, RUNS = HERE / "fidelity_truth.csv", HERE / "fidelity_replay.csv", HERE / "fidelity_runs"
COLUMNS = ("case", "arm", "mean", "low", "high", "verdict", "task")
NOT_REPRODUCED, NOTHING_FOUND = "not-reproduced", "nothing-found"
"""Answers without an arm: no task shows what the log shows, or the log shows nothing to reproduce."""
SMALL_REGRET = 0.10


def replay_case(path: Path) -> dict[str, Any]:
    """Return the ``replay`` part of rundoctor's JSON for a run; exit 3, nothing reproduced, is an answer too.

    A command that refuses before any replay prints nothing: the answer is then empty.
    """
    command = [sys.executable, "-m", "rundoctor", "replay", str(path), "--format", "json", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{path.name}: {done.stderr.strip()}")
    return json.loads(done.stdout)["replay"] if done.stdout else {"tasks": [], "trials": []}


def rows_of(case: str, replay: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one replay; one row without an arm where nothing was reproduced, or nothing was tried."""
    tasks = "+".join(task["name"] for task in replay["tasks"] if task["reproduced"])
    trials = [trial for trial in replay["trials"] if trial["arm"] == "fix" and trial["difference"]]
    rows = [
        {"case": case, "arm": trial["fix"], **trial["difference"], "verdict": trial["verdict"], "task": tasks}
        for trial in trials
    ]
    return rows or [{"case": case, "verdict": NOT_REPRODUCED if replay["tasks"] else NOTHING_FOUND, "task": tasks}]


def replay_all(part: str, jobs: int) -> None:
    """Replay the runs that have no row yet, several at once."""
    known = {row["case"] for row in _read(REPLAYS)} if REPLAYS.exists() else set()
    if not REPLAYS.exists():
        REPLAYS.write_text(",".join(COLUMNS) + "\n")
    wanted = [path for path in sorted(RUNS.iterdir()) if _wanted(path.name.split("__")[0], part)]
    with ThreadPoolExecutor(jobs) as pool:
        under_way = {pool.submit(replay_case, path): path.name for path in wanted if path.name not in known}
        for ended in as_completed(under_way):
            rows = rows_of(under_way[ended], ended.result())
            with REPLAYS.open("a", newline="") as stream:
                csv.DictWriter(stream, COLUMNS, lineterminator="\n").writerows(rows)
            print(f"{under_way[ended]}: {len(rows)} rows", flush=True)


def truths(part: str) -> list[Truth]:
    """The cases of the table that have a fix."""
    scores: dict[tuple[str, ...], dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    untrained: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in _read(TRUTH):
        if _wanted(row["task"], part):
            key = (row["task"], row["fault"], row["trainer"], row["trunk"])
            scores[key][row["arm"]][int(row["seed"])] = float(row["score"])
            untrained[key].append(float(row["untrained"]))
    cases = [_truth(key, scores, untrained) for key in scores if key[1] != HEALTHY]
    return [case for case in cases if len(case.scores) > 1]


def _truth(key: tuple[str, ...], scores: Any, untrained: Any) -> Truth:
    """A case; arms that lack a seed of the control are still in training and left out."""
    task, _, trainer, trunk = key
    healthy = (task, HEALTHY, trainer, trunk)
    seeds = sorted(scores[key][CONTROL])
    unit = np.mean(list(scores[healthy]["reference"].values())) - np.mean(untrained[healthy])
    arms = {
        arm: np.array([by_seed[seed] for seed in seeds])
        for arm, by_seed in scores[key].items()
        if by_seed.keys() >= {*seeds}
    }
    return Truth("__".join(key[:3]), arms, float(unit))


def predictions() -> dict[str, Prediction]:
    """By case. Where an arm has a row for each of several tasks, their mean; helpful is what helps on all."""
    rows: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in _read(REPLAYS) if REPLAYS.exists() else []:
        if row["arm"]:
            rows[row["case"]][row["arm"]].append(row)
    return {
        case: Prediction(
            {arm: float(np.mean([float(row["mean"]) for row in found])) for arm, found in arms.items()},
            {arm: _joint({row["verdict"] for row in found}) for arm, found in arms.items()},
        )
        for case, arms in rows.items()
    }


def _joint(verdicts: set[str]) -> str:
    return verdicts.pop() if len(verdicts) == 1 else "inconclusive"


def table(verdicts: Iterable[Verdict]) -> list[str]:
    """One line a case, Markdown."""
    lines = [
        "| case | pairs | answered | agreed | ceiling | first choice | regret | by lot | harmful, called helpful |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|---|")
    for one in verdicts:
        called = f"{one.harmful}, {len(one.called_helpful)} {' '.join(one.called_helpful)}".strip()
        numbers = f"{one.decided} | {one.answered} | {one.agreed} | {one.ceiling:.2f}"
        regrets = f"{one.choice or '-'} | {one.regret:.2f} | {one.blind_regret:.2f}"
        lines.append(f"| {one.case} | {numbers} | {regrets} | {called} |")
    return lines


def totals(verdicts: list[Verdict]) -> list[str]:
    """The figures over all cases."""
    answered = [one for one in verdicts if one.choice]
    decided = sum(one.decided for one in verdicts)
    ceiling = sum(one.ceiling * one.decided for one in verdicts if one.decided) / max(1, decided)
    harmful = sum(one.harmful for one in answered)
    blind = np.mean([one.blind_regret for one in answered]) if answered else float("nan")
    return [
        _share("pairs ranked as in training", sum(o.agreed for o in verdicts), sum(o.answered for o in verdicts)),
        f"pairs that training tells apart: {decided}; one half of the seeds ranks {ceiling:.0%} of them as the other",
        _share("cases with an answer", len(answered), len(verdicts)),
        _share(f"regret at most {SMALL_REGRET:.0%}", sum(o.regret <= SMALL_REGRET for o in answered), len(answered)),
        f"mean regret of a fix drawn by lot: {blind:.2f}",
        _share("harmful fixes called helpful", sum(len(one.called_helpful) for one in answered), harmful),
    ]


def _share(title: str, hits: int, trials: int) -> str:
    if not trials:
        return f"{title}: none to count"
    low, high = share_interval(hits, trials)
    return f"{title}: {hits} of {trials} = {hits / trials:.0%} (95 % interval {low:.0%} to {high:.0%})"


def _wanted(task: str, part: str) -> bool:
    return part == "all" or TASKS[task].tuning == (part == "tuning")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as rows:
        return list(csv.DictReader(rows))


def main() -> None:
    """Replay or score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["replay", "score"])
    parser.add_argument("--part", choices=["tuning", "held-out", "all"], default="tuning")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    if asked.step == "replay":
        replay_all(asked.part, asked.jobs)
        return
    said = predictions()
    verdicts = [judge(truth, said.get(truth.name, Prediction({}, {}))) for truth in truths(asked.part)]
    print("\n".join([*table(verdicts), "", *(f"- {line}" for line in totals(verdicts))]))


if __name__ == "__main__":
    main()
