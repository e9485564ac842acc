"""Train the labelled runs of the benchmark, every fault and its healthy twin, in two formats.

    python benchmarks/train_corpus.py OUT [--only TEXT] [--jobs N] [--seconds S]

OUT/NAME gets ``files/`` (rundoctor's three files), ``sb3/`` (what the RL Baselines3 Zoo leaves behind) and label.json.
A run that is there already is kept, so an interrupted call goes on where it stopped; labels come last, since they need
the twin. Needs the bench extra.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from zlib import crc32

os.environ.setdefault("OMP_NUM_THREADS", "1")

from corpus.labels import label, usual
from corpus.plan import Planned, everything
from corpus.tasks import TASKS
from rich.progress import Progress

CURVE = "curve.json"


def train(planned: Planned, out: Path) -> str:
    """Train one run and leave its files, the curve last: with it a run is complete."""
    from corpus import by_core, by_sb3, sb3_files, three_files

    job, place = planned.job, out / planned.job.name
    shutil.rmtree(place, ignore_errors=True)
    (place / "sb3").mkdir(parents=True)
    record = by_sb3.train(job, place / "sb3") if job.trainer == "sb3" else by_core.train(job)
    three_files.write(place / "files", job, record)
    sb3_files.write_config(place / "sb3", job)
    if job.trainer == "core":
        sb3_files.write_progress(place / "sb3", job, record)
    (place / CURVE).write_text(json.dumps(record.curve(TASKS[job.task].updates)))
    return record.died


def write_labels(runs: list[Planned], out: Path) -> Iterator[str]:
    """Label what is trained; the names of what is not."""
    curves = {run.job.name: json.loads(text) for run in runs if (text := _curve(out, run.job.name))}
    healthy: dict[tuple[str, str], list[list[float | None]]] = {}
    for run in runs:
        if not run.fault and run.job.name in curves:
            healthy.setdefault((run.job.task, run.job.trainer), []).append(curves[run.job.name])
    levels = {task: usual(found) for task, found in healthy.items()}
    for run in runs:
        name, twin = run.job.name, run.twin or run.job.name
        if {name, twin} <= curves.keys():
            died = len(json.loads((out / name / "files" / "loss_metrics.json").read_text())) < len(curves[name])
            said = label(run, curves[name], curves[twin], levels[run.job.task, run.job.trainer], died)
            (out / name / "label.json").write_text(json.dumps(said, indent=1))
        else:
            yield name


def _curve(out: Path, name: str) -> str:
    path = out / name / CURVE
    return path.read_text() if path.exists() else ""


def main() -> None:
    """Train and label what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", metavar="TEXT", help="the runs whose name holds the text")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=float("inf"), help="start no run after so long")
    asked = parser.parse_args()
    runs = [planned for planned in everything() if asked.only in planned.job.name]
    missing = [planned for planned in runs if not (asked.out / planned.job.name / CURVE).exists()]
    missing.sort(key=lambda planned: (bool(planned.fault), crc32(planned.job.name.encode())))
    start = time.monotonic()
    with Progress() as progress, ProcessPoolExecutor(asked.jobs) as pool:
        bar = progress.add_task("runs", total=len(missing))
        under_way = {
            pool.submit(_train_in_time, planned, asked.out, start + asked.seconds): planned for planned in missing
        }
        for done in as_completed(under_way):
            progress.advance(bar)
            if error := done.exception():
                progress.console.print(f"{under_way[done].job.name}: {error!r}")
    print(f"{len(runs)} runs, not labelled: {len(list(write_labels(runs, asked.out)))}")


def _train_in_time(planned: Planned, out: Path, deadline: float) -> None:
    if time.monotonic() < deadline:
        train(planned, out)


if __name__ == "__main__":
    main()
