"""What a log says of some customers: their events until a day, as columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from attrs import evolve, field, frozen

from custgrade.data.converters import locked, tupled
from custgrade.events.event_columns import PARTS, Occasion, days_of
from custgrade.events.forgotten import is_forgotten
from custgrade.events.schema import EVENT

Mask = npt.NDArray[np.bool_]
_SEPARATOR = "\x1f"
_CHUNK = 65_536
_READ = [name for name in PARTS if name not in ("author", "note", "version")]
"""The parts of occasions that states depend on."""
_MOST_STRANGERS = 5
NOBODY = -1


@frozen(slots=False, eq=False)
class History:
    """The events of some customers, in no order.

    size: the number of customers. who: the position of each event's customer, int64 of shape (m,); −1 for an event of
    another customer. occasions: without author, note and version. code: the position of each event's occasion, int64.
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

    def __len__(self) -> int:
        return len(self.code)

    @cached_property
    def days(self) -> npt.NDArray[np.datetime64]:
        """The day of each event."""
        return days_of([one.day for one in self.occasions])[self.code]

    def each(self, value_of: Callable[[Occasion], Any], dtype: Any) -> npt.NDArray[Any]:
        """Return a value of each event's occasion, computed once per occasion."""
        return np.array([value_of(one) for one in self.occasions], dtype=dtype)[self.code]

    def where(self, wanted: Callable[[Occasion], bool]) -> History:
        """Return the events of occasions that are wanted."""
        keep = np.array([wanted(one) for one in self.occasions], dtype=bool)
        some = self.take(keep[self.code])
        occasions = [one for one, kept in zip(self.occasions, keep.tolist(), strict=True) if kept]
        return evolve(some, occasions=occasions, code=(np.cumsum(keep) - 1)[some.code])

    def take(self, which: npt.NDArray[Any]) -> History:
        """Return some events, by position or by truth value."""
        columns = {name: getattr(self, name)[which] for name in ("who", "code", "number", "cents")}
        return evolve(self, **columns)

    @cached_property
    def known(self) -> History:
        """The events of the customers themselves, without those of others."""
        return self.take(self.who != NOBODY)


def no_history(size: int) -> History:
    """Return the history of customers in a log without events."""
    none = np.zeros(0, dtype=np.int64)
    return History(size, none, (), none, none, none)


def read_history(
    connection: sa.Connection,
    size: int,
    places: Mapping[str, int],
    until: str | None = None,
    ids: sa.FromClause | None = None,
) -> History:
    """Return the events of customers that hold.

    size: the number of customers. places: the position of each customer by present and former ids. until: the last day
    that counts, ISO; None for all. ids: a table with a column customer_id, if only the events of these ids are read.
    """
    codes: dict[str, int] = {}
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    strangers: dict[str, None] = {}
    # the driver's rows are tuples already, and SQLAlchemy's cost as much again
    cursor: Any = connection.execute(_query(connection.dialect.name, ids)).cursor
    while rows := cursor.fetchmany(_CHUNK):
        who, number, cents, what = zip(*rows, strict=True)
        for one in set(what) - codes.keys():
            codes[one] = len(codes)
        found = np.fromiter(map(places.get, who, repeat(NOBODY)), np.int64, len(who))
        if len(strangers) < _MOST_STRANGERS:
            strange = np.flatnonzero(found == NOBODY)[:_MOST_STRANGERS].tolist()
            strangers |= {who[row]: None for row in strange if who[row] and not is_forgotten(who[row])}
        columns = (map(codes.__getitem__, what), number, cents)
        parts.append((found, *(np.fromiter(column, np.int64, len(who)) for column in columns)))
    if not parts:
        return no_history(size)
    at, code, numbers, money = (np.concatenate(column) for column in zip(*parts, strict=True))
    occasions = [Occasion(**dict(zip(_READ, text.split(_SEPARATOR), strict=True))) for text in codes]
    found_history = History(size, at, occasions, code, numbers, money, strangers=tuple(strangers)[:_MOST_STRANGERS])
    if until is None:
        return found_history
    late = found_history.each(lambda one: one.day > until, bool)
    return evolve(found_history.take(~late), later=int(late.sum())) if late.any() else found_history


def _query(dialect: str, ids: sa.FromClause | None) -> sa.Select[Any]:
    # few occasions differ, so one text for each row is faster to read than a column for each part
    parts = [EVENT.c[name] for name in _READ]
    if dialect == "sqlite":
        occasion = sa.func.printf(_SEPARATOR.join(["%s"] * len(parts)), *parts)
    else:
        occasion = sa.func.concat_ws(_SEPARATOR, *parts)
    query = sa.select(EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, occasion).where(EVENT.c.voided == 0)
    return query if ids is None else query.where(EVENT.c.customer_id.in_(sa.select(ids.c.customer_id)))
