"""What rundoctor raises when it cannot do its work: one line, and a hint."""

from __future__ import annotations


class RundoctorError(Exception):
    """Base of all errors that a user sees as one line.

    Attributes:
        message: what went wrong, naming the file or the option.
        hint: what to do about it, or an empty string.
        exit_code: 2, rundoctor could not work; 3, there was nothing to judge.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotARun(RundoctorError):
    """The path holds no training run."""


class UnreadableFile(RundoctorError):
    """A file the user named cannot be read at all."""


class NothingToJudge(RundoctorError):
    """The run was found, and none of it can be used."""

    exit_code = 3


class PatchRefused(RundoctorError):
    """The config cannot be edited safely."""


class UnknownName(RundoctorError):
    """A rule, a fix or a limit of that name does not exist."""
