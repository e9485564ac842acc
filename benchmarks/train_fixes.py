"""Train sick runs with every fix that applies: the truth about which fix helps.

    python benchmarks/train_fixes.py benchmarks [--only TEXT] [--controls]

The directory gets fidelity_truth.csv, a row a run, and in fidelity_runs/ the files of each case's control of seed 0,
from which rundoctor computes the edits of the arms. A run whose row is there already is kept, so an interrupted call
goes on where it stopped. The cases stand in truth/cases.py. Needs the bench extra.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from truth.cases import CASES
from truth.plan import train, treated, untreated
from truth.table import Table


def main() -> None:
    """Train what is not there yet, case by case; the control comes first, since the arms follow from its log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", metavar="TEXT", help="the cases whose name holds the text")
    parser.add_argument("--controls", action="store_true", help="references and controls alone, no fix")
    parser.add_argument("--seeds", type=int, default=4)
    asked = parser.parse_args()
    table = Table(asked.out / "fidelity_truth.csv")
    for case in (case for case in CASES if asked.only in case.name):
        train(case, untreated(case, asked.seeds, asked.out), table)
        if not asked.controls:
            train(case, treated(case, asked.seeds, asked.out), table)


if __name__ == "__main__":
    main()
