"""What is wrong with the config file itself."""

from __future__ import annotations

from rundoctor.facts import fact
from rundoctor.model import ConfigFlaw, Missing, Run


@fact
def trainer_source(run: Run) -> str | Missing:
    """Where the trainer's source was read."""
    return run.source or Missing(reason="the trainer's source is not given", log="give its directory with --source")


@fact
def config_flaws(run: Run) -> tuple[ConfigFlaw, ...] | Missing:
    if run.config is None:
        return Missing(reason="there is no readable config", log="keep the config beside the log")
    return run.config.flaws
