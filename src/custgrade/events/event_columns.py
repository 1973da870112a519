"""Events as columns: many events, of which few things differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, fields, frozen

from custgrade.data.converters import locked, tupled
from custgrade.data.ids import Ids, id_column
from custgrade.errors import LogError
from custgrade.events.event import MOST_CENTS, MOST_NUMBER, Event
from custgrade.events.kinds import CONSENT, REWARDS
from custgrade.text import type_with_article

NONE = np.datetime64("NaT", "D")
NEXT = 0
"""The number of an event that takes the next one."""


@frozen
class Occasion:
    """What some events have in common: all of an event but customer, number and money. Days are ISO texts."""

    kind: str
    name: str = ""
    day: str = ""
    due: str = ""
    until: str = ""
    treatment: str = ""
    policy: str = ""
    version: str = ""
    terms: str = ""
    author: str = ""
    note: str = ""


PARTS: tuple[str, ...] = tuple(one.name for one in fields(Occasion))
"""The attributes of occasions, in order."""


class ByOccasion:
    """Columns of events with codes for their occasions.

    occasions: different ones. code: the position of each event's occasion in `occasions`, int64 of shape (m,).
    """

    occasions: tuple[Occasion, ...]
    code: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def days(self) -> npt.NDArray[np.datetime64]:
        """The day of each event, datetime64[D]."""
        return days_of([one.day for one in self.occasions])[self.code]

    def each(self, value_of: Callable[[Occasion], Any], dtype: Any) -> npt.NDArray[Any]:
        """Return a value of each event's occasion, computed once per occasion."""
        return np.array([value_of(one) for one in self.occasions], dtype=dtype)[self.code]


@frozen(slots=False, eq=False)
class EventColumns(ByOccasion):
    """Events as columns.

    customer_id: texts of shape (m,). code: the position of each event's occasion in `occasions`, int64. number: which
    time it is, from 1 on, int64; 0 for the next one. cents: money in whole hundredths, int64. line: the line of a file
    that each event is from, int64; None if they are from no file.
    """

    customer_id: Ids = field(converter=id_column)
    occasions: tuple[Occasion, ...] = field(converter=tupled)
    code: npt.NDArray[np.int64] = field(converter=locked)
    number: npt.NDArray[np.int64] = field(converter=locked)
    cents: npt.NDArray[np.int64] = field(converter=locked)
    line: npt.NDArray[np.int64] | None = None

    def take(self, which: npt.NDArray[Any]) -> EventColumns:
        """Return some events, by position or by truth value."""
        line = None if self.line is None else self.line[which]
        return EventColumns(
            self.customer_id[which], self.occasions, self.code[which], self.number[which], self.cents[which], line
        )

    def events(self) -> Iterator[Event]:
        """Yield the events one by one."""
        columns = (self.customer_id.tolist(), self.code.tolist(), self.number.tolist(), self.cents.tolist())
        for identity, code, number, cents in zip(*columns, strict=True):
            parts = {name: getattr(self.occasions[code], name) for name in PARTS}
            yield Event(identity, number=number or None, money=cents / 100.0, **parts)


def days_of(texts: Iterable[str]) -> npt.NDArray[np.datetime64]:
    """Return days from ISO texts, NaT for an empty one."""
    return np.array([text or "NaT" for text in texts], dtype="datetime64[D]")


def event_columns(events: Event | Iterable[Event] | EventColumns) -> EventColumns:
    """Return events as columns.

    Raises LogError for anything that isn't an event.
    """
    if isinstance(events, EventColumns):
        _check_columns(events)
        return events
    if isinstance(events, (str, bytes)) or not isinstance(events, (Iterable, Event)):
        raise LogError(f"a log takes events; received {type_with_article(events)}")
    given = [events] if isinstance(events, Event) else list(events)
    odd = [one for one in given if type(one) is not Event]
    if odd:
        raise LogError(f"a log takes events; received {type_with_article(odd[0])}")
    codes: dict[Occasion, int] = {}
    code = [codes.setdefault(_occasion(one), len(codes)) for one in given]
    return EventColumns(
        [one.customer_id for one in given],
        codes,
        np.array(code, dtype=np.int64),
        np.array([one.number or NEXT for one in given], dtype=np.int64),
        np.array([one.cents for one in given], dtype=np.int64),
    )


def _occasion(event: Event) -> Occasion:
    return Occasion(**{name: str(getattr(event, name) or "") for name in PARTS})


def _check_columns(events: EventColumns) -> None:
    """Raise LogError for columns that can't have been made from events."""
    arrays = (events.code, events.number, events.cents, *(() if events.line is None else (events.line,)))
    if any(array.shape != events.customer_id.shape or array.dtype != np.int64 for array in arrays):
        raise LogError("columns of events must be whole numbers, int64, as many as there are ids")
    if not len(events):
        return
    bounds = ((events.code, 0, len(events.occasions) - 1), (events.number, NEXT, MOST_NUMBER))
    for array, least, most in (*bounds, (events.cents, -MOST_CENTS, MOST_CENTS)):
        if array.min() < least or array.max() > most:
            raise LogError(f"columns of events have a number from {array.min()} to {array.max()} beyond {least}…{most}")
    texts = events.customer_id.tolist()
    first = next((one for one in texts if one), "-")
    for code, one in enumerate(events.occasions):
        money = events.cents[events.code == code] / 100.0 if one.kind in (CONSENT, *REWARDS) else np.zeros(1)
        # of a reward, only less than nothing is wrong
        for each in np.unique(money if one.kind == CONSENT else money.min(initial=0.0)).tolist():
            Event(first, money=each, **{name: getattr(one, name) for name in PARTS})
    if any("\0" in one or not one for one in texts):
        for identity, code in zip(texts, events.code.tolist(), strict=True):
            one = events.occasions[code]
            Event(identity, **{name: getattr(one, name) for name in PARTS})
