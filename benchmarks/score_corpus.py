"""Diagnose the labelled runs and say how often that is right.

    python benchmarks/score_corpus.py [ROOT] [--split tuning|test] [--name TITLE] [--write]

ROOT holds runs with label.json, or archives of them; without it those of benchmarks/runs are taken. --write puts the
tables into their place in docs/accuracy.md. Every scoring of the test split is written down in benchmarks/scored.csv,
whether it is liked or not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from scoring import accuracy_page, ledger
from scoring.answers import answers
from scoring.archives import opened
from scoring.labelled import labelled_runs
from scoring.tables import figures, page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).parent / "runs", metavar="ROOT")
    parser.add_argument("--split", choices=("tuning", "test"), default="tuning")
    parser.add_argument("--name", help="name of the set, where it is not the split")
    parser.add_argument("--write", action="store_true", help="into docs/accuracy.md")
    asked = parser.parse_args()
    with opened(asked.root) as root:
        said = list(answers(list(labelled_runs(root, asked.split))))
    if any(one.run.split == "test" for one in said):
        ledger.append(figures(said))
    name = asked.name or asked.split
    print(text := page(said))
    if asked.write:
        accuracy_page.put(name, text)


if __name__ == "__main__":
    main()
