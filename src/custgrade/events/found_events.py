"""Which events are wanted, and those that were found, as columns in the order of days."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.events.event_columns import EventColumns


@frozen
class Wanted:
    """Which events are wanted; all that hold by default.

    customers: ids, present and former ones. kinds, name: of the events. since, until: the first and the last day, ISO.
    voided: those that were taken back, too.
    """

    customers: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    name: str | None = None
    since: str | None = None
    until: str | None = None
    voided: bool = False


@frozen(eq=False)
class FoundEvents:
    """Events in the order of days, and of writing within a day.

    events: the events. voided: whether the events of each occasion were taken back. why: the reason and the author, for
    each occasion.
    """

    events: EventColumns
    voided: tuple[bool, ...] = field(converter=tupled)
    why: tuple[tuple[str, str], ...] = field(converter=tupled)

    def __len__(self) -> int:
        return len(self.events)

    def take(self, which: npt.NDArray[Any]) -> FoundEvents:
        """Return some events, by position or by truth value."""
        return FoundEvents(self.events.take(which), self.voided, self.why)
