"""Apply the patch, train again: how many faults it cures, beside no patch, the fault undone, chance and a fixed order.

    python benchmarks/cure.py replay CORPUS [--seconds S]                          replays what cure_replay.csv lacks
    python benchmarks/cure.py train CORPUS [--seeds N] [--jobs N] [--seconds S]    trains what cure.csv lacks
    python benchmarks/cure.py score [--write]                                      prints the tables from it

CORPUS is what train_corpus.py left; its sick and healthy runs are seed 0 of their arms. The arms are trained one after
the other. A patch that has changed since is trained anew. --write puts the tables into docs/accuracy.md. Training
needs the bench extra.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from corpus.job import Job
from corpus.labels import Curve
from rich.progress import Progress, track
from scoring import accuracy_page
from treated import cured
from treated.arms import ARMS, DIAGNOSIS, REPLAY, edits_of
from treated.cases import Corpus
from treated.replayed import Answers, key_of, replayed
from treated.rows import Table, copied, row_of
from treated.training import Treated, identity, train

TABLE, REPLAYS = (Path(__file__).with_name(name) for name in ("cure.csv", "cure_replay.csv"))


def plan(corpus: Corpus, answers: Answers, seeds: int) -> list[Treated]:
    """Every run, in the order of training; of the replay those whose answer is known."""
    prescribed = []
    for case in corpus.cases():
        edits = edits_of(case)
        after = answers.edits(key_of(case, edits[DIAGNOSIS]))
        prescribed.append((case, edits if after is None else edits | {REPLAY: after}))
    return [
        Treated(case, arm, seed, edits[arm])
        for arm in ARMS
        for seed in range(seeds)
        for case, edits in prescribed
        if arm in edits
    ]


def replay_missing(corpus: Corpus, answers: Answers, deadline: float) -> None:
    """Replay the cases, one after the other on all cores."""
    wanted = [(case, edits_of(case)[DIAGNOSIS]) for case in corpus.cases()]
    answers.keep(key_of(case, diagnosis) for case, diagnosis in wanted)
    for case, diagnosis in track([one for one in wanted if answers.edits(key_of(*one)) is None], "replays"):
        if time.monotonic() < deadline:
            answers.add(replayed(case, diagnosis))


def missing(planned: list[Treated], table: Table) -> list[list[Treated]]:
    """What the table lacks; arms that train the same run stand together."""
    known = {row.key for row in table.rows}
    groups: dict[str, list[Treated]] = {}
    for treated in planned:
        if treated.key not in known:
            groups.setdefault(identity(treated.job), []).append(treated)
    return list(groups.values())


def write(table: Table, group: list[Treated], curve: Curve, died: str) -> None:
    for treated in group:
        table.add(row_of(treated, curve, died or treated.note))


def from_table(groups: list[list[Treated]], planned: list[Treated], table: Table) -> list[list[Treated]]:
    """Copy the rows of arms that train a run of the table; the others."""
    by_key = {row.key: row for row in table.rows}
    known = {identity(treated.job): by_key[treated.key] for treated in planned if treated.key in by_key}
    rest = []
    for group in groups:
        same = known.get(identity(group[0].job))
        for treated in group if same else ():
            table.add(copied(same, treated))
        rest += [] if same else [group]
    return rest


def from_corpus(groups: list[list[Treated]], corpus: Corpus, table: Table) -> list[list[Treated]]:
    """Write the rows of what the corpus holds; the others."""
    rest = []
    for group in groups:
        case, wanted = group[0].case, identity(group[0].job)
        name = next((one.job.name for one in (case.sick, case.twin) if identity(one.job) == wanted), "")
        if name:
            write(table, group, corpus.curve(name), "died" if corpus.died(name) else "")
        else:
            rest.append(group)
    return rest


def train_missing(groups: list[list[Treated]], table: Table, jobs: int, deadline: float) -> None:
    """Train one run a group, in order, and write it down as it ends."""
    with Progress() as progress, ProcessPoolExecutor(jobs) as pool:
        bar = progress.add_task("runs", total=len(groups))
        under_way = {pool.submit(_in_time, group[0].job, deadline): group for group in groups}
        for done in as_completed(under_way):
            progress.advance(bar)
            if error := done.exception():
                progress.console.print(f"{under_way[done][0].key}: {error!r}")
            elif trained := done.result():
                write(table, under_way[done], *trained)


def _in_time(job: Job, deadline: float) -> tuple[Curve, str] | None:
    return train(job) if time.monotonic() < deadline else None


def main() -> None:
    """Replay, train or score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    replaying, training = steps.add_parser("replay"), steps.add_parser("train")
    for step in (replaying, training):
        step.add_argument("corpus", type=Path)
        step.add_argument("--seconds", type=float, default=float("inf"), help="begin nothing after so long")
    training.add_argument("--seeds", type=int, default=3)
    training.add_argument("--jobs", type=int, default=os.cpu_count())
    steps.add_parser("score").add_argument("--write", action="store_true", help="into docs/accuracy.md")
    asked = parser.parse_args()
    table, answers = Table(TABLE), Answers(REPLAYS)
    if asked.step == "replay":
        replay_missing(Corpus(asked.corpus), answers, time.monotonic() + asked.seconds)
    elif asked.step == "train":
        corpus = Corpus(asked.corpus)
        planned = plan(corpus, answers, asked.seeds)
        table.keep(treated.key for treated in planned)
        groups = from_table(missing(planned, table), planned, table)
        groups = from_corpus(groups, corpus, table)
        train_missing(groups, table, asked.jobs, time.monotonic() + asked.seconds)
        table.sort()
    else:
        print(text := cured.page(table.rows))
        if asked.write:
            accuracy_page.put("cure", text)


if __name__ == "__main__":
    main()
