"""Sinks, which take columns part by part, so that only some parts are in memory at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from custgrade.data.output_columns import OutputColumns
from custgrade.selection.chunks import spans


class Sink(Protocol):
    """A consumer of columns, part by part."""

    @property
    def parts(self) -> Sequence[slice]:
        """The rows of each part."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether `take` must be called in the order of the parts."""
        ...

    def take(self, number: int, columns: OutputColumns) -> None:
        """Take the columns of a part; number: of the part, from 0."""
        ...

    def finish(self) -> None:
        """Write the rest after all parts were taken."""
        ...


class NoSink:
    """A sink that writes nothing."""

    ordered = False

    def __init__(self, size: int) -> None:
        self.parts = spans(size)

    def take(self, number: int, columns: OutputColumns) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""
