"""What is wrong with the config file itself."""

from __future__ import annotations

from rundoctor.facts import fact
from rundoctor.model import ConfigFlaw, Missing, Run


@fact
def config_flaws(run: Run) -> tuple[ConfigFlaw, ...] | Missing:
    if run.config is None:
        return Missing(reason="there is no readable config", log="keep the config beside the log")
    return run.config.flaws
