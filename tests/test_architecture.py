"""The shape of the package: imports go one way, heavy imports stay out, files and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "rundoctor"
FILES = sorted(PACKAGE.rglob("*.py"))
LAYERS = [
    {"model"},
    {"errors", "discover", "asking"},
    {"hyperparameters", "signals", "plain", "safe_text", "yaml_text"},
    {"wording", "next_commands", "conversion"},
    {"frameworks"},
    {"mapping"},
    {"readers"},
    {"settings", "trainer_source", "config_age", "unread"},
    {"run_files"},
    {"files_read"},
    {"several"},
    {"reading"},
    {"facts"},
    {"rules"},
    {"fixes"},
    {"confidence"},
    {"diagnosis"},
    {"by_hand", "patch_file", "places", "splicing"},
    {"patching"},
    {"treatment"},
    {"ppo"},
    {"recording"},
    {"replaying"},
    {"integrations"},
    {"screen"},
    {"reports"},
    {"commands", "shell", "options"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
REPLAY = [
    "request",
    "arms",
    "worlds",
    "training",
    "judging",
    "contest",
    "surrogate",
    "environment",
    "recorded",
    "engine",
]
"""What ``replaying`` holds, in reading order."""
PRINTERS = {"cli", "shell"}
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "manager", "misc"}
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
TORCH_BELONGS = {"ppo", "replaying"}
"""Whoever imports torch; nothing on the path of diagnose does."""

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))


def part_of(file: Path) -> str:
    """Name of the file's layer: its folder under the package, or its own name."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(node: ast.AST) -> Iterator[str]:
    """Dotted names that a node imports, at any depth, except those for the type checker alone."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module in {"rundoctor", "rundoctor.replaying"}:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def imports_of(file: Path) -> set[str]:
    return set(imported(ast.parse(file.read_text(encoding="utf-8"))))


def at_the_top(file: Path) -> set[str]:
    """Names imported when the module is: those inside functions are left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        name for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef) for name in imported(node)
    }


@every_file
def test_the_file_has_a_layer(file: Path) -> None:
    assert part_of(file) in {*LEVEL, "__init__", "__main__"}


@every_file
def test_imports_only_go_upwards(file: Path) -> None:
    if part_of(file) in {"__init__", "__main__"}:
        return
    for name in at_the_top(file):
        if name.startswith("rundoctor.") and (part := name.split(".")[1]) in LEVEL and part != part_of(file):
            assert LEVEL[part] < LEVEL[part_of(file)], f"{part_of(file)} imports {part}"


@pytest.mark.parametrize("file", sorted((PACKAGE / "replaying").rglob("*.py")), ids=lambda file: file.stem)
def test_the_replay_is_read_in_the_order_of_its_imports(file: Path) -> None:
    parts = file.relative_to(PACKAGE / "replaying").parts
    room = parts[0].removesuffix(".py")
    if room == "__init__":
        return
    assert room in REPLAY
    for name in imports_of(file):
        if name.startswith("rundoctor.replaying.") and (other := name.split(".")[2]) in REPLAY and other != room:
            assert REPLAY.index(other) < REPLAY.index(room), f"{room} imports {other}"


@every_file
def test_torch_is_imported_by_the_core_and_the_replay_alone(file: Path) -> None:
    uses_torch = any(name.split(".")[0] == "torch" for name in imports_of(file))
    assert not uses_torch or part_of(file) in TORCH_BELONGS


@every_file
def test_pandas_is_never_imported_with_a_module(file: Path) -> None:
    assert not any(name.split(".")[0] == "pandas" for name in at_the_top(file))


@every_file
def test_the_core_knows_nothing_else_of_the_package(file: Path) -> None:
    if part_of(file) == "ppo":
        assert all(name.startswith("rundoctor.ppo") for name in imports_of(file) if name.startswith("rundoctor"))


@pytest.mark.parametrize("command", [["diagnose", "fixtures/seed_case"], ["patch", "fixtures/seed_case"], ["--help"]])
def test_diagnose_loads_neither_torch_nor_pandas(command: list[str]) -> None:
    script = (
        "import sys\n"
        "from rundoctor.cli import main\n"
        f"try: main({command!r}, prog_name='rundoctor')\n"
        "except SystemExit as end: code = end.code\n"
        "assert code in (0, 1), code\n"
        "heavy = {'torch', 'pandas', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@every_file
def test_the_file_is_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@every_file
def test_functions_are_short(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= LONGEST_FUNCTION, node.name


@every_file
def test_only_the_shell_side_prints(file: Path) -> None:
    if part_of(file) in PRINTERS:
        return
    tree = ast.parse(file.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls)


@every_file
def test_nothing_has_a_vague_name(file: Path) -> None:
    assert not {part.removesuffix(".py") for part in file.relative_to(ROOT).parts} & VAGUE


def test_an_import_the_wrong_way_is_seen() -> None:
    tree = ast.parse("from rundoctor import cli\nif TYPE_CHECKING:\n    import torch\ndef f():\n    import pandas\n")
    assert set(imported(tree)) == {"rundoctor.cli", "pandas"}
