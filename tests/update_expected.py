"""Compare the fixtures' expected.json with what the program says now, and rewrite them on request.

Usage: python tests/update_expected.py [--write]
Prints a diff; only --write changes files. ``accept`` is kept: it is written by hand.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.test_fixtures import FIXTURES, NAMES, observed


def update(name: str, write: bool) -> str:
    """Return the diff of one fixture's expectation, and write the new one when asked."""
    file = FIXTURES / name / "expected.json"
    old = file.read_text(encoding="utf-8") if file.is_file() else "{}\n"
    new = json.dumps({"accept": json.loads(old).get("accept", []), **observed(name)}, indent=2) + "\n"
    if write:
        file.write_text(new, encoding="utf-8")
    path = f"fixtures/{name}/expected.json"
    return "".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), path, path))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="rewrite the files that differ")
    write = parser.parse_args().write
    changes = [diff for name in NAMES if (diff := update(name, write))]
    print("".join(changes) or "nothing changed")
    return 1 if changes and not write else 0


if __name__ == "__main__":
    sys.exit(main())
