"""What a log says of some customers: their events until a day, as columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked, tupled
from custgrade.events.event_columns import ByOccasion, Occasion

NOBODY = -1


@frozen(slots=False, eq=False)
class History(ByOccasion):
    """The events of some customers, in no order.

    size: the number of customers. who: the position of each event's customer, int64 of shape (m,); −1 for an event of
    another customer. occasions: without author and note. code: the position of each event's occasion, int64.
    number, cents: int64. revision: the number of writes that it contains. currency: of all money, empty if unknown.
    later: the number of events after the day, which are left out. strangers: ids of other customers, a few.
    """

    size: int
    who: npt.NDArray[np.int64] = field(converter=locked)
    occasions: tuple[Occasion, ...] = field(converter=tupled)
    code: npt.NDArray[np.int64] = field(converter=locked)
    number: npt.NDArray[np.int64] = field(converter=locked)
    cents: npt.NDArray[np.int64] = field(converter=locked)
    revision: int = 0
    currency: str = ""
    later: int = 0
    strangers: tuple[str, ...] = ()

    def where(self, wanted: Callable[[Occasion], bool]) -> History:
        """Return the events of occasions that are wanted."""
        keep = np.array([wanted(one) for one in self.occasions], dtype=bool)
        occasions = [one for one, kept in zip(self.occasions, keep.tolist(), strict=True) if kept]
        if len(occasions) == len(keep):
            return self
        rows = np.flatnonzero(keep[self.code]) if occasions else np.zeros(0, dtype=np.int64)
        return self._of(rows, occasions, (np.cumsum(keep) - 1)[self.code[rows]])

    def take(self, which: npt.NDArray[Any]) -> History:
        """Return some events, by position or by truth value."""
        return self._of(which, self.occasions, self.code[which])

    def _of(self, which: npt.NDArray[Any], occasions: Sequence[Occasion], code: npt.NDArray[np.int64]) -> History:
        # plans take parts of a history hundreds of times, and attrs.evolve takes three times as long
        return History(
            self.size,
            self.who[which],
            occasions,
            code,
            self.number[which],
            self.cents[which],
            self.revision,
            self.currency,
            self.later,
            self.strangers,
        )

    @cached_property
    def known(self) -> History:
        """The events of the customers themselves, without those of others."""
        return self.take(self.who != NOBODY)


def no_history(size: int) -> History:
    """Return the history of customers in a log without events."""
    none = np.zeros(0, dtype=np.int64)
    return History(size, none, (), none, none, none)
