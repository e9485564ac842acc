"""Settings inside a row of JSON Lines: RLlib writes its whole config into every row of ``result.json``.

The first row's is read, which is what the run was started with. The text is no file that could be patched.
"""

from __future__ import annotations

import json
from pathlib import Path

from rundoctor.model import Config
from rundoctor.readers.foreign.text_summary import config_of_json
from rundoctor.readers.json_rows import open_file

KEY = "config"
LONGEST_ROW_BYTES = 1 << 20


def config_in_row(path: Path) -> Config | None:
    """Return the config of the first row, None where it has none."""
    with open_file(path) as stream:
        line = stream.readline(LONGEST_ROW_BYTES)
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    config = row.get(KEY) if isinstance(row, dict) else None
    return config_of_json(path.name, str(path), json.dumps(config)) if isinstance(config, dict) else None
