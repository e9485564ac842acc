"""What to type after a report."""

from __future__ import annotations

import os.path
import shlex

from rundoctor.model import Config, Report, Run
from rundoctor.model.replay import Mode
from rundoctor.safe_text import safe

_FOUND_UNASKED = ("config.yaml", "config.yml", "args.yml")


def next_commands(report: Report) -> list[tuple[str, str]]:
    """Return the commands worth typing now, each with what it does."""
    place = _place(report.run)
    commands = []
    if report.replay is not None:
        if report.replay.mode is Mode.RECORDED:
            return [(f"rundoctor replay {place} --mode surrogate", "try the fixes in training")]
        if not report.patch.edits:
            return []
        return [(f"rundoctor patch {place} --replay", "print the change that the replay confirmed")]
    if report.patch.diff:
        commands.append((f"rundoctor patch {place}", "print the change; --apply writes it"))
        if report.diagnosis.symptoms:
            commands.append((f"rundoctor replay {place}", "try it first, beside the other fixes; about a minute"))
    for found in (*report.diagnosis.causes, *report.diagnosis.hazards, *report.diagnosis.symptoms)[:1]:
        commands.append((f"rundoctor explain {found.rule}", "what it is, why it hurts"))
    others = [read.another for read in report.run.inputs if read.another]
    if others:
        more = f", and {len(others) - 1} more beside it" if len(others) > 1 else ""
        commands.append((f"rundoctor {safe(shlex.quote(others[0]))}", f"another log that lies here{more}"))
    return commands


def _place(run: Run) -> str:
    """Return the run as shell arguments, with the config where rundoctor would not find it by itself."""
    words = [shlex.quote(run.path)]
    if run.config is not None and not _is_found(run.config, run.path):
        words += ["--config", shlex.quote(run.config.path)]
    if run.source:
        words += ["--source", shlex.quote(run.source)]
    for metric, column in run.mapped.items():
        words += ["--map", shlex.quote(f"{metric}={column}")]
    return safe(" ".join(words))


def _is_found(config: Config, path: str) -> bool:
    """Whether the config is the one that lies in the run's directory, or beside the file that was named."""
    if config.was_found:
        return True
    run, found = os.path.abspath(path), os.path.abspath(config.path)
    beside = os.path.dirname(found) in (run, *([] if os.path.isdir(run) else [os.path.dirname(run)]))
    return found == run or (beside and (config.patched_since or os.path.basename(found)) in _FOUND_UNASKED)
