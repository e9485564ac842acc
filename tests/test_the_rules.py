"""What holds of every rule: its page, its name, its size, its limits, its neighbours, its test."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest

from rundoctor.diagnosis import all_rules
from rundoctor.discover import module_names
from rundoctor.model import Kind, Rule

ROOT = Path(__file__).parents[1]
RULES = all_rules()
BY_NAME = {rule.name: rule for rule in RULES}
SECTIONS = ["What", "Why", "Evidence", "Stays silent", "References"]
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
REMEDIES = ("use-", "avoid-", "check-", "bad-", "no-use-")
LONGEST = 100

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def source_of(rule: Rule) -> Path:
    return ROOT / "rundoctor" / "rules" / f"{rule.name.replace('-', '_')}.py"


def test_every_file_holds_one_rule() -> None:
    assert sorted(BY_NAME) == sorted(name.replace("_", "-") for name in module_names("rundoctor.rules"))


@every_rule
def test_the_name_is_the_fault_in_kebab_case(rule: Rule) -> None:
    assert NAME.fullmatch(rule.name)
    assert not rule.name.startswith(REMEDIES)


@every_rule
def test_the_page_begins_with_one_sentence(rule: Rule) -> None:
    first, blank = rule.doc.splitlines()[:2]
    assert first[0].isupper() or first[0] in "`0123456789"
    assert first.endswith(".")
    assert blank == ""


@every_rule
def test_the_page_has_its_sections_in_order(rule: Rule) -> None:
    titles = [line for line in rule.doc.splitlines()[1:] if line and not line.startswith(" ")]
    assert titles == SECTIONS


@every_rule
def test_every_section_says_something(rule: Rule) -> None:
    for title in SECTIONS:
        text = rule.doc.split(f"\n{title}\n", 1)[1]
        assert text.startswith("    ")
        assert text.split("\n\n")[0].strip()


@every_rule
def test_the_file_fits_on_a_screen_or_two(rule: Rule) -> None:
    assert len(source_of(rule).read_text(encoding="utf-8").splitlines()) <= LONGEST


@every_rule
def test_every_limit_says_where_its_number_comes_from(rule: Rule) -> None:
    assert undocumented_limits(source_of(rule).read_text(encoding="utf-8")) == []


def undocumented_limits(source: str) -> list[str]:
    """Names of the fields of ``Limits`` that no docstring follows."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Limits"]
    body = [statement for found in classes for statement in found.body]
    return [
        ast.unparse(field.target)
        for field, following in itertools.zip_longest(body, body[1:])
        if isinstance(field, ast.AnnAssign) and not is_docstring(following)
    ]


def is_docstring(statement: ast.stmt | None) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def test_an_undocumented_limit_is_found() -> None:
    assert undocumented_limits('class Limits:\n    a: float = 1\n    """Why."""\n    b: float = 2\n') == ["b"]


@every_rule
def test_only_causes_explain_and_only_symptoms_are_explained(rule: Rule) -> None:
    assert not rule.explains or rule.kind is Kind.CAUSE
    for name in rule.explains:
        assert BY_NAME[name].kind is Kind.SYMPTOM


def test_every_symptom_is_explained_by_some_cause() -> None:
    symptoms = {rule.name for rule in RULES if rule.kind is Kind.SYMPTOM}
    assert symptoms <= {name for rule in RULES for name in rule.explains}


@every_rule
def test_a_test_file_shows_the_rule_firing_and_silent(rule: Rule) -> None:
    file = ROOT / "tests" / "rules" / f"test_{source_of(rule).name}"
    assert file.is_file()
    text = file.read_text(encoding="utf-8")
    assert "check_finds(" in text
    assert "check_clear(" in text
