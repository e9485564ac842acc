"""What is read of a config file, to the character, and that no content breaks the reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rundoctor.model import Config
from rundoctor.readers.config_yaml import ARGUMENTS, CONFIG, LARGEST_BYTES, decode, read
from rundoctor.yaml_text import NotYaml, parse, write
from rundoctor.yaml_text.entries import MOST_FLAWS
from rundoctor.yaml_text.scalars import is_number_to_humans

SHARED = Path(__file__).parents[3] / "shared"


def values(text: str) -> dict[str, Any]:
    return {".".join(entry.path): entry.value for entry in parse(text).entries}


def raws(text: str) -> dict[str, str]:
    return {".".join(entry.path): entry.raw for entry in parse(text).entries}


def kinds(text: str) -> list[tuple[str, str]]:
    return [(flaw.kind, flaw.where) for flaw in parse(text, "c").flaws]


def note_of(tmp_path: Path, content: bytes | str) -> str:
    path = tmp_path / "config.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    part = read(path)
    assert part.config is None
    (note,) = part.input.notes
    return note


def config_of(tmp_path: Path, content: bytes | str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    config = read(path).config
    assert config is not None
    return config


# ---- values and spans ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("0x10", 16),
        ("1:30", 90),
        ("1.5e-3", 0.0015),
        ("1e-4", "1e-4"),
        ("on", True),
        ("No", False),
        ("~", None),
        ("", None),
        (".inf", float("inf")),
        ("'1'", "1"),
        ("!!float 3", 3.0),
        ("!!str 3", "3"),
        ("&anchor 3", 3),
        ("!!float &anchor 3", 3.0),
        ("2026-01-02", "2026-01-02"),
        ("!!python/name:torch.nn.ReLU ''", ""),
        ("!!int none", "none"),
        ("!!bool none", "none"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_values_are_what_pyyaml_resolves(written: str, value: object) -> None:
    found = values(f"a: {written}\n")["a"]
    assert (type(found), found) == (type(value), value)


def test_spans_are_the_characters_of_the_value() -> None:
    text = "\ufeffé: &x 1 # ö\r\nb: {c: !!float 2,  d: '😀 it''s'\t,\r\n  e: [3, \"4\"]}\r\n"
    text += "f:\r\ng: *x\r\nh: |\r\n  two\r\n"
    assert raws(text) == {
        "é": "1",
        "b.c": "2",
        "b.d": "'😀 it''s'",
        "b.e.0": "3",
        "b.e.1": '"4"',
        "f": "",
        "g": "1",
        "h": "|\r\n  two\r\n",
    }
    assert all(text[entry.start : entry.end] == entry.raw for entry in parse(text).entries)
    assert [entry.line for entry in parse(text).entries] == [1, 2, 2, 3, 3, 4, 1, 6]


plain = st.text(st.characters(codec="utf-8", categories=["L", "N", "S"]), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(
    keys=st.lists(plain, min_size=1, max_size=6, unique=True),
    words=st.lists(plain, min_size=6, max_size=6),
    gap=st.sampled_from([" ", "  ", "\t", " &a ", " !!str "]),
    ending=st.sampled_from(["\n", "\r\n", " # é\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
    flow=st.booleans(),
)
def test_a_span_is_the_plain_scalar(
    keys: list[str], words: list[str], gap: str, ending: str, mark: str, flow: bool
) -> None:
    pairs = [f"k{key}:{gap}v{word}" for key, word in zip(keys, words, strict=False)]
    text = mark + (f"top: {{{f', {ending} '.join(pairs)}}}\n" if flow else "".join(pair + ending for pair in pairs))
    try:
        entries = parse(text).entries
    except NotYaml:
        return
    assert [text[entry.start : entry.end] for entry in entries] == [
        f"v{word}" for word, _ in zip(words, pairs, strict=False)
    ]
    assert [entry.value for entry in entries] == [entry.raw for entry in entries]


# ---- aliases, merges, tags -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n",
        "a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\nc: *a\n",
        "a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc:\n  <<: [*a, *b]\n  w: 4\nd:\n  <<: [*b, *a]\n",
        "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n",
        "a: &a {x: 1}\nb: &b {x: 2}\nc:\n  <<: *a\n  <<: *b\n",
        "a: &a 1\nb: [*a, *a]\nc: {d: *a}\n",
        "a: 1\na: 2\nb: {c: 1, 'c': 3}\n",
    ],
)
def test_aliases_merges_and_duplicates_are_resolved_as_pyyaml_does(text: str) -> None:
    assert values(text) == flattened(yaml.safe_load(text))


def flattened(value: object, path: str = "") -> dict[str, object]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return {k: v for key, one in items for k, v in flattened(one, f"{path}.{key}".lstrip(".")).items()}
    return {path: value}


def test_python_tags_are_plain_data() -> None:
    text = (
        "!!python/object/apply:collections.OrderedDict\n- - - n_timesteps\n    - !!float 1e6\n"
        "  - - normalize_kwargs\n    - !!python/object/apply:collections.OrderedDict [[[norm_reward, false]]]\n"
    )
    assert values(text) == {"n_timesteps": 1e6, "normalize_kwargs.norm_reward": False}
    assert values("a: !!python/tuple [1, 2]\nb: !!python/object:os.system {c: 3}\n") == {"a.0": 1, "a.1": 2, "b.c": 3}
    assert values("a: !!python/object/apply:os.system ['touch pwned']\n") == {"a.0": "touch pwned"}


# ---- flaws -----------------------------------------------------------------------------------------------------


def test_a_duplicate_key_is_named_with_both_lines() -> None:
    (flaw,) = parse("a:\n  gamma: 1\n  b: 2\n  gamma: 3\n", "config.yaml").flaws
    assert (flaw.kind, flaw.where) == ("duplicate-key", "config.yaml:4")
    assert "lines 2 and 4" in flaw.message


def test_equal_keys_of_different_mappings_are_no_duplicates() -> None:
    assert kinds("a: {gamma: 1}\nb: {gamma: 2}\nc: &c {x: 1}\nd: {<<: *c, x: 2}\n") == []


def test_a_number_that_is_text_is_named_with_its_right_spelling() -> None:
    (flaw,) = parse("trainer:\n  lr: 3e-6\n", "config.yaml").flaws
    assert (flaw.kind, flaw.where) == ("string-typed-number", "config.yaml:2")
    assert "3.0e-6" in flaw.message


@pytest.mark.parametrize("text", ["1e-4", "3E5", "1.0e5", "-.5", "1_000.5e3", "+2.e3"])
def test_numbers_to_humans(text: str) -> None:
    assert is_number_to_humans(text)
    assert isinstance(yaml.safe_load(text), str)
    assert isinstance(yaml.safe_load(write(float(text))), float)


@pytest.mark.parametrize("text", ["", ".", "e5", "1e", "v1.5", "1.2.3", "007", "12", "6e12345", "1e-4x", "lin_3e-4"])
def test_no_numbers_to_humans(text: str) -> None:
    assert not is_number_to_humans(text)


def test_a_quoted_number_and_an_aliased_one_are_not_named_again() -> None:
    assert kinds("a: '1e-4'\n") == []
    assert len(kinds("a: &x 1e-4\nb: [*x, *x]\n")) == 1


@given(st.floats(allow_nan=False) | st.integers() | st.booleans() | st.none())
def test_what_is_written_is_read_back(value: object) -> None:
    found = yaml.safe_load(write(value))
    assert (type(found), found) == (type(value), value)


# ---- files that are no config ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("", "no values"),
        ("# nothing\n", "no values"),
        ("- 1\n", "not a mapping"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", "unresolved merge markers at line 2"),
        ("a: 1\nb: [1, 2\nc: 3\n", "line 3"),
        ("a: 1\nb: c: d\n", "line 2"),
        ("a: *missing\n", "undefined alias"),
        ("a: {<<: 3}\n", "needs a mapping"),
        ("a: 1\x00\n", "not YAML"),
        (b"\x80" * 3000, ""),
        ("a: " + "x" * LARGEST_BYTES, "larger than"),
    ],
)
def test_no_config_and_the_reason(tmp_path: Path, content: bytes | str, note: str) -> None:
    assert note in note_of(tmp_path, content)


def test_the_first_of_several_documents(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("a: 1\n---\na: 2\n")
    part = read(path)
    assert part.config is not None
    assert [entry.value for entry in part.config.entries] == [1]
    assert "2 YAML documents" in part.input.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_every_encoding_gives_its_bytes_back(tmp_path: Path, encoding: str) -> None:
    data = "lr: 0.1 # é\n".encode(encoding)
    text, name = decode(data)
    assert text.encode(name) == data
    assert [(entry.value, entry.raw) for entry in config_of(tmp_path, data).entries] == [(0.1, "0.1")]


def test_only_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="config"):
        read(tmp_path / "config.yaml")


def test_claims() -> None:
    assert [CONFIG.claims(Path(name)) for name in ("config.yaml", "config.yml", "args.yml", "config.yaml.bak")] == [
        True,
        True,
        False,
        False,
    ]
    assert ARGUMENTS.claims(Path("x/args.yml"))
    assert CONFIG.order < ARGUMENTS.order


# ---- hostile files ---------------------------------------------------------------------------------------------


def test_an_alias_bomb_is_cut_short(tmp_path: Path) -> None:
    text = "a0: &a0 [" + "x, " * 9 + "x]\n"
    text += "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(20))
    path = tmp_path / "config.yaml"
    path.write_text(text)
    assert "aliases expand" in read(path).input.notes[0]


def test_a_merge_bomb_is_cut_short() -> None:
    text = "a0: &a0 {" + ", ".join(f"k{n}: 1" for n in range(100)) + "}\n"
    text += "".join(f"a{n + 1}: &a{n + 1} {{<<: [{', '.join([f'*a{n}'] * 10)}], m{n}: 1}}\n" for n in range(2000))
    assert "aliases expand" in parse(text).notes[0]


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n", "&a {<<: *a, b: 1}\n"])
def test_an_alias_of_its_own_parent_ends(text: str) -> None:
    assert len(parse(text).entries) <= 1


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "!!a [", "&a [", "- - {b: ["])
def test_deep_nesting_does_not_end_the_interpreter(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("a:\n  " + opening * 100_000)
    code = "from pathlib import Path; from rundoctor.readers.config_yaml import read; "
    code += f"print(read(Path({str(path)!r})).input.notes)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "not YAML" in done.stdout or "nested" in done.stdout


ORIGIN = """\
trainer:
  learning_rate: 1e-4   # é
  component_weights: {a: 1.0, "b": 'x'}
base: &base
  - !!float 3
  - [on, ~]
algorithm:
  <<: {gamma: 0.99}
  text: |
    two
    lines
"""


def test_a_config_cut_at_every_byte(tmp_path: Path) -> None:
    data = ("\ufeff" + ORIGIN).encode()
    path = tmp_path / "config.yaml"
    for length in range(len(data)):
        path.write_bytes(data[:length])
        part = read(path)
        assert (part.config is None) == bool(part.input.skipped)
        assert part.config is not None or part.input.notes


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text("ab:{}[],&*!|>'\"#-? \n\t<%@`~0.e", max_size=60).map(str.encode))
def test_no_content_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "config.yaml"
    path.write_bytes(data)
    config = read(path).config
    if config is not None:
        assert all(config.text[entry.start : entry.end] == entry.raw for entry in config.entries)


# ---- real files ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the recorded runs")
def test_the_merge_conflict_of_the_origin() -> None:
    (path,) = SHARED.glob("real/durotaxis-origin/*config-merge-conflict/config.yaml")
    part = read(path)
    assert part.config is None
    assert part.input.notes == ("unresolved merge markers at line 21",)


@pytest.mark.parametrize("path", sorted(SHARED.glob("*/*/config.y*ml")), ids=lambda path: path.parent.name)
def test_real_configs_are_read_as_pyyaml_does(path: Path) -> None:
    config = read(path).config
    assert config is not None
    assert {".".join(entry.path): entry.value for entry in config.entries} == flattened(
        drop_empty(yaml.safe_load(path.read_text(encoding="utf-8")))
    )


def drop_empty(value: object) -> object:
    if isinstance(value, dict):
        return {key: drop_empty(one) for key, one in value.items() if one not in ({}, [])}
    return value


def test_a_flaw_repeated_thousands_of_times_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("trainer:\n" + "  gamma: 0.9\n" * 5000)
    part = read(path)
    assert part.config is not None
    assert len(part.config.flaws) == MOST_FLAWS
    assert part.input.notes == (f"{4999 - MOST_FLAWS} more duplicate key(s) or number(s) written as text",)
