"""What holds of every fix: its name, its page, what it treats, its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rundoctor.diagnosis import all_rules
from rundoctor.discover import module_names
from rundoctor.model import Fix, Kind
from rundoctor.treatment import all_fixes

ROOT = Path(__file__).parents[1]
FIXES = all_fixes()
CAUSES = {rule.name for rule in all_rules() if rule.kind is Kind.CAUSE}
SYMPTOMS = {rule.name for rule in all_rules() if rule.kind is Kind.SYMPTOM}
NAME = re.compile(r"[a-z]+(-[a-z]+)+")
LONGEST = 100
TESTS = "\n".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests" / "fixes").glob("test_*.py")))

every_fix = pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)


def test_every_file_holds_one_fix() -> None:
    names = [fix.name for fix in FIXES]
    assert sorted(names) == sorted(name.replace("_", "-") for name in module_names("rundoctor.fixes"))


def test_no_two_fixes_of_a_cause_share_a_place() -> None:
    for cause in CAUSES:
        order = [fix.order for fix in FIXES if cause in fix.treats]
        assert len(order) == len(set(order)), cause


@every_fix
def test_the_name_is_in_kebab_case(fix: Fix) -> None:
    assert NAME.fullmatch(fix.name)


@every_fix
def test_what_it_treats_exists(fix: Fix) -> None:
    assert set(fix.treats) <= CAUSES
    assert set(fix.offered_for) <= CAUSES | SYMPTOMS
    assert not set(fix.treats) & set(fix.offered_for)


@every_fix
def test_the_page_begins_with_one_sentence(fix: Fix) -> None:
    first = fix.doc.splitlines()[0]
    assert first[0].isupper()
    assert first.endswith(".")


@every_fix
def test_it_says_what_to_do_by_hand(fix: Fix) -> None:
    assert len(fix.by_hand) > 20


@every_fix
def test_it_is_short_and_has_a_test(fix: Fix) -> None:
    source = ROOT / "rundoctor" / "fixes" / f"{fix.name.replace('-', '_')}.py"
    assert len(source.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert f'"{fix.name}"' in TESTS
