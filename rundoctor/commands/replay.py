"""What ``rundoctor replay`` does: diagnose the run, then try its fixes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from rundoctor import treatment, wording
from rundoctor.commands import diagnose as command
from rundoctor.conversion import Unusable, convert
from rundoctor.errors import NothingToJudge, RundoctorError
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Patch, Refused, Report
from rundoctor.model.replay import Arm, Effect, Mode, Replay, Trial

if TYPE_CHECKING:
    from rundoctor.replaying.request import Request

    Begin = Callable[[int], Callable[[int], None]]

READING = frozenset(field.name for field in fields(command.Request))
"""Of a command's arguments, those that say what to read and how to judge it."""


def requests(asked: Mapping[str, Any]) -> tuple[command.Request, Request]:
    """What to read and judge, and how much to replay, from the arguments of a command."""
    from rundoctor.replaying.request import Request

    own = {field.name for field in fields(Request)}
    size = {name: value for name, value in asked.items() if name in own and value is not None}
    size["assume"] = assumptions(asked.get("assume", ()))
    reading = {name: value for name, value in asked.items() if name in READING}
    return command.Request(**reading), Request(**size)


def examine(request: command.Request, wanted: Request) -> Report:
    """Read, judge and replay the run; the patch is the one that the replay confirmed."""
    from rundoctor.replaying.engine import replay

    report = command.examine(request)
    command.exit_code(report, "never")
    with progress() as begin:
        found = replay(report.run, report.diagnosis, wanted, begin)
    return replace(report, replay=found, patch=confirmed(report, found))


def prescribed(request: command.Request, wanted: Request) -> Report:
    """The same by fixes tried in training, since what helps a recorded update may ruin a run.

    What ruins a recorded update helps no run: where the run has some, a fix that hurts them is not in the patch.

    Raises:
        NothingToJudge: the replay confirmed no fix, or none that the config can hold.
    """
    report = examine(request, replace(wanted, mode="surrogate"))
    check_reproduced(report)
    if report.replay is not None and (recorded := _recorded(report, wanted)) is not None:
        report = replace(report, patch=confirmed(report, report.replay, recorded))
    if report.patch.edits:
        return report
    names = ", ".join(trial.fix for trial in _fixes(report.replay, Effect.HELPS))
    if names:
        hint = "rundoctor explain says it in code"
        raise NothingToJudge(f"no config can hold what the replay confirmed: {names}", hint)
    hurting = "; ".join(f"{one.fix} is not offered: {one.reason}" for one in report.patch.refused)
    raise NothingToJudge("the replay confirmed no fix", hurting or "rundoctor replay shows what it found")


def _recorded(report: Report, wanted: Request) -> Replay | None:
    """The same fixes on the run's recorded updates; None where it has none."""
    from rundoctor.replaying.engine import replay
    from rundoctor.replaying.recorded.replay import has_record

    if not has_record(report.run):
        return None
    with progress() as begin:
        return replay(report.run, report.diagnosis, replace(wanted, mode="recorded"), begin)


def confirmed(report: Report, found: Replay, recorded: Replay | None = None) -> Patch:
    """The best of the fixes that help, as far as the config can hold it; those that hurt are refused with the reason.

    Of a pair neither may hurt alone. Nothing rests on recorded updates alone: their verdicts are about one update each,
    so that what hurts in ``recorded`` is refused as well, and what helps there proves nothing.
    """
    shown = [*_fixes(found, Effect.HURTS), *_fixes(recorded, Effect.HURTS)]
    hurting = {trial.fix: trial for trial in reversed(shown)}
    refused = tuple(Refused(fix=name, reason=_harm(trial)) for name, trial in reversed(hurting.items()))
    for trial in _fixes(found, Effect.HELPS) if found.mode is not Mode.RECORDED else ():
        names = trial.fix.split("+")
        plan = treatment.patch(report.run, report.diagnosis, fixes=names, tried_together=True)
        if plan.edits and not plan.needs_code and not plan.refused and hurting.keys().isdisjoint({trial.fix, *names}):
            return replace(plan, refused=refused)
    return Patch(refused=refused)


def _fixes(found: Replay | None, effect: Effect) -> list[Trial]:
    trials = found.trials if found else ()
    return [trial for trial in trials if trial.arm is Arm.FIX and trial.verdict is effect]


def check_reproduced(report: Report) -> None:
    """Raise ``NothingToJudge`` where no task counted, ``KeyboardInterrupt`` where Ctrl-C ended it before."""
    found = report.replay
    if found is not None and found.interrupted:
        raise KeyboardInterrupt
    if found is None or found.reproduced:
        return
    if found.mode is Mode.ENVIRONMENT:
        raise NothingToJudge(f"no fix is judged: {found.tasks[0].why}", "raise --updates, or name what --assume takes")
    tried = wording.count(len(found.tasks), "recorded update" if found.mode is Mode.RECORDED else "task")
    raise NothingToJudge(
        f"not reproduced: of {tried} none shows what this log shows, so no fix is judged",
        "rundoctor replay --env NAME tries the task itself",
    )


def _harm(trial: Trial) -> str:
    """How a trial shows that its fix hurts; one of recorded updates has words instead of a difference."""
    found = trial.difference
    if found is None:
        return f"the recorded updates show that it hurts: {trial.note}"
    margin = f"{found.mean:+.2f} of the healthy improvement, [{found.low:+.2f}, {found.high:+.2f}]"
    return f"the replay shows that it hurts: {margin}"


def assumptions(texts: Sequence[str]) -> dict[str, Any]:
    """Read ``NAME=VALUE`` words of the user.

    Raises:
        RundoctorError: no such name, or a value that it cannot have.
    """
    from rundoctor.replaying.arms.assumed import SWITCHES

    found: dict[str, Any] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if name not in (*HYPERPARAMETERS, *SWITCHES, "activation"):
            known = command.suggestion(name, [*HYPERPARAMETERS, *SWITCHES, "activation"])
            raise RundoctorError(f"--assume {text!r} is not understood", known or "shared_trunk=true, activation=relu")
        kind = "shared_trunk" if name in SWITCHES else name
        try:
            found[name] = value if name == "activation" else convert(kind, None if value == "null" else value)
        except Unusable as error:
            raise RundoctorError(f"--assume {text}: {error}", "write NAME=VALUE") from None
    return found


@contextmanager
def progress() -> Iterator[Begin]:
    """A bar on stderr with the time left, where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda total: lambda made: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replaying"), BarColumn(), TextColumn("{task.percentage:.0f} %"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def begin(total: int) -> Callable[[int], None]:
            for task in bar.task_ids:
                bar.remove_task(task)
            current = bar.add_task("", total=total)
            return lambda made: bar.advance(current, made)

        yield begin
