"""The frozen values that flow through rundoctor, from files to report. Imports nothing of the package.

A reader makes a ``Run``; facts and rules read it; ``Diagnosis`` ranks what they found; fixes turn causes into
``Edit``s; a ``Patch`` is those edits as text; a ``Report`` is all that a format ever sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rundoctor.model.finding import (
    Diagnosed,
    Diagnosis,
    Evidence,
    Finding,
    Interval,
    Kind,
    Missing,
    Rule,
    Severity,
    Skipped,
    Verdict,
)
from rundoctor.model.run import Component, Config, ConfigFlaw, Curve, Entry, Episodes, Input, Run, Setting
from rundoctor.model.treatment import Edit, Fix, NeedsCode, Patch, PatchEdit, Proposal, Refused, Report, Safety

if TYPE_CHECKING:
    from rundoctor.model.run import Floats as Floats
    from rundoctor.model.run import Ints as Ints

__all__ = [
    "Component",
    "Config",
    "ConfigFlaw",
    "Curve",
    "Diagnosed",
    "Diagnosis",
    "Edit",
    "Entry",
    "Episodes",
    "Evidence",
    "Finding",
    "Fix",
    "Input",
    "Interval",
    "Kind",
    "Missing",
    "NeedsCode",
    "Patch",
    "PatchEdit",
    "Proposal",
    "Refused",
    "Report",
    "Rule",
    "Run",
    "Safety",
    "Setting",
    "Severity",
    "Skipped",
    "Verdict",
]
