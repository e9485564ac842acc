"""From the scalars of a config to the hyper-parameters that the trainer reads.

Only the paths of the framework count: a ``gamma`` among the bounds of an action is never the discount. Where the
trainer is not identified, the usual spellings are taken at the top level or in one section of hyper-parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rundoctor.conversion import OFF_WHEN_NULL, Unusable, convert, number_of
from rundoctor.frameworks import Framework, without_key
from rundoctor.hyperparameters import HYPERPARAMETERS
from rundoctor.model import Config, ConfigFlaw, Entry, Setting


def read_settings(config: Config | None, framework: Framework) -> dict[str, Setting]:
    """Return the hyper-parameters in force, by canonical name.

    A setting that two keys contradict, or whose value is unusable, is left out; ``section_flaws`` says so.
    """
    if config is None:
        return {}
    found: dict[str, Setting] = {}
    written = _candidates(config, framework)
    for name, candidates in written.items():
        usable = [one for one in candidates if isinstance(one, Setting)]
        if usable and not (_conflict(usable) and not framework.identified(config)):
            found[name] = usable[0]
    if framework.identified(config):
        absent = {name: value for name, value in framework.implied.items() if name not in written}
        found = without_key(absent, f"{framework.title} default", framework.paths) | found
    return framework.derive(config, found)


def section_flaws(config: Config | None, framework: Framework) -> tuple[ConfigFlaw, ...]:
    """Return what misleads in a config once the trainer is known.

    ``unusable-value``, ``conflicting-keys`` and ``key-in-unread-section``.
    """
    if config is None:
        return ()
    flaws = list(_value_flaws(config, framework))
    if framework.identified(config):
        flaws += [*_dead_keys(config, framework), *_stray_keys(config, framework)]
    return tuple(flaws)


def _candidates(config: Config, framework: Framework) -> dict[str, list[Setting | ConfigFlaw]]:
    """Return, by hyper-parameter, what every path that may hold it says."""
    entries = {".".join(entry.path): entry for entry in config.entries}
    found = {
        name: [one for path in paths_of(config, framework, name) for one in _read(config, entries, name, path)]
        for name in dict.fromkeys([*framework.paths, *framework.keys])
    }
    return {name: candidates for name, candidates in found.items() if candidates}


def paths_of(config: Config, framework: Framework, name: str) -> list[str]:
    """Return the dotted paths at which a hyper-parameter may stand, the preferred one first."""
    paths = list(framework.paths.get(name, ()))
    if not framework.identified(config):
        paths += [
            f"{section}.{key}".lstrip(".") for section in framework.sections for key in framework.keys.get(name, ())
        ]
    return list(dict.fromkeys(found for path in paths for found in _expanded(config, path)))


def _expanded(config: Config, path: str) -> list[str]:
    """Return the paths that one with a ``*`` stands for: a part of it that the run itself has named."""
    if "*" not in path:
        return [path]
    parts = path.split(".")
    return [
        ".".join(entry.path)
        for entry in config.entries
        if len(entry.path) == len(parts)
        and all(part in ("*", name) for part, name in zip(parts, entry.path, strict=True))
    ]


def _read(config: Config, entries: dict[str, Entry], name: str, path: str) -> Iterator[Setting | ConfigFlaw]:
    if HYPERPARAMETERS[name].kind is dict:
        yield from _read_weights(config, name, path)
    elif path in entries and not _says_nothing(name, entries[path].value):
        entry = entries[path]
        where = f"{config.file}:{entry.line}"
        try:
            yield Setting(name=name, path=path, value=convert(name, entry.value), raw=entry.raw, where=where)
        except Unusable as error:
            yield ConfigFlaw(kind="unusable-value", message=f"{path} {error}", where=where)


def _says_nothing(name: str, value: Any) -> bool:
    """Whether a value is no setting: null where null switches nothing off, or an interpolation that is not resolved."""
    return (value is None and name not in OFF_WHEN_NULL) or (isinstance(value, str) and "${" in value)


def _read_weights(config: Config, name: str, path: str) -> Iterator[Setting | ConfigFlaw]:
    """Read a mapping of numbers; a number that is unusable is left out of it."""
    parent = tuple(path.split("."))
    entries = [entry for entry in config.entries if entry.path[:-1] == parent]
    weights: dict[str, float] = {}
    for entry in entries:
        try:
            weights[entry.path[-1]] = number_of(entry.value)
        except Unusable as error:
            where = f"{config.file}:{entry.line}"
            yield ConfigFlaw(kind="unusable-value", message=f"{path}.{entry.path[-1]} {error}", where=where)
    if weights:
        raw = config.text[min(entry.start for entry in entries) : max(entry.end for entry in entries)]
        yield Setting(name=name, path=path, value=weights, raw=raw, where=f"{config.file}:{entries[0].line}")


def _conflict(settings: list[Setting]) -> bool:
    return any(one.value != settings[0].value for one in settings)


def _value_flaws(config: Config, framework: Framework) -> Iterator[ConfigFlaw]:
    """Values that cannot be used, and, for a trainer not identified, keys that contradict each other."""
    for name, candidates in _candidates(config, framework).items():
        yield from (one for one in candidates if isinstance(one, ConfigFlaw))
        settings = [one for one in candidates if isinstance(one, Setting)]
        if _conflict(settings) and not framework.identified(config):
            said = " but ".join(f"{one.path} is {one.raw} ({one.where})" for one in settings)
            message = f"{said}: which one is read is not known, so neither is taken for {name}"
            yield ConfigFlaw(kind="conflicting-keys", message=message, where=settings[0].where)


def _dead_keys(config: Config, framework: Framework) -> Iterator[ConfigFlaw]:
    """Keys that nothing reads and that disagree with the one that is read."""
    read = read_settings(config, framework)
    for entry in config.entries:
        path = ".".join(entry.path)
        setting = read.get(framework.unread.get(path, ""))
        if setting is not None and setting.value != entry.value:
            in_force = f"{setting.path}, which is {setting.raw or setting.value} ({setting.where})"
            message = f"{path} ({entry.raw}) is read by nothing: this trainer reads {in_force}"
            yield ConfigFlaw(kind="conflicting-keys", message=message, where=f"{config.file}:{entry.line}")


def _stray_keys(config: Config, framework: Framework) -> Iterator[ConfigFlaw]:
    """Hyper-parameters in a section from which the trainer does not read them."""
    home = {path: name for name, paths in framework.paths.items() for path in paths}
    own = {path.split(".")[-1]: path for path in home if path.split(".")[0] in framework.sections}
    usual = {key: paths[0] for name, paths in framework.paths.items() for key in framework.keys.get(name, ())}
    read_sections = {path.split(".")[0] for path in home}
    for entry in config.entries:
        path, section = ".".join(entry.path), ".".join(entry.path[:-1]).lower()
        if section not in framework.sections or path in home or path in framework.unread:
            continue
        known = own if section in read_sections else usual | own
        right = known.get(entry.path[-1])
        if right is not None:
            message = f"{path} ({entry.raw}) is read by nothing: this trainer reads {right}"
            yield ConfigFlaw(kind="key-in-unread-section", message=message, where=f"{config.file}:{entry.line}")
