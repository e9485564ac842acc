"""What each doctor changes of a sick run: settings by canonical name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from corpus.tasks import Settings

import rundoctor
from rundoctor.fixes import all_fixes
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Diagnosis, Patch, Run
from treated.cases import Case

NONE, ORACLE, DIAGNOSIS, RANDOM, FIX_ORDER = "no patch", "oracle", "diagnosis", "random", "seed fix order"
HAZARDS, REPLAY = "diagnosis, else hazards", "diagnosis and replay"
ARMS = (DIAGNOSIS, REPLAY, HAZARDS, ORACLE, NONE, RANDOM, FIX_ORDER)
"""In the order in which they are trained."""
WIDE, WEIGHT, CEILING, FACTOR = 200.0, 0.1, 10_000.0, 10.0
"""The numbers of the hand-made analysis that this project began with."""
DECADES = 1.0
"""Farthest that a number without a usual range is moved at random."""


def edits_of(case: Case) -> dict[str, Settings]:
    """By arm, but that of the replay; the oracle, which takes the injection back, has none of its own."""
    run = rundoctor.read_run(case.place)
    found = rundoctor.diagnose(run)
    diagnosis = read_back(run, rundoctor.patch(run, diagnosis=found), case.place)
    return {
        DIAGNOSIS: diagnosis,
        HAZARDS: diagnosis or read_back(run, of_hazards(run, found), case.place),
        FIX_ORDER: first_that_applies(case.sick.job.settings, case.sick.job.trainer),
        RANDOM: at_random(diagnosis, case.sick.job.settings, np.random.default_rng(crc32(case.name.encode()))),
        ORACLE: {},
        NONE: {},
    }


def of_hazards(run: Run, diagnosis: Diagnosis) -> Patch:
    """What ``rundoctor patch --fix`` writes when it is asked for the first fix of every hazard."""
    firsts = [next((fix.name for fix in all_fixes() if one.rule in fix.treats), "") for one in diagnosis.hazards]
    names = tuple(dict.fromkeys(name for name in firsts if name))
    return rundoctor.patch(run, names, diagnosis=diagnosis) if names else Patch()


def read_back(run: Run, patch: Patch, place: Path) -> Settings:
    """What rundoctor's readers find changed once the patched text stands in the place of the config."""
    if patch.new_text is None or run.config is None:
        return {}
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "run"
        shutil.copytree(place, copy)
        (copy / run.config.file).write_text(patch.new_text, encoding="utf-8")
        after = rundoctor.read_run(copy).settings
    names = sorted({*run.settings, *after})
    pairs = {name: tuple(_value(settings, name) for settings in (run.settings, after)) for name in names}
    return {name: new for name, (old, new) in pairs.items() if old != new}


def _value(settings: Mapping[str, Any], name: str) -> Any:
    return settings[name].value if name in settings else None


def first_that_applies(settings: Settings, trainer: str) -> Settings:
    """A wider value clip, returns standardised by batch, a lower value weight, a clamp: what first changes a thing."""
    if settings["value_clip"] and settings["clip_range_vf"] < WIDE:
        return {"clip_range_vf": WIDE, "value_clip_relative": False} if trainer == "core" else {"clip_range_vf": WIDE}
    standardised = settings["normalize_returns"] or settings.get("normalize_returns_per_batch")
    if trainer == "core" and not standardised:
        return {"normalize_returns_per_batch": True, "return_scale": FACTOR}
    if settings["vf_coef"] > WEIGHT:
        return {"vf_coef": WEIGHT}
    return {"value_loss_clamp": CEILING} if trainer == "core" else {}


def at_random(edits: Settings, settings: Settings, draw: np.random.Generator) -> Settings:
    """The same keys: switches by a coin, numbers anywhere in their usual range."""
    return {name: _drawn(name, new, settings.get(name), draw) for name, new in sorted(edits.items())}


def _drawn(name: str, new: Any, old: Any, draw: np.random.Generator) -> Any:
    if isinstance(new, Mapping):
        return {key: value * 10 ** draw.uniform(-DECADES, DECADES) for key, value in sorted((old or new).items())}
    if isinstance(new, bool):
        return bool(draw.integers(2))
    known = HYPERPARAMETERS[name]
    if known.usual is None:
        anchor = old or new
        return anchor * 10 ** draw.uniform(-DECADES, DECADES) if anchor else anchor
    low, high = known.usual
    wide = low > 0 and high > 10 * low
    number = float(np.exp(draw.uniform(np.log(low), np.log(high))) if wide else draw.uniform(low, high))
    return round(number) if known.kind is int else float(f"{number:.3g}")
