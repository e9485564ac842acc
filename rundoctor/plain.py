"""Values as plain dictionaries: the one place that knows the keys of the JSON contract (``schema_version`` 1).

The contract is only ever extended. NaN and infinity never leave: they become null, and ``notes`` says where.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rundoctor.model import Diagnosed, Diagnosis, Evidence, Fix, Input, Patch, PatchEdit, Report, Rule, Run, Setting

if TYPE_CHECKING:
    from rundoctor.model.replay import Replay, Trial

SCHEMA_VERSION = 1

Plain = dict[str, Any]


def report_to_dict(report: Report) -> Plain:
    """Return the whole report; ``notes`` names every number that could not be written."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "rundoctor": report.version,
        "verdict": report.diagnosis.verdict.value,
        "run": _run(report.run),
        **_diagnosis(report.diagnosis),
        "patch": _patch(report.patch),
    }
    if report.replay is not None:
        content["replay"] = _replay(report.replay)
    return _finite(content)


def run_to_dict(run: Run) -> Plain:
    """Return what was read, without the curves."""
    return _finite(_run(run))


def diagnosis_to_dict(diagnosis: Diagnosis) -> Plain:
    """Return the verdict and the lists of findings."""
    return _finite({"verdict": diagnosis.verdict.value, **_diagnosis(diagnosis)})


def patch_to_dict(patch: Patch) -> Plain:
    """Return the edits, the diff and what could not be edited."""
    return _finite(_patch(patch))


def replay_to_dict(replay: Replay) -> Plain:
    """Return the tasks, the assumptions and the trials."""
    return _finite(_replay(replay))


def treatment_to_dict(report: Report) -> Plain:
    """Return the patch alone, where it stands in the whole report."""
    return _finite({"schema_version": SCHEMA_VERSION, "rundoctor": report.version, "patch": _patch(report.patch)})


def catalogue_to_dict(rules: Sequence[Rule], fixes: Sequence[Fix]) -> Plain:
    """Return the rules and the fixes there are."""
    return _finite(
        {
            "schema_version": SCHEMA_VERSION,
            "rules": [_rule(rule, fixes) for rule in rules],
            "fixes": [_fix(fix) for fix in fixes],
        }
    )


# ---- the keys ----------------------------------------------------------------------------------------------------


def _run(run: Run) -> Plain:
    return {
        "path": run.path,
        "format": run.format,
        "updates": run.updates,
        "episodes": run.episode_count,
        "inputs": [_input(read) for read in run.inputs],
        "settings": [_setting(run.settings[name]) for name in sorted(run.settings)],
    }


def _input(read: Input) -> Plain:
    return {"file": read.file, "read": read.read, "skipped": read.skipped, "notes": list(read.notes)}


def _setting(setting: Setting) -> Plain:
    return {
        "name": setting.name,
        "path": setting.path,
        "value": setting.value,
        "where": setting.where,
        "implied": setting.implied,
    }


def _diagnosis(diagnosis: Diagnosis) -> Plain:
    return {
        "causes": [_finding(found) for found in diagnosis.causes],
        "symptoms": [_finding(found) for found in diagnosis.symptoms],
        "hazards": [_finding(found) for found in diagnosis.hazards],
        "remarks": [_remark(found) for found in diagnosis.remarks],
        "skipped": [{"rule": skip.rule, "reason": skip.reason, "enable": skip.enable} for skip in diagnosis.skipped],
        "clear": list(diagnosis.clear),
    }


def _finding(found: Diagnosed) -> Plain:
    return {
        "rule": found.rule,
        "rank": found.rank,
        "severity": found.severity.value,
        "confidence": found.confidence,
        "onset": found.onset,
        "message": found.message,
        "evidence": [_evidence(evidence) for evidence in found.evidence],
        "against": list(found.against),
        "tied_with": list(found.tied_with),
        "decide_by": list(found.decide_by),
        "explains": list(found.explains),
        "explained_by": list(found.explained_by),
        "fixes": list(found.fixes),
    }


def _evidence(evidence: Evidence) -> Plain:
    return {
        "claim": evidence.claim,
        "observed": evidence.observed,
        "relation": evidence.relation,
        "limit": evidence.limit,
        "where": evidence.where,
    }


def _remark(found: Diagnosed) -> Plain:
    return {"rule": found.rule, "message": found.message, "where": found.where}


def _patch(patch: Patch) -> Plain:
    return {
        "edits": [_edit(edit) for edit in patch.edits],
        "diff": patch.diff,
        "needs_code": [{"fix": needed.fix, "what": needed.what} for needed in patch.needs_code],
        "refused": [{"fix": refused.fix, "reason": refused.reason} for refused in patch.refused],
    }


def _edit(edit: PatchEdit) -> Plain:
    return {
        "name": edit.name,
        "path": edit.path,
        "old": edit.old,
        "new": edit.new,
        "fix": edit.fix,
        "safety": edit.safety,
        "why": edit.why,
        "how": edit.how,
    }


def _replay(replay: Replay) -> Plain:
    return {
        "mode": replay.mode.value,
        "reproduced": replay.reproduced,
        "tasks": [{"name": task.name, "reproduced": task.reproduced, "why": task.why} for task in replay.tasks],
        "assumptions": list(replay.assumptions),
        "seeds": replay.seeds,
        "updates": replay.updates,
        "trials": [_trial(trial) for trial in replay.trials],
        "not_run": [{"fix": left.fix, "reason": left.reason} for left in replay.not_run],
        "warnings": list(replay.warnings),
        "interrupted": replay.interrupted,
    }


def _trial(trial: Trial) -> Plain:
    score, difference = trial.score, trial.difference
    return {
        "fix": trial.fix,
        "arm": trial.arm.value,
        "changes": list(trial.changes),
        "score": score and {"iqm": score.iqm, "low": score.low, "high": score.high},
        "difference": difference and {"mean": difference.mean, "low": difference.low, "high": difference.high},
        "verdict": trial.verdict.value,
        "outcomes": dict(trial.outcomes),
        "note": trial.note,
    }


def _rule(rule: Rule, fixes: Sequence[Fix]) -> Plain:
    return {
        "name": rule.name,
        "kind": rule.kind.value,
        "severity": rule.severity.value,
        "summary": rule.summary,
        "explains": list(rule.explains),
        "limits": {} if rule.limits is None else rule.limits._asdict(),
        "fixes": [fix.name for fix in fixes if rule.name in fix.treats],
    }


def _fix(fix: Fix) -> Plain:
    return {"name": fix.name, "safety": fix.safety.value, "summary": fix.summary, "treats": list(fix.treats)}


# ---- plain values ------------------------------------------------------------------------------------------------


def _finite(content: Plain) -> Plain:
    """Return the content as plain JSON values, with a ``notes`` list of the numbers that JSON cannot hold."""
    notes: list[str] = []
    plain: Plain = _plain(content, "", notes)
    return {**plain, "notes": notes}


def _plain(value: Any, place: str, notes: list[str]) -> Any:
    """Return a JSON value: numpy scalars unpacked, keys and unknown objects as text, non-finite numbers null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{place}.{key}".lstrip("."), notes) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{place}[{index}]", notes) for index, item in enumerate(value)]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, float) and not math.isfinite(number):
        notes.append(f"{place} is {number}")
        return None
    return number if isinstance(number, (float, int)) else str(value)
