"""Records come out of a JSON file whatever its layout and state, and what does not come out is noted."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundoctor.readers import json_rows, json_stream
from rundoctor.readers.json_rows import read_rows
from rundoctor.readers.json_values import BROKEN, spans
from rundoctor.readers.tally import Tally

RECORDS = [{"batch": row, "loss": row / 7, "name": None if row % 3 else f'a "{row}"}}, {{'} for row in range(12)]
LAYOUTS = {
    "indented list": json.dumps(RECORDS, indent=2),
    "compact list": json.dumps(RECORDS, separators=(",", ":")),
    "list on one line": json.dumps(RECORDS),
    "json lines": "\n".join(map(json.dumps, RECORDS)) + "\n",
    "json lines without the last line end": "\n".join(map(json.dumps, RECORDS)),
    "windows line ends": json.dumps(RECORDS, indent=2).replace("\n", "\r\n"),
    "json lines with windows line ends": "\r\n".join(map(json.dumps, RECORDS)),
    "blank lines between": "\n\n".join(map(json.dumps, RECORDS)),
    "indented records one after the other": "\n".join(json.dumps(record, indent=2) for record in RECORDS),
    "records without anything between": "".join(map(json.dumps, RECORDS)),
    "byte order mark": "\ufeff" + json.dumps(RECORDS, indent=2),
    "columns": json.dumps({name: [record[name] for record in RECORDS] for name in RECORDS[0]}),
    "white space around": "\n \t " + json.dumps(RECORDS) + "\n\n",
}


def read(text: str | bytes) -> tuple[list[dict[str, Any]], Tally]:
    tally = Tally()
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return [row for chunk in read_rows(io.BytesIO(data), tally) for row in chunk], tally


@pytest.fixture(params=[40, 300, 1 << 17], ids=lambda size: f"blocks of {size}")
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "BLOCK_BYTES", request.param)
    monkeypatch.setattr(json_rows, "BLOCK_BYTES", request.param)


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_records(layout: str) -> None:
    rows, tally = read(LAYOUTS[layout])
    assert rows == RECORDS
    assert (tally.rows, tally.skipped, tally.all_notes()) == (len(RECORDS), 0, ())


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "list" in name or "lines" in name])
def test_cut_off_at_any_byte_keeps_all_whole_records(layout: str) -> None:
    data = LAYOUTS[layout].encode()
    kept = -1
    for length in range(1, len(data)):
        rows, tally = read(data[:length])
        assert rows == RECORDS[: len(rows)]
        assert len(rows) >= kept
        assert tally.rows == len(rows)
        kept = len(rows)
        if "list" in layout and data[length:].strip():
            assert any("cut off" in note for note in tally.all_notes()), (length, data[:length])
    assert kept >= len(RECORDS) - 1


@pytest.mark.usefixtures("_blocks")
def test_a_cut_names_the_record() -> None:
    rows, tally = read(json.dumps(RECORDS, indent=2)[:-20])
    assert len(rows) == 11
    assert tally.all_notes() == ("cut off in record 12; the trainer may be rewriting it",)
    assert tally.skipped == 1


@pytest.mark.usefixtures("_blocks")
@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
@pytest.mark.parametrize("layout", ["indented list", "compact list", "json lines"])
def test_a_token_that_is_no_number_is_told_from_null(layout: str, token: str) -> None:
    text = LAYOUTS[layout].replace(json.dumps(RECORDS[5]["loss"]), token)
    rows, tally = read(text)
    assert str(BROKEN.get(rows[5]["loss"], rows[5]["loss"])) == {"NaN": "nan", "-Infinity": "-inf"}.get(token, "inf")
    assert rows[5]["name"] is None
    assert [row for place, row in enumerate(rows) if place != 5] == RECORDS[:5] + RECORDS[6:]
    assert tally.all_notes() == ()


def test_the_word_nan_inside_a_string_stays_text() -> None:
    text = '[{"a": "NaN, ", "b": NaN}, {"a": "x: NaN, y", "b": 1}]'
    rows, _ = read(text)
    assert [row["a"] for row in rows] == ["NaN, ", "x: NaN, y"]
    assert rows[1]["b"] == 1


@pytest.mark.usefixtures("_blocks")
def test_nested_lists_of_objects_do_not_mislead_the_cut() -> None:
    records = [{"batch": row, "parts": [{"batch": 1}, {"batch": [{"a": 2}, {"a": 3}]}]} for row in range(40)]
    for text in (json.dumps(records), json.dumps(records, indent=1), "\n".join(map(json.dumps, records))):
        assert read(text)[0] == records


@pytest.mark.usefixtures("_blocks")
def test_garbage_between_records_is_skipped_and_noted() -> None:
    lines = json.dumps(RECORDS, indent=2).split("\n")
    lines.insert(1, "<<<<<<< HEAD")
    rows, tally = read("\n".join(lines))
    assert rows == RECORDS
    assert tally.all_notes() == ("1 value(s) that are no records skipped",)


@pytest.mark.usefixtures("_blocks")
def test_rows_that_are_no_objects_are_skipped_and_counted() -> None:
    rows, tally = read(json.dumps([1, RECORDS[0], None, [2, 3], "text", RECORDS[1]]))
    assert rows == RECORDS[:2]
    assert tally.skipped == 4


@pytest.mark.usefixtures("_blocks")
def test_a_broken_line_of_json_lines_costs_that_line_alone() -> None:
    lines = list(map(json.dumps, RECORDS))
    lines[4] = lines[4][:9] + lines[4]
    rows, tally = read("\n".join(lines))
    assert rows == RECORDS[:4] + RECORDS[5:]
    assert tally.all_notes() == ("1 unreadable record(s) skipped, the first is record 5",)


@pytest.mark.usefixtures("_blocks")
def test_a_missing_bracket_costs_that_record_alone() -> None:
    text = json.dumps([{"batch": row, "more": {"a": row}} for row in range(30)], indent=2)
    rows, tally = read(text.replace('"a": 7\n    }', '"a": 7\n'))
    assert [row["batch"] for row in rows] == [row for row in range(30) if row != 7]
    assert tally.skipped >= 1


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        ("[", "cut off"),
        ("42", "no records"),
        ('"text"', "no records"),
        ("null", "no records"),
        ("{", "cut off in record 1"),
        ("[[[[", "cut off in record 1"),
        ("not json at all {", "cut off"),
    ],
)
def test_a_file_without_records_says_so(text: str, note: str) -> None:
    rows, tally = read(text)
    assert rows == []
    assert any(note in each for each in tally.all_notes()), tally.all_notes()


def test_the_empty_list_is_empty() -> None:
    rows, tally = read("[]")
    assert rows == []
    assert any("empty" in note for note in tally.all_notes())


def test_one_object_is_one_record() -> None:
    assert read('{"batch": 3, "loss": 0.5, "norms": [1, 2]}')[0] == [{"batch": 3, "loss": 0.5, "norms": [1, 2]}]


def test_columns_of_different_length_are_noted() -> None:
    rows, tally = read('{"batch": [0, 1, 2], "loss": [0.5]}')
    assert rows == [{"batch": 0, "loss": 0.5}, {"batch": 1, "loss": None}, {"batch": 2, "loss": None}]
    assert "different length" in tally.all_notes()[0]


@pytest.mark.parametrize("depth", [1500, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_one_skipped_value(opening: str, closing: str, depth: int) -> None:
    deep = opening * depth + "1" + closing * depth
    rows, tally = read('[{"batch": 0}, {"a": ' + deep + '}, {"batch": 2}]')
    assert rows == [{"batch": 0}, {"batch": 2}]
    assert tally.skipped == 1


def test_odd_bytes_and_numbers_do_not_lose_the_record() -> None:
    text = b'[{"a": "\xff\xfe", "b": 1}, {"a": "\\ud800", "b": 2}, {"b": 3, "b": 4}, {"b": ' + b"9" * 5000 + b"}]"
    rows, tally = read(text)
    assert [row["b"] for row in rows] == [1, 2, 4, math.inf]
    assert tally.skipped == 0


def test_a_record_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LONGEST_RECORD_BYTES", 1 << 12)
    monkeypatch.setattr(json_stream, "BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr(json_rows, "BLOCK_BYTES", 1 << 10)
    rows, tally = read('[{"batch": 0}, {"a": ' + "[" * (1 << 16))
    assert rows == [{"batch": 0}]
    assert "the rest was not read" in tally.all_notes()[0]


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    rows, tally = read(data)
    assert len(rows) == tally.rows


@given(st.lists(st.sampled_from(list('{}[]",:\n 1a\\') + ["NaN", '{"a":1}', '"a"', "},{", "}\n{"]), max_size=40))
def test_no_mixture_of_json_pieces_raises(pieces: list[str]) -> None:
    for opening in ("", "[", '[{"a":1}, {"a":2}', '{"a":1}\n{"a":2}\n'):
        rows, tally = read(opening + "".join(pieces))
        assert len(rows) == tally.rows
        assert all(type(row) is dict for row in rows)


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=6), _values, max_size=4), max_size=8), st.sampled_from([None, 2]))
def test_any_list_of_records_is_read_as_the_json_module_reads_it(records: list[dict[str, Any]], indent: int) -> None:
    text = json.dumps(records, indent=indent)
    assert as_numbers(read(text)[0]) == as_numbers(json.loads(text))


def as_numbers(value: Any) -> Any:
    """The value with each integer that has no place in 64 bits as a float, which is what becomes of it."""
    if isinstance(value, dict):
        return {name: as_numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_numbers(each) for each in value]
    return float(value) if isinstance(value, int) and not -(2**63) <= value < 2**64 else value


@pytest.mark.parametrize("number", [-(2**63) - 1, -(2**63), 2**63, 2**64 - 1, 2**64])
def test_an_integer_at_the_end_of_64_bits_is_read(number: int) -> None:
    assert as_numbers(read(json.dumps([{"a": number}]))[0]) == as_numbers([{"a": number}])


def test_brackets_in_a_row_open_and_close_one_by_one() -> None:
    buffer = b'[[1]]]{"a":[[2]]}[{"b]":"}]"}'
    assert [buffer[start:end] for start, end in spans(buffer[:17])] == [b"[[1]]", b'{"a":[[2]]}']
    assert list(spans(buffer))[-1] == (17, -1)


@pytest.mark.parametrize("start", ["[", "[{", ""])
@pytest.mark.parametrize("end", ["", "\n]"])
def test_a_string_without_an_end_takes_linear_time(start: str, end: str) -> None:
    rows, tally = read(start + '"' + '\\"' * 300_000 + end)
    assert (rows, tally.skipped) == ([], 1)
