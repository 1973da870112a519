"""Finding events in a log by customer, kind, name and day, as columns in the order of days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from custgrade.data.ids import Ids
from custgrade.events.event_columns import PARTS, EventColumns, Occasion
from custgrade.events.found_events import FoundEvents, Wanted
from custgrade.events.schema import EVENT

_SEPARATOR = "\x1f"
_CHUNK = 65_536
_TAKEN_BACK = ("void_reason", "void_author")


def find_events(connection: sa.Connection, wanted: Wanted) -> FoundEvents:
    """Return the events that are wanted."""
    names = [*PARTS, *_TAKEN_BACK]
    # few occasions differ, so one text for each row is faster to read than a column for each part
    occasion: Any = sa.case((EVENT.c.voided == 0, ""), else_="voided")
    for name in names:
        occasion = occasion + sa.literal_column(f"'{_SEPARATOR}'", sa.Text) + EVENT.c[name]
    query = sa.select(EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, occasion)
    query = query.where(*conditions(wanted)).order_by(EVENT.c.day, EVENT.c.seq)
    codes: dict[str, int] = {}
    ids: list[Ids] = []
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    for rows in connection.execute(query).partitions(_CHUNK):
        who, number, cents, what = zip(*rows, strict=True)
        for one in dict.fromkeys(what):
            codes.setdefault(one, len(codes))
        ids.append(np.array(who, dtype=np.dtypes.StringDType()))
        columns = (map(codes.__getitem__, what), number, cents)
        parts.append(tuple(np.fromiter(column, np.int64, len(who)) for column in columns))
    none = np.zeros(0, dtype=np.int64)
    code, numbers, money = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else (none,) * 3
    texts = [text.split(_SEPARATOR) for text in codes]
    events = EventColumns(
        np.concatenate(ids) if ids else np.array([], dtype=np.dtypes.StringDType()),
        [Occasion(*one[1 : 1 + len(PARTS)]) for one in texts],
        code,
        numbers,
        money,
    )
    return FoundEvents(events, [bool(one[0]) for one in texts], [(one[-2], one[-1]) for one in texts])


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
        found.append(EVENT.c.day >= wanted.since)
    if wanted.until is not None:
        found.append(EVENT.c.day <= wanted.until)
    return found
