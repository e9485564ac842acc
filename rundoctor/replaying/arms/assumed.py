"""The user's word for what the config does not say, checked before anything is built on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rundoctor.conversion import Unusable, convert
from rundoctor.errors import RundoctorError, UnknownName
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.ppo.config import Activation

SWITCHES = ("discrete", "normalize_observations")
"""What can be said that is no hyper-parameter: whether actions are, and whether observations are standardised."""


def understood(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words as the kinds they have to be, by canonical name.

    Raises:
        UnknownName: nothing has that name.
        RundoctorError: a value that it cannot have.
    """
    return {name: _value(name, word) for name, word in words.items()}


def _value(name: str, word: Any) -> Any:
    if name == "activation":
        if word not in {one.value for one in Activation}:
            raise RundoctorError(f"there is no activation {word!r}", "tanh or relu")
        return word
    if name in SWITCHES:
        if not isinstance(word, bool):
            raise RundoctorError(f"{name} is {word!r}: that can be true or false", "correct --assume")
        return word
    if name not in HYPERPARAMETERS:
        raise UnknownName(f"there is no hyper-parameter {name!r} to assume", "canonical names, such as shared_trunk")
    try:
        return convert(name, word)
    except (Unusable, TypeError) as error:
        raise RundoctorError(f"{name} cannot be assumed: {error}", "correct --assume") from error
