"""The objects of one kind that the modules of a package define.

A rule, a fact, a reader, a fix or a framework is one file in its folder; nothing lists it anywhere else.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TypeVar

Kind = TypeVar("Kind")


def discover(package: str, kind: type[Kind]) -> list[Kind]:
    """Return the instances of ``kind`` defined at the top of the package's modules, in module order."""
    found: list[Kind] = []
    for module_name in module_names(package):
        module = importlib.import_module(f"{package}.{module_name}")
        found += [value for value in vars(module).values() if isinstance(value, kind) and value not in found]
    return found


def module_names(package: str) -> list[str]:
    """Return the sorted names of a package's modules, packages in it left out."""
    path = importlib.import_module(package).__path__
    return sorted(info.name for info in pkgutil.iter_modules(path) if not info.ispkg)


def folders(package: str) -> list[str]:
    """Return the full names of a package and of the packages in it."""
    path = importlib.import_module(package).__path__
    return [package, *sorted(f"{package}.{info.name}" for info in pkgutil.iter_modules(path) if info.ispkg)]
