"""The one door through which text from a run, or from a user, reaches a reader."""

from __future__ import annotations


def safe(text: object) -> str:
    """Return text from a run on one line, with control, bidirectional and other invisible characters spelled out."""
    string = str(text)
    if string.isprintable():
        return string
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in string)
