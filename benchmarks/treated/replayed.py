"""What a replay makes of each diagnosis: the fix it confirms, else the diagnosis' own less what it shows to hurt."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from corpus.tasks import Settings

import rundoctor
from rundoctor.commands import diagnose
from rundoctor.commands import replay as command
from rundoctor.errors import NothingToJudge
from rundoctor.model.replay import Arm, Effect, Replay
from rundoctor.replaying.request import Request
from treated.arms import read_back
from treated.cases import Case

CONFIRMED, OPEN, HURTS = "confirmed", "nothing confirmed", "the patch hurts"
NOT_REPRODUCED = "not reproduced"


class Replayed(NamedTuple):
    """The answer for one case; settings as JSON."""

    fault: str
    task: str
    trainer: str
    diagnosis: str
    """What the diagnosis alone changes."""
    answer: str
    edits: str
    """What is changed after the replay."""

    @property
    def key(self) -> tuple[str, ...]:
        return self[:4]


def key_of(case: Case, diagnosis: Settings) -> tuple[str, ...]:
    """What tells this replay from all others of the table."""
    job = case.sick.job
    return case.sick.fault, job.task, job.trainer, json.dumps(diagnosis, sort_keys=True)


def replayed(case: Case, diagnosis: Settings) -> Replayed:
    """Replay the case as ``rundoctor patch --replay`` does, on surrogates."""
    try:
        report = command.examine(diagnose.Request(path=str(case.place)), Request(mode="surrogate"))
    except NothingToJudge as error:
        return Replayed(*key_of(case, diagnosis), str(error), json.dumps(diagnosis, sort_keys=True))
    edits = read_back(report.run, report.patch, case.place)
    answer = _answer(report.replay, {edit.fix for edit in rundoctor.patch(report.run).edits}, bool(edits))
    chosen = edits if answer == CONFIRMED else {} if answer == HURTS else diagnosis
    return Replayed(*key_of(case, diagnosis), answer, json.dumps(chosen, sort_keys=True))


def _answer(replay: Replay | None, prescribed: set[str], confirmed: bool) -> str:
    if confirmed:
        return CONFIRMED
    if replay is None or not replay.reproduced:
        return NOT_REPRODUCED
    hurting = {one.fix for one in replay.trials if one.arm is Arm.FIX and one.verdict is Effect.HURTS}
    return HURTS if hurting & prescribed else OPEN


class Answers:
    """The replays on disk, a row a case."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = csv.DictReader(path.open(newline="", encoding="utf-8")) if path.exists() else ()
        self.by_key = {row.key: row for row in (Replayed(**line) for line in lines)}

    def keep(self, keys: Iterable[tuple[str, ...]]) -> None:
        """Drop the replays of diagnoses that have changed since."""
        self.by_key = {key: self.by_key[key] for key in sorted(keys) if key in self.by_key}
        self._write()

    def add(self, row: Replayed) -> None:
        self.by_key[row.key] = row
        self._write()

    def edits(self, key: tuple[str, ...]) -> Settings | None:
        """What is changed after the replay; None where there was none yet."""
        found = self.by_key.get(key)
        return json.loads(found.edits) if found else None

    def _write(self) -> None:
        with self.path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows([Replayed._fields, *self.by_key.values()])
