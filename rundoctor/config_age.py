"""Which config a log was trained with, when the config has been patched since.

``rundoctor patch --apply`` keeps the old config beside the new one. Until the next training run writes a newer log, the
log belongs to the old one: judged with the new one it would accuse a setting that was not in force.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path


def config_of_log(config: Path, logs: Iterable[Path]) -> Path:
    """Return the config that was in force when the logs were last written.

    Args:
        config: the config as it stands now.
        logs: the log files of the run.

    Returns:
        the first backup made after the logs were written, where the config is newer than they are; else the config.
    """
    try:
        written = max((log.stat().st_mtime for log in logs), default=0.0)
        if not written or config.stat().st_mtime <= written:
            return config
        real = Path(os.path.realpath(config))
        beside = real.parent.glob(f"{glob.escape(real.name)}.bak*")
        backups = [(path.stat().st_mtime, path) for path in beside if path.is_file()]
    except OSError:
        return config
    return min(((made, path) for made, path in backups if made > written), default=(0.0, config))[1]
