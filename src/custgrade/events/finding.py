"""Finding events in a log by customer, kind, name and day, as columns in the order of days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from custgrade.data.ids import Ids
from custgrade.events.event_columns import PARTS, EventColumns
from custgrade.events.found_events import FoundEvents, Wanted
from custgrade.events.occasion_rows import read_occasions
from custgrade.events.schema import EVENT, OCCASION

_SEPARATOR = "\x1f"
_CHUNK = 65_536


def find_events(connection: sa.Connection, wanted: Wanted) -> FoundEvents:
    """Return the events that are wanted."""
    taken_back = EVENT.c.void_reason + sa.literal_column(f"'{_SEPARATOR}'", sa.Text) + EVENT.c.void_author
    why: Any = sa.case((EVENT.c.voided == 0, ""), else_=taken_back)
    query = sa.select(EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, EVENT.c.occasion, why)
    query = query.join(OCCASION, OCCASION.c.id == EVENT.c.occasion).where(*conditions(wanted))
    codes: dict[tuple[int, str], int] = {}
    ids: list[Ids] = []
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    for rows in connection.execute(query.order_by(OCCASION.c.day, EVENT.c.seq)).partitions(_CHUNK):
        who, number, cents, *what = zip(*rows, strict=True)
        keys = list(zip(*what, strict=True))
        for one in dict.fromkeys(keys):
            codes.setdefault(one, len(codes))
        ids.append(np.array(who, dtype=np.dtypes.StringDType()))
        columns = (map(codes.__getitem__, keys), number, cents)
        parts.append(tuple(np.fromiter(column, np.int64, len(who)) for column in columns))
    none = np.zeros(0, dtype=np.int64)
    code, numbers, money = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else (none,) * 3
    occasions = read_occasions(connection, PARTS)
    events = EventColumns(
        np.concatenate(ids) if ids else np.array([], dtype=np.dtypes.StringDType()),
        [occasions[row] for row, _ in codes],
        code,
        numbers,
        money,
    )
    said = [text.partition(_SEPARATOR)[::2] for _, text in codes]
    return FoundEvents(events, [bool(text) for _, text in codes], said)


def conditions(wanted: Wanted) -> Iterable[sa.ColumnElement[bool]]:
    """Return the conditions of a query for the events that are wanted."""
    found: list[sa.ColumnElement[bool]] = [] if wanted.voided else [EVENT.c.voided == 0]
    if wanted.customers is not None:
        found.append(EVENT.c.customer_id.in_(wanted.customers))
    if wanted.kinds is not None:
        found.append(EVENT.c.kind.in_(wanted.kinds))
    if wanted.name is not None:
        found.append(EVENT.c.name == wanted.name)
    if wanted.since is not None:
        found.append(OCCASION.c.day >= wanted.since)
    if wanted.until is not None:
        found.append(OCCASION.c.day <= wanted.until)
    return found
