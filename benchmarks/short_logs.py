"""How the diagnosis fares on the first updates of a run, and without its config.

Usage: python benchmarks/short_logs.py ROOT

The labelled runs under ROOT, cut off after 8, 12, 20 and 40 updates, with their config and with every setting taken
away. A fault that has not happened yet (a reward that changes later) counts as a miss all the same.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

import rundoctor
from rundoctor.model import Component, Curve, Episodes, Run

LENGTHS = (8, 12, 20, 40)


def first_updates(run: Run, count: int) -> Run:
    """Return the run as its log stood after so many updates."""
    steps = np.unique(np.concatenate([np.append(curve.step, curve.broken) for curve in run.curves.values()]))
    last = steps[: min(count, len(steps))][-1]
    curves = {name: until(curve, last) for name, curve in run.curves.items()}
    episodes = run.episodes
    if episodes is not None and "episodes_done" in curves:
        episodes = first_episodes(episodes, int(curves["episodes_done"].value[-1]))
    return replace(run, curves=curves, episodes=episodes)


def until(curve: Curve, last: int) -> Curve:
    finite, broken = curve.step <= last, curve.broken[curve.broken <= last]
    return replace(curve, step=curve.step[finite], value=curve.value[finite], broken=broken)


def first_episodes(episodes: Episodes, count: int) -> Episodes:
    names = [field.name for field in fields(Component) if field.name != "name"]
    components = {
        name: replace(part, **{field: getattr(part, field)[:count] for field in names})
        for name, part in episodes.components.items()
    }
    scalars = {name: values[:count] for name, values in episodes.scalars.items()}
    return replace(episodes, index=episodes.index[:count], components=components, scalars=scalars)


def main() -> None:
    """Print hits and alarms for each length, with and without the config."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    places = sorted(label.parent for label in parser.parse_args().root.rglob("label.json"))
    runs = [(json.loads((place / "label.json").read_text()), rundoctor.read_run(place)) for place in places]
    print("| updates | config | right cause first | healthy runs with a cause or a symptom |\n|---|---|---|---|")
    for count in LENGTHS:
        for known in (True, False):
            hits, sick, alarms, healthy = 0, 0, 0, 0
            for label, run in runs:
                short = first_updates(run, count)
                judged = rundoctor.diagnose(short if known else replace(short, settings={}, config=None))
                if label["class"] == "effective":
                    sick += 1
                    hits += bool(judged.causes) and judged.causes[0].rule in label["accept"]
                elif label["class"] == "healthy":
                    healthy += 1
                    alarms += bool(judged.causes or judged.symptoms)
            print(f"| {count} | {'read' if known else 'withheld'} | {hits} of {sick} | {alarms} of {healthy} |")


if __name__ == "__main__":
    main()
