"""A replay on a screen: what was reproduced, what helps and what hurts, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from rundoctor import wording
from rundoctor.model.replay import Arm, Effect, Mode, Replay, Trial
from rundoctor.safe_text import safe
from rundoctor.screen.layout import rows, titled

LOOKS = {
    Effect.HELPS: ("✓", "green"),
    Effect.HURTS: ("✗", "red"),
    Effect.NO_DIFFERENCE: ("·", "dim"),
    Effect.INCONCLUSIVE: ("?", "yellow"),
}
BAR = 12
"""Characters of a bar from untrained to reference."""


def sentence(found: Replay) -> str:
    """Return what a replay found, in one sentence."""
    if found.interrupted:
        known = f"by then {_found(found)}" if found.reproduced else "no task counts yet"
        return f"interrupted: {known}"
    return _found(found)


def _found(found: Replay) -> str:
    if not found.reproduced:
        return f"not reproduced: {wording.count(len(found.tasks), 'task')} tried, none counts"
    parts = list(_called(found, Effect.HELPS, "help")) or ["no fix is shown to help"]
    parts += _called(found, Effect.HURTS, "hurt")
    what = "recorded update" if found.mode is Mode.RECORDED else "task"
    counted = sum(task.reproduced for task in found.tasks)
    return f"{'; '.join(parts)} ({counted} of {wording.count(len(found.tasks), what)} reproduced)"


def _called(found: Replay, effect: Effect, verb: str) -> Iterator[str]:
    names = [trial.fix for trial in found.trials if trial.arm is Arm.FIX and trial.verdict is effect]
    if names:
        yield f"{wording.listing(names)} {verb}{'s' if len(names) == 1 else ''}"


def replay(found: Replay, verbose: bool) -> Iterator[RenderableType]:
    """Yield the parts of a replay; verbose: also the numbers behind each verdict."""
    yield titled("Experience" if found.mode is Mode.RECORDED else "Tasks", _tasks(found))
    fixes = [trial for trial in found.trials if trial.arm is Arm.FIX]
    others = [trial for trial in found.trials if trial.arm is not Arm.FIX]
    if fixes:
        yield titled("Fixes, against the unchanged run", *_legend(found), _table(fixes))
        yield titled("What they change, and what their updates show", _notes(fixes))
    if others:
        yield titled("Beside them", _table(others))
    if verbose and found.trials:
        yield titled("Numbers", _numbers(found.trials))
    if found.not_run:
        table = rows("fit", "wrap")
        for left in found.not_run:
            table.add_row(Text(safe(left.fix)), Text(safe(left.reason), "dim"))
        yield titled("Not tried", table)
    if found.assumptions:
        yield titled("Assumed", *(Text(f"· {safe(text)}") for text in found.assumptions))
    for text in found.warnings:
        yield Text(safe(text), "dim")


def _legend(found: Replay) -> Iterator[RenderableType]:
    if any(trial.score is not None for trial in found.trials):
        pairs = f"{wording.count(found.seeds, 'seed')}, {wording.count(found.updates, 'update')}"
        yield Text(f"score: 0 untrained, 1 healthy settings; difference to the unchanged run in pairs; {pairs}", "dim")


def _tasks(found: Replay) -> RenderableType:
    """A line a task; recorded updates, of which there are many, in one line while all is well."""
    control = found.trial("control")
    if found.mode is Mode.RECORDED and control and all(task.reproduced for task in found.tasks):
        loss, parameters = (control.outcomes[name] for name in ("loss_difference_relative", "parameter_difference"))
        close = f"losses within {loss:.1g} of the logged ones, the next parameters within {parameters:.1g}"
        return Text.assemble(
            ("✓ ", "green"), f"{wording.count(len(found.tasks), 'recorded update')} reproduced: {close}"
        )
    table = rows("fit", "fit", "wrap")
    for task in found.tasks:
        mark = Text("✓ reproduced", "green") if task.reproduced else Text("✗ not", "yellow")
        table.add_row(Text(safe(task.name)), mark, Text(safe(task.why), "dim"))
    return table


def _table(trials: list[Trial]) -> RenderableType:
    table = rows("fit", "fit", "fit", "right", "fit")
    for trial in trials:
        judged = trial.arm in (Arm.FIX, Arm.PLACEBO)
        symbol, style = LOOKS[trial.verdict]
        verdict = Text(f"{symbol} {trial.verdict.value}", style) if judged else Text()
        score = f"{trial.score.iqm:.2f}" if trial.score else ""
        table.add_row(verdict, Text(safe(trial.fix), "bold"), _bar(trial, judged), score, _difference(trial))
    return table


def _notes(trials: list[Trial]) -> RenderableType:
    table = rows("fit", "wrap")
    for trial in trials:
        changes = Text(safe("; ".join(trial.changes)))
        table.add_row(
            Text(safe(trial.fix), "dim"), Group(changes, Text(safe(trial.note), "dim")) if trial.note else changes
        )
    return table


def _numbers(trials: Sequence[Trial]) -> RenderableType:
    """The interval of each score, or what a recorded update came to; the unit stands in the name."""
    table = rows("fit", "wrap")
    for trial in trials:
        numbers = [f"{name.replace('_', ' ')} {value:.4g}" for name, value in trial.outcomes.items()]
        if trial.score:
            numbers.append(f"score {trial.score.iqm:.2f} [{trial.score.low:.2f}, {trial.score.high:.2f}]")
        table.add_row(Text(safe(trial.fix), "dim"), Text(", ".join(numbers)))
    return table


def _bar(trial: Trial, judged: bool) -> Text:
    """From untrained to the reference; below and above are cut."""
    if trial.score is None:
        return Text()
    filled = round(BAR * min(1.0, max(0.0, trial.score.iqm)))
    return Text("█" * filled + "·" * (BAR - filled), LOOKS[trial.verdict][1] if judged else "dim")


def _difference(trial: Trial) -> Text:
    if trial.difference is None:
        return Text()
    found = trial.difference
    return Text(f"{found.mean:+.2f} [{found.low:+.2f}, {found.high:+.2f}]")
