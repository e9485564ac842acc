"""What a moved threshold changes, on two fixtures."""

from __future__ import annotations

from pathlib import Path

from limit_margins import ALARM, HIT, Change, Moved, changes, page
from scoring.labelled import Labelled

FIXTURES = Path(__file__).parents[2] / "fixtures"
TIGHT = "value-clip-too-tight.tight"


def labelled(place: str, group: str, *accept: str) -> Labelled:
    return Labelled(
        name=place, place=FIXTURES / place, format="files", fault="", accept=accept, group=group, task="task"
    )


def test_what_a_stricter_limit_loses_is_told_with_its_factor() -> None:
    """Its entropy falls, so it keeps no 1.3 times the first."""
    found = changes(labelled("entropy_weight_too_high_sb3", "effective", "entropy-weight-too-high"))
    strictest = [one for one in found if one.moved.limit == "entropy-weight-too-high.kept"]
    assert [(one.moved.factor, one.of, one.by) for one in strictest] == [(2.0, HIT, -1)]


def test_a_plain_fault_hangs_on_no_threshold() -> None:
    assert changes(labelled("seed_case", "effective", "value-clip-too-tight")) == []


def test_the_page_adds_what_the_logs_lose_and_leaves_other_limits_empty() -> None:
    tight, wide = Moved(TIGHT, 0.1, 0.5), Moved(TIGHT, 0.1, 2.0)
    logs = [labelled("a", "effective", "x"), labelled("b", "effective", "x"), labelled("c", "healthy")]
    text = page([Change(tight, HIT, -1), Change(tight, HIT, -1), Change(wide, ALARM, 1)], logs)
    assert "2 logs of faults" in text
    assert "1 healthy" in text
    assert text.splitlines()[-1] == f"| `{TIGHT}` | 0.1 | -2 |  |  |  |  | +1 alarms |"
