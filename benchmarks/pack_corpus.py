"""Pack trained runs for the repository: RUNS/NAME/... to one archive a task in benchmarks/runs, byte for byte the same.

python benchmarks/pack_corpus.py RUNS
"""

from __future__ import annotations

import sys
from pathlib import Path

from scoring.archives import pack

if __name__ == "__main__":
    for path in pack(Path(sys.argv[1]), Path(__file__).parent / "runs"):
        print(f"{path.name} {path.stat().st_size / 1e3:.0f} kB")
