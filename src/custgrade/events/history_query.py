"""Reading the events of customers from a log's tables, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from attrs import evolve

from custgrade.events.event_columns import PARTS, Occasion
from custgrade.events.forgotten import is_forgotten
from custgrade.events.history import NOBODY, History, no_history
from custgrade.events.schema import EVENT

_SEPARATOR = "\x1f"
_CHUNK = 65_536
_READ = [name for name in PARTS if name not in ("author", "note")]
"""The parts of occasions that states depend on."""
_MOST_STRANGERS = 5


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
    for rows in connection.execute(_query(ids)).partitions(_CHUNK):
        who, number, cents, what = zip(*rows, strict=True)
        for one in set(what) - codes.keys():
            codes[one] = len(codes)
        found = np.fromiter((places.get(one, NOBODY) for one in who), np.int64, len(who))
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


def _query(ids: sa.FromClause | None) -> sa.Select[Any]:
    # few occasions differ, so one text for each row is faster to read than a column for each part
    occasion: Any = EVENT.c[_READ[0]]
    for name in _READ[1:]:
        occasion = occasion + sa.literal_column(f"'{_SEPARATOR}'", sa.Text) + EVENT.c[name]
    query = sa.select(EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, occasion).where(EVENT.c.voided == 0)
    return query if ids is None else query.where(EVENT.c.customer_id.in_(sa.select(ids.c.customer_id)))
