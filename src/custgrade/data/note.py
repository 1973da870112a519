"""Notes for readers of a result that say what the reader can do."""

from __future__ import annotations

from typing import Any

from custgrade.errors import Hint


class Note(str):
    """A note that ends with what to do: the text has Python's words.

    option: the whole note with the flags of the command line.
    """

    option: str

    def __new__(cls, text: str, hint: Hint) -> Note:
        """Return a note; text: what was found, in sentences. hint: what the reader can do about it."""
        note = super().__new__(cls, f"{text} {hint.python}".strip())
        note.option = f"{text} {hint.option}".strip()
        return note

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (str(self), self.option)


def _restored(text: str, option: str) -> Note:
    note = Note(text, Hint())
    note.option = option
    return note


def for_command_line(note: str) -> str:
    """Return a note with the words of the command line."""
    return note.option if isinstance(note, Note) else note
