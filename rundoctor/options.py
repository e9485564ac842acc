"""The options that several commands share, and how what a user types in them is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
RUN = click.argument("path", metavar="RUN")


def names(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Split comma lists."""
    return tuple(name.strip() for text in value for name in text.split(",") if name.strip())


def limits(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, float]:
    """Read ``RULE.field=VALUE``."""
    found = {}
    for text in value:
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not RULE.field=VALUE") from None
        if found[name.strip()] != found[name.strip()]:
            raise click.BadParameter(f"{text!r}: a limit is a number")
    return found


def columns(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    """Read ``METRIC=COLUMN``; a column's name may hold further equals signs."""
    found: dict[str, str] = {}
    for text in value:
        metric, _, column = (part.strip() for part in text.partition("="))
        if not metric or not column:
            raise click.BadParameter(f"{text!r} is not METRIC=COLUMN, such as loss=train/total")
        if found.setdefault(metric, column) != column:
            raise click.BadParameter(f"{metric} is given two columns, {found[metric]!r} and {column!r}")
    return found


def options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Apply several click options in the order they are to be listed."""

    def apply(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return apply


reading = options(
    click.option("--config", metavar="PATH", help="The config file, where it lies elsewhere."),
    click.option("--source", metavar="PATH", help="The trainer's source: defaults of absent keys are read there."),
    click.option(
        "--map",
        "columns",
        multiple=True,
        callback=columns,
        metavar="METRIC=COLUMN",
        help="What a column of a CSV or JSON log means, such as loss=train/total.",
    ),
)
judging = options(
    click.option("--select", multiple=True, callback=names, metavar="RULE", help="Judge by these rules alone."),
    click.option("--ignore", multiple=True, callback=names, metavar="RULE", help="Leave these rules out."),
    click.option(
        "--limit",
        "limits",
        multiple=True,
        callback=limits,
        metavar="RULE.field=VALUE",
        help="Change a rule's threshold; rundoctor explain RULE lists them.",
    ),
)
replaying = options(
    click.option("--fix", "fixes", multiple=True, callback=names, metavar="NAME", help="Try these fixes alone."),
    click.option("--seeds", type=int, metavar="N", help="Seeds of each arm; 10."),
    click.option("--seed", type=int, metavar="N", help="Of all noise; 0."),
    click.option("--updates", type=int, metavar="N", help="Updates of each arm; as many as the tasks are learned in."),
    click.option("--budget", type=int, metavar="N", help="Updates of all arms and seeds together."),
    click.option("--jobs", type=int, metavar="N", help="Processes; as many as there are cores."),
    click.option("--device", metavar="NAME", help="Where arms are trained, such as cuda; the CPU."),
    click.option("--mode", type=click.Choice(["recorded", "surrogate"]), help="Where experience comes from."),
    click.option("--env", "environment", metavar="NAME", help="A Gymnasium task, or package.module:factory."),
    click.option(
        "--assume", multiple=True, metavar="NAME=VALUE", help="What the config does not say, such as shared_trunk=true."
    ),
)
output = click.option("-o", "--output", metavar="FILE", help="Write there instead of to stdout.")
no_color = click.option("--no-color", is_flag=True, help="No colour; so does NO_COLOR.")
showing = options(
    click.option("-q", "--quiet", is_flag=True, help="The verdict and the causes alone."),
    click.option("-v", "--verbose", is_flag=True, help="Everything: also what is clear and what was not judged."),
    no_color,
)


def format_option(*choices: str) -> Callable[[Command], Command]:
    """Return ``--format`` with these choices, the first by default."""
    return click.option("--format", "style", type=click.Choice(choices), default=choices[0], show_default=True)
