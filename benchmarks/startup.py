"""Time to a first report: ``rundoctor diagnose`` on three files against importing what it stands on.

    python benchmarks/startup.py [--pairs 30] [--bar 1.5] [RUN]

The two commands run in turn, so that a busy machine slows both; each pair gives one ratio, and the median ratio is the
result. Python may write bytecode, as an installed package has it. Exit code 1 when the ratio is above the bar.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

BUNDLED = Path(__file__).parents[1] / "rundoctor" / "demo_run"
IMPORTS = "import click, rich.console, rich.table, numpy, yaml"
HEAVY = ("torch", "pandas", "scipy")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def seconds(arguments: list[str]) -> float:
    """Return the wall-clock time of one process that must not fail."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=ENVIRONMENT, check=True)
    return time.perf_counter() - start


def loaded(arguments: list[str]) -> list[str]:
    """Return which heavy packages one process imports."""
    found = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        text=True,
    )
    modules = {line.rsplit("|", 1)[-1].strip() for line in found.stderr.splitlines()}
    return [name for name in HEAVY if name in modules]


def quartiles(values: list[float], unit: str = "") -> str:
    """Return the median and the middle half."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.3f}{unit} (middle half {low:.3f} to {high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description="Time to a first report against bare imports.")
    parser.add_argument("run", nargs="?", default=str(BUNDLED))
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--bar", type=float, default=1.5)
    options = parser.parse_args()
    diagnose = ["-m", "rundoctor", "diagnose", options.run, "--fail-on", "never"]
    imports = ["-c", IMPORTS]
    seconds(diagnose), seconds(imports)
    pairs = [(seconds(diagnose), seconds(imports)) for _ in range(options.pairs)]
    ratio = [ours / bare for ours, bare in pairs]
    print(f"rundoctor diagnose   {quartiles([ours for ours, _ in pairs], ' s')}")
    print(f"bare imports         {quartiles([bare for _, bare in pairs], ' s')}")
    print(f"ratio                {quartiles(ratio)}, bar {options.bar}, {options.pairs} pairs")
    print(f"heavy packages       {', '.join(loaded(diagnose)) or 'none imported'}")
    sys.exit(statistics.median(ratio) > options.bar)


if __name__ == "__main__":
    main()
