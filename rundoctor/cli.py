"""The commands. A body parses, makes one call, prints, and returns the exit code."""

from __future__ import annotations

from typing import Any

import click

from rundoctor import __version__
from rundoctor.options import RUN, format_option, judging, names, no_color, output, reading, replaying, showing
from rundoctor.reports import Options, format_names
from rundoctor.shell import Doctor, check_place, look, say, write

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


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

    check_place(output)
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

    check_place(output)
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
