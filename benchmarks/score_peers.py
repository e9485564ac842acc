"""Ask other tools about the Stable-Baselines3 logs of the benchmark, beside rundoctor on the same logs.

    python benchmarks/score_peers.py PROGRAMS [ROOT] [--split tuning|test] [--sample N] [--write]

PROGRAMS is the bin folder of an environment of their own with zen-rl, rldoctor, runmedic, trainspotter, losslint and
trainproof from PyPI; what is not there is left out. --write puts the table into docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

from rich.console import Console
from rich.progress import track
from scoring import accuracy_page
from scoring.answers import WHOLE, Answer, Said, answers
from scoring.archives import opened
from scoring.labelled import Labelled, labelled_runs
from scoring.peers import PEERS, Peer, ask
from scoring.tables import breakdown


def sample(runs: Sequence[Labelled], count: int) -> list[Labelled]:
    """Effective faults with an accepted name, and healthy runs, half and half, drawn by name."""
    logs = sorted((run for run in runs if run.format == "sb3"), key=lambda run: crc32(run.name.encode()))
    sick = [run for run in logs if run.group == "effective" and run.accept]
    healthy = [run for run in logs if run.group == "healthy"]
    return sick[: count // 2] + healthy[: count // 2]


def said_by(peer: Peer, programs: Path, runs: Sequence[Labelled]) -> list[Answer]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda run: ask(peer, programs, run.place), runs)
        named = track(found, peer.name, total=len(runs), console=Console(stderr=True))
        return [Answer(run, peer.name, tuple(map(Said, causes))) for run, causes in zip(runs, named, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=Path)
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).parent / "runs", metavar="ROOT")
    parser.add_argument("--split", choices=("tuning", "test"), default="tuning")
    parser.add_argument("--sample", type=int, default=60, help="logs, half of them of healthy runs")
    parser.add_argument("--write", action="store_true", help="into docs/accuracy.md")
    asked = parser.parse_args()
    with opened(asked.root) as root:
        runs = sample(list(labelled_runs(root, asked.split)), asked.sample)
        said = [
            one
            for peer in PEERS
            if (asked.programs / peer.call[0]).exists()
            for one in said_by(peer, asked.programs, runs)
        ]
        said = [*answers(runs, [WHOLE]), *said]
    text = breakdown("judge", said, lambda one: "rundoctor" if one.judge == WHOLE else one.judge)
    print(text)
    if asked.write:
        head = f"### Other tools, {len(runs)} Stable-Baselines3 logs of the {asked.split} split"
        accuracy_page.put(f"peers, {asked.split}", f"{head}\n\n{text}\n")


if __name__ == "__main__":
    main()
