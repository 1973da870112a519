"""Sinks: they take columns part by part, so that no more than a part is in memory at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from custgrade.data.output_columns import OutputColumns
from custgrade.selection.chunks import spans


class Sink(Protocol):
    """Takes columns part by part."""

    @property
    def parts(self) -> Sequence[slice]:
        """The rows of each part."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether the parts must come one after the other."""
        ...

    def take(self, number: int, columns: OutputColumns) -> None:
        """Take in the columns of a part."""
        ...

    def finish(self) -> None:
        """Write what is still to be written when all parts are there."""
        ...


class NoSink:
    """Takes columns that nobody wants written."""

    ordered = False

    def __init__(self, size: int) -> None:
        self.parts = spans(size)

    def take(self, number: int, columns: OutputColumns) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""
