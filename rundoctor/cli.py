"""The commands. A body parses, makes one call, prints, and returns the exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from rundoctor import __version__
from rundoctor.reports import Options, format_names
from rundoctor.shell import Doctor, look, say, write

Command = TypeVar("Command", bound=Callable[..., Any])
RUN = click.argument("path", metavar="RUN")
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


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


@click.group(cls=Doctor, context_settings=CONTEXT)
@click.version_option(__version__, message="rundoctor %(version)s")
def main() -> None:
    """Find out why a PPO training run fails, and patch its config.

    "rundoctor RUN" is short for "rundoctor diagnose RUN". Start with "rundoctor demo".

    Exit codes: 0 nothing at or above --fail-on (an error, unless told otherwise), 1 a cause or an unexplained symptom
    at or above it, 2 rundoctor could not work, 3 nothing could be judged.
    """


@main.command()
@RUN
@reading
@judging
@format_option("terminal", *(name for name in format_names() if name != "terminal"))
@output
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), default="error", show_default=True)
@showing
def diagnose(
    style: str, output: str | None, fail_on: str, quiet: bool, verbose: bool, no_color: bool, **asked: Any
) -> int:
    """Read the run and print the ranked diagnosis.

    RUN is a run directory or one of its files.
    """
    from rundoctor import reports
    from rundoctor.commands import diagnose as command

    report = command.examine(command.Request(**asked))
    write(reports.render(report, style, Options(quiet, verbose, look(output is not None, no_color))), output)
    return command.exit_code(report, fail_on)


@main.command()
@RUN
@reading
@judging
@click.option("--fix", "fixes", multiple=True, callback=names, metavar="NAME", help="Use this fix instead.")
@click.option("--apply", is_flag=True, help="Write the config; the old one is kept beside it.")
@click.option("--replay", is_flag=True, help="Try the fixes first, and patch with what a replay confirms.")
@format_option("terminal", "json")
@output
def patch(apply: bool, replay: bool, style: str, output: str | None, **asked: Any) -> int:
    """Print the config patch as a unified diff.

    The diff alone goes to stdout: "rundoctor patch RUN | git apply" works.
    """
    from rundoctor.commands import diagnose as command
    from rundoctor.commands import patch as patching

    report = patching.plan(asked, replay)
    command.check_treatment(report, asked["fixes"])
    write(patching.text(report, style), output)
    for message in patching.notes(report, asked["fixes"]):
        say(message)
    if apply:
        say(patching.apply(report))
    return 0


@main.command()
@RUN
@reading
@judging
@replaying
@format_option("terminal", *(name for name in format_names() if name != "terminal"))
@output
@showing
def replay(style: str, output: str | None, quiet: bool, verbose: bool, no_color: bool, **asked: Any) -> int:
    """Try the candidate fixes, and print what helps and what hurts.

    On small tasks that share the run's mechanism and show its symptoms, or on a Gymnasium task with --env. Exit code 3
    when the symptoms could not be reproduced.
    """
    from rundoctor import reports
    from rundoctor.commands import replay as command

    report = command.examine(*command.requests(asked))
    write(reports.render(report, style, Options(quiet, verbose, look(output is not None, no_color))), output)
    command.check_reproduced(report)
    return 0


@main.command()
@click.argument("directory", metavar="[DIR]", default="rundoctor-demo")
@showing
def demo(directory: str, quiet: bool, verbose: bool, no_color: bool) -> int:
    """Write a bundled sick run to DIR and diagnose it."""
    from rundoctor import reports
    from rundoctor.commands import diagnose as command
    from rundoctor.commands.demo import write_demo

    say(write_demo(directory))
    report = command.examine(command.Request(directory))
    write(reports.render(report, "terminal", Options(quiet, verbose, look(False, no_color))), None)
    return 0


@main.command()
@format_option("terminal", "json")
@output
@no_color
def rules(style: str, output: str | None, no_color: bool) -> int:
    """List the rules and the fixes."""
    from rundoctor.commands import rules as command

    write(command.listing(style, look(output is not None, no_color)), output)
    return 0


@main.command()
@click.argument("name")
@no_color
def explain(name: str, no_color: bool) -> int:
    """Print the documentation of a rule or a fix."""
    from rundoctor.commands import rules as command

    write(command.page(name, look(False, no_color)), None)
    return 0
