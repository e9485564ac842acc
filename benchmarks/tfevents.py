"""Reading a TensorBoard event file: rundoctor's reader against TensorBoard's own ``EventAccumulator``.

    python benchmarks/tfevents.py [--megabytes 100] [--pairs 1] [--bar 5] [FILE]

The file, unless one is given, is what ``torch.utils.tensorboard`` writes for twenty scalars, its records repeated until
the size is reached. The two readers run in turn, each in a process of its own, and both keep every point. The first
and the last point of every tag must be the same. Exit code 1 when they differ, when the median ratio of the times is
below the bar, or when rundoctor takes more memory over its imports than the share of the file that is numbers allows.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TAGS = [f"{part}/{name}" for part in ("rollout", "train", "losses", "charts") for name in ("a", "bb", "ccc", "dd", "e")]
MEGABYTE = 1 << 20
MOST_MEMORY = 0.6
"""Bytes of memory for one of the file: a point is 12 bytes of the 70 or so that its record has, and a list of them
grows by doubling."""
OURS = """
from rundoctor.readers.event_records import Records
from rundoctor.readers.event_values import Events
from rundoctor.readers.tally import Tally
def read(path):
    events = Events()
    with open(path, "rb") as stream:
        for payloads in Records(stream, Tally()).chunks():
            events.add(payloads)
    return {tag: (series.step, series.value) for tag, series in events.scalars.items()}
"""
THEIRS = """
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
def read(path):
    events = EventAccumulator(path, size_guidance={"scalars": 0, "tensors": 0})
    events.Reload()
    points = {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}
    return {tag: ([one.step for one in found], [one.value for one in found]) for tag, found in points.items()}
"""
MEASURE = """
import json, sys, time
def peak():
    with open("/proc/self/status") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
before, start = peak(), time.perf_counter()
found = read(sys.argv[1])
seconds = time.perf_counter() - start
memory = peak() - before
ends = {tag: [len(step), step[0], step[-1], value[0], value[-1]] for tag, (step, value) in found.items()}
print(json.dumps({"seconds": seconds, "memory": memory, "ends": ends}))
"""


def write(path: Path, size: int) -> None:
    """Write an event file of at least this size."""
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder:
        writer = SummaryWriter(folder)
        for step in range(1000):
            for place, tag in enumerate(TAGS):
                writer.add_scalar(tag, step / (place + 1), 2048 * step)
        writer.close()
        written = next(Path(folder).iterdir()).read_bytes()
    first = 16 + int.from_bytes(written[:8], "little")
    with path.open("wb") as stream:
        stream.write(written)
        for _ in range(size // (len(written) - first)):
            stream.write(written[first:])


def measured(reader: str, path: Path) -> dict:
    """Read the file in a fresh process: seconds, bytes of memory, and both ends of each tag."""
    command = [sys.executable, "-c", reader + MEASURE, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description="Reading an event file, against TensorBoard.")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--bar", type=float, default=5.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder, "events.out.tfevents.0")
        if not options.file:
            write(path, options.megabytes * MEGABYTE)
        size = path.stat().st_size
        pairs = [(measured(OURS, path), measured(THEIRS, path)) for _ in range(options.pairs)]
    same = all(ours["ends"] == theirs["ends"] for ours, theirs in pairs)
    ratio = statistics.median(theirs["seconds"] / ours["seconds"] for ours, theirs in pairs)
    points = sum(end[0] for end in pairs[0][0]["ends"].values())
    print(f"file                {size / MEGABYTE:.0f} MB, {points:,} points of {len(pairs[0][0]['ends'])} tags")
    for name, one in zip(("rundoctor", "EventAccumulator"), pairs[0], strict=True):
        print(f"{name:<19} {one['seconds']:.2f} s, {one['memory'] / MEGABYTE:.0f} MB of memory over its imports")
    print(f"ratio               {ratio:.1f}, bar {options.bar}, {options.pairs} pair(s)")
    print(f"the same points     {'yes' if same else 'NO'}")
    sys.exit(not same or ratio < options.bar or pairs[0][0]["memory"] > MOST_MEMORY * size + 64 * MEGABYTE)


if __name__ == "__main__":
    main()
