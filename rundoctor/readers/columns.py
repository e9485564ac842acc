"""Rows of plain values to columns of numbers, chunk by chunk.

A nested object becomes columns of its own, by the path of its keys. Null and absent mean "not logged" and leave no
trace; NaN and infinity are kept as such, and what no 32-bit float can hold counts as infinite; whatever is no number
is counted by kind.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from rundoctor.conversion import LARGEST, SMALLEST
from rundoctor.readers.json_values import BROKEN
from rundoctor.readers.tally import Row

if TYPE_CHECKING:
    from rundoctor.model import Floats, Ints

Path = tuple[str, ...]
"""Keys from the outermost object to the number."""

MOST_COLUMNS = 2000
DEEPEST_PATH = 8
_NUMBERS = {float, int}
_TEXT_OR_NONE = {str, type(None)}
_NUMBER_STARTS = frozenset("+-.0123456789")
_TEXT, _NUMERIC_TEXT = "text", "numbers written as text"
_KINDS = {bool: "true or false", str: _TEXT, list: "lists", dict: "nested too deeply"}


class Columns:
    """Numbers by key path. A column is kept in pieces, one a chunk, until it is asked for."""

    def __init__(self, *, truth_values: frozenset[str] = frozenset()) -> None:
        """Start without rows.

        Args:
            truth_values: keys whose true and false count as 1 and 0.
        """
        self.rows = 0
        self.unusable: dict[Path, Counter[str]] = {}
        """How many values of a column are no numbers, by kind."""
        self.ignored_columns = 0
        self._truth_values = truth_values
        self._pieces: dict[Path, list[tuple[Ints | int, Floats]]] = {}

    @property
    def paths(self) -> tuple[Path, ...]:
        """Columns that hold at least one number, in the order they appeared."""
        return tuple(self._pieces)

    def add(self, rows: list[Row]) -> None:
        """Append a chunk of rows."""
        if rows:
            self._gather((), rows, None)
        self.rows += len(rows)

    def count(self, path: Path) -> int:
        """Return how many rows hold a number."""
        return sum(len(values) for _, values in self._pieces.get(path, []))

    def points(self, path: Path) -> tuple[Ints, Floats]:
        """Return row numbers [n], increasing, and values [n], NaN and infinity among them; empty where unknown."""
        pieces = self._pieces.get(path, [])
        places = [
            np.arange(place, place + len(values)) if isinstance(place, int) else place for place, values in pieces
        ]
        if not pieces:
            return np.empty(0, np.int64), np.empty(0)
        return np.concatenate(places), np.concatenate([values for _, values in pieces])

    def dense(self, path: Path) -> Floats:
        """Return one value a row, NaN where the row has none. Shape [rows]."""
        result = np.full(self.rows, np.nan)
        for place, values in self._pieces.get(path, []):
            result[slice(place, place + len(values)) if isinstance(place, int) else place] = values
        return result

    def _gather(self, prefix: Path, rows: list[Row], places: Ints | None) -> None:
        """Split rows into columns; ``places`` are row numbers, None for all rows of the chunk."""
        names = tuple(rows[0])
        if sum(map(len, rows)) == len(names) * len(rows):
            try:
                columns = [list(map(itemgetter(name), rows)) for name in names]
            except KeyError:
                pass
            else:
                for name, values in zip(names, columns, strict=True):
                    self._take((*prefix, name), values, places)
                return
        self._gather_uneven(prefix, rows, places)

    def _gather_uneven(self, prefix: Path, rows: list[Row], places: Ints | None) -> None:
        found: dict[str, tuple[list[int], list[Any]]] = {}
        for place, row in enumerate(rows):
            for name, value in row.items():
                where, values = found.setdefault(name, ([], []))
                where.append(place)
                values.append(value)
        for name, (where, values) in found.items():
            self._take((*prefix, name), values, self._subset(places, where))

    def _take(self, path: Path, values: list[Any], places: Ints | None) -> None:
        kinds = set(map(type, values))
        if kinds <= _NUMBERS:
            self._store(path, values, places)
        elif kinds == {dict} and len(path) < DEEPEST_PATH:
            self._gather(path, values, places)
        elif kinds <= _TEXT_OR_NONE and not any(_is_special(text) for text in set(values)):
            self._count_unusable(path, _TEXT, len(values) - values.count(None))
        else:
            self._sort_out(path, values, places)

    def _sort_out(self, path: Path, values: list[Any], places: Ints | None) -> None:
        """Take the numbers and the nested objects of a column of mixed kinds, and count the rest."""
        where: dict[str, list[int]] = {}
        for place, value in enumerate(values):
            if value is not None:
                where.setdefault(self._kind(path, value), []).append(place)
        numbers, nested = where.pop("number", []), where.pop("object", [])
        if numbers:
            chosen = [BROKEN.get(values[place], values[place]) for place in numbers]
            self._store(path, chosen, self._subset(places, numbers))
        if nested:
            self._gather(path, [values[place] for place in nested], self._subset(places, nested))
        for kind, kind_places in where.items():
            self._count_unusable(path, kind, len(kind_places))

    def _count_unusable(self, path: Path, kind: str, count: int) -> None:
        if count and (path in self.unusable or len(self.unusable) < MOST_COLUMNS):
            self.unusable.setdefault(path, Counter())[kind] += count

    def _kind(self, path: Path, value: Any) -> str:
        kind = type(value)
        if kind in _NUMBERS or (kind is str and value in BROKEN) or (kind is bool and path[-1] in self._truth_values):
            return "number"
        if kind is dict and len(path) < DEEPEST_PATH:
            return "object"
        if kind is str and _reads_as_number(value):
            return _NUMERIC_TEXT
        return _KINDS.get(kind, kind.__name__)

    def _store(self, path: Path, values: list[Any], places: Ints | None) -> None:
        if path not in self._pieces and len(self._pieces) >= MOST_COLUMNS:
            self.ignored_columns += 1
            return
        place = self.rows if places is None else places
        self._pieces.setdefault(path, []).append((place, _as_trained(np.array(values, dtype=np.float64))))

    def _subset(self, places: Ints | None, chosen: list[int]) -> Ints:
        index = np.array(chosen, dtype=np.int64)
        return index + self.rows if places is None else places[index]


def _as_trained(values: Floats) -> Floats:
    """Return the values as 32-bit floats bound them: what is too large is infinite, what is too small is 0."""
    size = np.abs(values)
    values[size > LARGEST] *= np.inf
    values[size < SMALLEST] = 0.0
    return values


def _is_special(text: str | None) -> bool:
    return text is not None and (text in BROKEN or _reads_as_number(text))


def _reads_as_number(text: str) -> bool:
    if text[:1] not in _NUMBER_STARTS or "_" in text:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
