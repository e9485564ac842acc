"""How the program meets the shell: exit codes, one line for an error, and what its output can show."""

from __future__ import annotations

import gc
import os
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import StringIO
from typing import Any, NoReturn

import click

from rundoctor.errors import RundoctorError
from rundoctor.safe_text import safe
from rundoctor.screen import Look

FAILED = 2
INTERRUPTED = 130
PIPE_CLOSED = 141
NARROWEST, WIDEST = 40, 120
RARELY = 100_000
"""Allocations between two garbage collections: a short process has no garbage worth looking for."""


class Doctor(click.Group):
    """A group whose first argument may be a run: ``rundoctor RUN`` is ``rundoctor diagnose RUN``."""

    fallback = "diagnose"
    engine = "rundoctor.commands.diagnose"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the fallback command before anything that is neither a command nor the group's own option."""
        args = args or ["--help"]
        own = {option for param in self.params for option in param.opts} | set(self.get_help_option_names(ctx))
        if args[0] not in self.commands and args[0] not in own:
            self._refuse_a_typo(args[0])
            args = [self.fallback, *args]
        return super().parse_args(ctx, args)

    def _refuse_a_typo(self, word: str) -> None:
        import difflib

        near = difflib.get_close_matches(word, self.commands, n=1)
        if near and not os.path.exists(word):
            raise RundoctorError(f"{word!r} is no command and no path", f"did you mean rundoctor {near[0]}?")

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a newcomer needs them."""
        return list(self.commands)

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run, and leave with the exit code; an error is one line on stderr."""
        extra["standalone_mode"] = False
        open_streams()
        if not args and "args" not in extra:
            gc.set_threshold(RARELY)
            if not sys.warnoptions:
                warnings.simplefilter("ignore")
            leave(self._guarded(args, extra))
        sys.exit(self._guarded(args, extra))

    def _import_engine(self) -> None:
        """Import what a run is judged with, unless only an option of the group's own is asked for.

        Inside click's calls the stack is so deep that CPython maps and unmaps a chunk of frames at almost every call
        of an import: a thousand system calls, and a sixth of the time to a first report.
        """
        if sys.argv[1:] and not sys.argv[1].startswith("-"):
            import_module(self.engine)

    def _guarded(self, args: Sequence[Any], extra: dict[str, Any]) -> int:
        try:
            self._import_engine()
            code = super().main(*args, **extra)
            return code if isinstance(code, int) else 0
        except RundoctorError as error:
            return complain(error.message, error.hint, error.exit_code)
        except click.ClickException as error:
            return complain(error.format_message().rstrip("."), "--help lists what there is")
        except (click.Abort, KeyboardInterrupt):
            return INTERRUPTED
        except OSError as error:
            return complain(f"cannot read or write: {error.strerror or error}", "check the disk and the permissions")
        except Exception as error:
            name = f"{type(error).__name__}: {error}"
            return complain(f"rundoctor itself failed, {name}", "please report it with the command and the run")


def open_streams() -> None:
    """Let stdout and stderr take any text; one that the caller has closed swallows it."""
    sys.stdout = sys.stdout or StringIO()
    sys.stderr = sys.stderr or StringIO()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def leave(code: int) -> NoReturn:
    """End the process without tearing down its modules, which takes longer than many a diagnosis."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def complain(message: str, hint: str = "", code: int = FAILED) -> int:
    """Say in one line on stderr what went wrong and what to do; return the exit code."""
    say(f"{message}; {hint}" if hint else message)
    return code


def say(message: str) -> None:
    """Write one line to stderr."""
    with suppress(OSError):
        click.echo(f"rundoctor: {safe(message)}", err=True)


def look(to_file: bool, no_color: bool) -> Look:
    """Return what the output can show: a file or a pipe gets plain text of a fixed width."""
    if to_file:
        return Look()
    environment = os.environ
    wanted = sys.stdout.isatty() or bool(environment.get("FORCE_COLOR"))
    refused = no_color or bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
    return Look(width=max(NARROWEST, min(_columns(), WIDEST)), color=wanted and not refused, unicode=_has_blocks())


def _columns() -> int:
    """Return the width of the terminal: COLUMNS, or what the terminal says, or a fixed one for pipes."""
    with suppress(ValueError):
        if (columns := int(os.environ.get("COLUMNS", ""))) > 0:
            return columns
    with suppress(OSError, ValueError, AttributeError):
        return os.get_terminal_size(sys.stdout.fileno()).columns or Look.width
    return Look.width


def _has_blocks() -> bool:
    try:
        "▁✓→".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def check_place(output: str | None) -> None:
    """Raise ``RundoctorError`` before long work whose result could not be written there."""
    if output is None:
        return
    place = output if os.path.exists(output) else os.path.dirname(output) or "."
    if os.path.isdir(output) or not os.access(place, os.W_OK):
        raise RundoctorError(f"cannot write {output}", "name another file with -o")


def write(text: str, output: str | None) -> None:
    """Write the result to a file, or to stdout."""
    if output is None:
        _print(text)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise RundoctorError(f"cannot write {output}: {error.strerror}", "name another file with -o") from error


def _print(text: str) -> None:
    """Write to stdout; a reader that has left, such as ``head``, ends the program quietly."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(PIPE_CLOSED) from None
