"""One YAML scalar: the value PyYAML gives it, and how to write a value so that PyYAML reads it back."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import yaml

Node = Any
"""A node of PyYAML, whose stubs leave its value open."""
LONGEST_NUMBER = 200
"""A longer scalar is text, not a number: PyYAML's base-60 integers take quadratic time."""

_NUMBER_TO_HUMANS = re.compile(r"[-+]?(?=[\d.])(?:\d[\d_]*)?\.?[\d_]*(?:[eE][-+]?\d+)?")
_PLAIN = re.compile(r"[A-Za-z][\w.+-]*")
"""Text that needs no quotes, unless it is a word such as ``on``."""
_TAG = "tag:yaml.org,2002:"
_CONSTRUCTOR = yaml.constructor.SafeConstructor()
_TYPES = {
    _TAG + "int": _CONSTRUCTOR.construct_yaml_int,
    _TAG + "float": _CONSTRUCTOR.construct_yaml_float,
    _TAG + "bool": _CONSTRUCTOR.construct_yaml_bool,
    _TAG + "null": lambda node: None,
}


def typed(node: Node) -> Any:
    """Return the value as PyYAML's SafeLoader resolves it; dates, binary data and what it refuses stay text."""
    construct: Any = _TYPES.get(node.tag)
    if construct is None or len(node.value) > LONGEST_NUMBER:
        return node.value
    try:
        return construct(node)
    except (ValueError, KeyError, IndexError, OverflowError):
        return node.value


def is_number_to_humans(text: str) -> bool:
    """Tell whether a person reads a finite number where PyYAML reads text, such as ``1e-4``."""
    looks = len(text) <= LONGEST_NUMBER and _NUMBER_TO_HUMANS.fullmatch(text) and re.search(r"[.eE]", text)
    try:
        return bool(looks) and math.isfinite(float(text))
    except ValueError:
        return False


def write(value: Any) -> str:
    """Return a number, bool, None or text in a form that PyYAML reads back as the same value and type."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _write_float(value)
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and isinstance(yaml.safe_load(value), str)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _write_float(value: float) -> str:
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    mantissa, e, exponent = repr(value).partition("e")
    if not e:
        return mantissa
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{int(exponent):+d}"
