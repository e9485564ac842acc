"""Where in a config an edit is written: the one key from which the trainer reads the hyper-parameter."""

from __future__ import annotations

from collections.abc import Mapping

from rundoctor.conversion import Unusable, convert
from rundoctor.errors import PatchRefused
from rundoctor.frameworks import Framework, Place
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Config, Edit, Setting
from rundoctor.settings import paths_of


def places_of(
    edit: Edit, config: Config, settings: Mapping[str, Setting], framework: Framework
) -> tuple[Place, ...] | None:
    """Return the paths an edit is written to with their values, or None where the config cannot express it.

    Raises:
        PatchRefused: the value is none that the hyper-parameter can have, or its key has a second meaning.
    """
    if edit.name not in HYPERPARAMETERS:
        return None
    setting = settings.get(edit.name)
    if HYPERPARAMETERS[edit.name].kind is dict:
        return _weight_places(edit, setting)
    try:
        value = convert(edit.name, edit.value)
    except Unusable as error:
        raise PatchRefused(f"{edit.name} {error}") from error
    places = framework.express(config, edit.name, value)
    if places is not None:
        return places
    known = paths_of(config, framework, edit.name)
    if setting is not None and not setting.implied and setting.path in known:
        _refuse_shared(setting, config, settings, framework)
        return ((setting.path, value),)
    return ((known[0], value),) if framework.paths.get(edit.name) else None


def _weight_places(edit: Edit, setting: Setting | None) -> tuple[Place, ...] | None:
    weights = {edit.key: edit.value} if edit.key else edit.value
    if setting is None or not isinstance(weights, dict):
        return None
    return tuple((f"{setting.path}.{component}", float(weight)) for component, weight in weights.items())


def _refuse_shared(setting: Setting, config: Config, settings: Mapping[str, Setting], framework: Framework) -> None:
    """Refuse a key that sets a second hyper-parameter, such as one clip range for ratios and for values."""
    for other in settings.values():
        same_key = other.path == setting.path and other.name != setting.name
        if same_key and other.path in paths_of(config, framework, other.name):
            raise PatchRefused(f"{setting.path} sets both {setting.name} and {other.name}")
