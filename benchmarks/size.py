"""How reading scales: ``read_run`` against the fastest JSON parsers of PyPI, on the same bytes, in one run.

    python benchmarks/size.py --rows 1000000

writes a loss log (indented, as the trainer does) and a log of episodes with four reward components, and prints the
time, the memory on top of the interpreter's, and the cost of a row at a tenth of the size. Each measurement is a
process of its own; the measurements of a round follow each other, and the median over the rounds counts. The bar: at
most 3 times the time of the fastest parser that gives Python values, and at most 4 times the bytes in memory.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COMPONENTS = ("distance_reward", "delete_reward", "spawn_reward")
FILES = {"loss": "loss_metrics.json", "episodes": "reward_components_stats.json"}
TIME_BAR, MEMORY_BAR = 3.0, 4.0


def loss_row(row: int, draw: random.Random) -> dict[str, Any]:
    loss = draw.lognormvariate(8, 1)
    best = draw.gauss(300, 50) if row else None
    name = f"best_model_batch{row // 10 * 10}.pt" if row else None
    fields = ("episode", "batch", "loss", "smoothed_loss", "best_reward", "checkpoint_filename")
    return dict(zip(fields, (100 * row + 49, row, loss, 0.9 * loss, best, name), strict=True))


def statistics_of(count: int, draw: random.Random) -> dict[str, Any]:
    mean, spread = draw.gauss(0, 1), draw.random()
    low, high = mean - 2 * spread, mean + 2 * spread
    return {"count": count, "mean": mean, "std": spread, "min": low, "max": high, "sum": count * mean}


def episode_row(row: int, draw: random.Random) -> dict[str, Any]:
    count = draw.randint(10, 1000)
    parts = {name: statistics_of(count, draw) for name in ("total_reward", *COMPONENTS)}
    head = {"episode": row, "timestamp": 1.7e9 + row, "reward_components": parts}
    return head | {"recent_total_loss": draw.lognormvariate(8, 1) if row > 99 else None, "learning_rate": 3e-4}


def write(path: Path, rows: int, make: Callable[[int, random.Random], dict[str, Any]], indent: int | None) -> None:
    """Write what ``json.dump(rows, file, indent=indent)`` writes, one row at a time."""
    draw = random.Random(0)
    gap = "\n  " if indent else " "
    with path.open("w") as file:
        file.write("[\n  " if indent else "[")
        for row in range(rows):
            text = json.dumps(make(row, draw), indent=indent)
            file.write(("," + gap if row else "") + (text.replace("\n", "\n  ") if indent else text))
        file.write("\n]" if indent else "]")


def make_run(directory: Path, kind: str, rows: int) -> None:
    directory.mkdir()
    if kind == "loss":
        write(directory / FILES[kind], rows, loss_row, indent=2)
    else:
        write(directory / FILES[kind], rows, episode_row, indent=None)


def read_with(parser: str, file: Path) -> Callable[[], Any]:
    """Return the work to be timed; the imports are done here, before the clock runs."""
    if parser == "rundoctor":
        from rundoctor.discover import discover
        from rundoctor.frameworks import Framework
        from rundoctor.readers import Reader
        from rundoctor.reading import read_run

        discover("rundoctor.readers", Reader), discover("rundoctor.frameworks", Framework)
        return lambda: read_run(file)
    if parser == "orjson":
        import orjson

        return lambda: orjson.loads(file.read_bytes())
    if parser == "msgspec":
        import msgspec

        return lambda: msgspec.json.decode(file.read_bytes())
    import simdjson

    if parser == "pysimdjson, lazy":
        return lambda: simdjson.Parser().parse(file.read_bytes())
    return lambda: simdjson.Parser().parse(file.read_bytes(), True)


def measure(parser: str, file: Path) -> dict[str, float]:
    """Time one read and take the memory it needed on top of what was in use, in this process."""
    work = read_with(parser, file)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds, busy = time.perf_counter() - start, time.process_time() - cpu
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    del result
    return {"seconds": seconds, "cpu": busy, "megabytes": kilobytes / 1024}


def measure_apart(parser: str, file: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", parser, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{parser}: {done.stderr.strip().splitlines()[-1]}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def into_the_page_cache(file: Path) -> None:
    """Read the file in small pieces: a child process inherits the peak memory of its parent."""
    with file.open("rb") as stream:
        while stream.read(1 << 20):
            pass


PARSERS = ("rundoctor", "orjson", "msgspec", "pysimdjson")


def compare(file: Path, rows: int, rounds: int) -> dict[str, dict[str, float]]:
    """Measure all parsers in turn, round after round; return medians."""
    parsers = (*PARSERS, "pysimdjson, lazy")
    table: dict[str, list[dict[str, float]]] = {parser: [] for parser in parsers}
    into_the_page_cache(file)
    for _ in range(rounds):
        for parser in parsers:
            table[parser].append(measure_apart(parser, file))
    size = file.stat().st_size / 2**20
    print(f"\n{file.name}: {rows:,} rows, {size:.0f} MB, median of {rounds}")
    medians = {}
    for parser, runs in table.items():
        medians[parser] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        middle = medians[parser]
        per_row, share = 1e6 * middle["seconds"] / rows, middle["megabytes"] / size
        print(
            f"  {parser:<17} {middle['seconds']:7.2f} s wall {middle['cpu']:7.2f} s cpu {per_row:7.2f} us a row"
            f" {middle['megabytes']:7.0f} MB, {share:.2f} x the bytes"
        )
    return medians


def judge(small: dict[str, dict[str, float]], large: dict[str, dict[str, float]], rows: int, file: Path) -> bool:
    fastest = min(PARSERS[1:], key=lambda parser: large[parser]["seconds"])
    ratio = large["rundoctor"]["seconds"] / large[fastest]["seconds"]
    memory = large["rundoctor"]["megabytes"] * 2**20 / file.stat().st_size
    growth = large["rundoctor"]["cpu"] / rows / (small["rundoctor"]["cpu"] / (rows // 10))
    print(
        f"  time: {ratio:.2f} x {fastest}, the fastest (bar {TIME_BAR:g}); memory: {memory:.2f} x (bar {MEMORY_BAR:g});"
    )
    print(f"  a row costs {growth:.2f} x the processor time that it costs at {rows // 10:,} rows")
    return ratio <= TIME_BAR and memory <= MEMORY_BAR


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs=2, metavar=("PARSER", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure[0], Path(options.measure[1]))))
        return
    met = []
    with tempfile.TemporaryDirectory() as place:
        for kind, name in FILES.items():
            small, large = Path(place, f"{kind}-small"), Path(place, kind)
            make_run(small, kind, options.rows // 10)
            make_run(large, kind, options.rows)
            tenth = compare(small / name, options.rows // 10, options.rounds)
            met.append(judge(tenth, compare(large / name, options.rows, options.rounds), options.rows, large / name))
            (large / name).unlink()
    sys.exit(0 if all(met) else "the bar is missed")


if __name__ == "__main__":
    main()
