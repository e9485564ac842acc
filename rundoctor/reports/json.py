"""JSON for scripts: the contract of ``rundoctor/plain.py``, pure ASCII, keys in a fixed order."""

from __future__ import annotations

import json

from rundoctor.model import Report
from rundoctor.plain import report_to_dict
from rundoctor.reports import Format, Options


def render(report: Report, options: Options) -> str:
    """Return one JSON object, indented by two."""
    return json.dumps(report_to_dict(report), indent=2, allow_nan=False) + "\n"


FORMAT = Format("the whole report for scripts", render)
