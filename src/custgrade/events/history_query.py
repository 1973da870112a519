"""Reading the events of customers from a log's tables, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from attrs import evolve

from custgrade.events.event_columns import PARTS
from custgrade.events.forgotten import is_forgotten
from custgrade.events.history import NOBODY, History, no_history
from custgrade.events.occasion_rows import read_occasions
from custgrade.events.schema import EVENT

Ids = Sequence[str] | sa.Select[tuple[str]]
"""Ids of customers, a few or those that a query gives."""
_CHUNK = 512
"""Rows read at once. More rows than Python's garbage collector lets be created in between need half as long again."""
_READ = [name for name in PARTS if name not in ("author", "note")]
"""The parts of occasions that states depend on."""
_MOST_STRANGERS = 5


def read_history(
    connection: sa.Connection,
    size: int,
    places: Mapping[str, int],
    until: str | None = None,
    ids: Ids | None = None,
) -> History:
    """Return the events of customers that hold.

    size: the number of customers. places: the position of each customer by present and former ids. until: the last day
    that counts, ISO; None for all. ids: the only ids whose events are read; None for all.
    """
    query = sa.select(EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, EVENT.c.occasion).where(EVENT.c.voided == 0)
    wanted = None
    if ids is not None:
        mine = EVENT.c.customer_id.in_(ids)
        query, wanted = query.where(mine), sa.select(EVENT.c.occasion).where(mine)
    occasions = read_occasions(connection, _READ, wanted)
    if not occasions:
        return no_history(size)
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    strangers: dict[str, None] = {}
    # the driver's rows are tuples already, and SQLAlchemy's cost as much again
    cursor: Any = connection.execute(query).cursor
    while rows := cursor.fetchmany(_CHUNK):
        who, *numbers = zip(*rows, strict=True)
        found = np.fromiter(map(places.get, who, repeat(NOBODY)), np.int64, len(who))
        if len(strangers) < _MOST_STRANGERS:
            strange = np.flatnonzero(found == NOBODY)[:_MOST_STRANGERS].tolist()
            strangers |= {who[row]: None for row in strange if who[row] and not is_forgotten(who[row])}
        parts.append((found, *(np.fromiter(column, np.int64, len(who)) for column in numbers)))
    if not parts:
        return no_history(size)
    at, number, cents, row = (np.concatenate(column) for column in zip(*parts, strict=True))
    code = np.searchsorted(np.fromiter(occasions, np.int64, len(occasions)), row)
    whole = History(size, at, occasions.values(), code, number, cents, strangers=tuple(strangers)[:_MOST_STRANGERS])
    if until is None:
        return whole
    late = whole.each(lambda one: one.day > until, bool)
    return evolve(whole.take(~late), later=int(late.sum())) if late.any() else whole
