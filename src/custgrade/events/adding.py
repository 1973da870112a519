"""Adding events to a log, in one transaction: all of them, or none after an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import sqlalchemy as sa
from attrs import evolve, frozen

from custgrade.data.ids import id_column
from custgrade.errors import LogError
from custgrade.events.aliases import places_of, present, read_aliases
from custgrade.events.batch import Batch
from custgrade.events.checking import checked
from custgrade.events.database import COLUMNS, insert_rows, raise_revision
from custgrade.events.event_columns import PARTS, EventColumns
from custgrade.events.history import History
from custgrade.events.history_query import read_history
from custgrade.events.kinds import ENTERED, RUN
from custgrade.events.limit_checks import check_limits
from custgrade.events.schema import EVENT, LOG

_MOST_LOOKED_UP = 200_000
"""The number of customers above which the whole log is read, which is faster than looking them up."""


@frozen
class Added:
    """What became of events: how many were written, how many were there already, and the log's revision after it.

    moved_on: whether anything else than a plan was recorded since the plan was made; False if no plan is known.
    """

    written: int
    already: int
    revision: int
    moved_on: bool = False


def add_events(connection: sa.Connection, batch: Batch, *, late: bool = True) -> Added:
    """Check the events of a batch and write those that aren't in the log yet.

    connection: in a transaction that no other process is in. late: whether a late answer may be signed.

    Raises LogError.
    """
    events, limits, currency = batch.events, batch.limits, batch.currency
    before, known = connection.execute(sa.select(LOG.c.revision, LOG.c.currency)).one()
    if currency and known and currency != known:
        raise LogError(f"the log is in {known}; received events in {currency}")
    if currency and not known:
        connection.execute(sa.update(LOG).values(currency=currency))
    if not len(events):
        return Added(0, 0, before)
    aliases = read_aliases(connection)
    ids = [present(one, aliases) for one in events.customer_id.tolist()]
    places: dict[str, int] = {}
    who = np.fromiter((places.setdefault(one, len(places)) for one in ids), np.int64, len(ids))
    history = _history(connection, list(places), aliases)
    found = checked(history, events, who, late=late)
    fresh = evolve(
        events.take(found.fresh), customer_id=id_column([ids[row] for row in found.fresh.tolist()]), number=found.number
    )
    moved_on = batch.revision is not None and _moved_on(connection, batch.revision, before)
    if not len(fresh):
        return Added(0, len(events), before, moved_on)
    revision = raise_revision(connection)
    insert_rows(connection, EVENT, COLUMNS, _rows(fresh, revision))
    check_limits(connection, history, fresh, who[found.fresh], limits)
    return Added(len(fresh), len(events) - len(fresh), revision, moved_on)


def _moved_on(connection: sa.Connection, planned: int, before: int) -> bool:
    """Return whether anything else than a plan was recorded after a revision, or an event was taken back."""
    later = sa.select(EVENT.c.seq).where(EVENT.c.revision > planned, EVENT.c.kind.not_in((ENTERED, RUN)))
    if connection.scalar(later.limit(1)) is not None:
        return True
    newest = connection.scalar(sa.select(sa.func.max(EVENT.c.revision))) or 0
    return planned < before and newest != before


def _rows(events: EventColumns, revision: int) -> Iterator[tuple[Any, ...]]:
    """Yield the events as rows in the order of `COLUMNS`."""
    shared = [tuple(getattr(one, name) for name in PARTS) for one in events.occasions]
    columns = (events.customer_id.tolist(), events.number.tolist(), events.cents.tolist(), events.code.tolist())
    for identity, number, cents, code in zip(*columns, strict=True):
        yield (identity, number, cents, *shared[code], revision)


def _history(connection: sa.Connection, ids: list[str], aliases: dict[str, str]) -> History:
    places = places_of(ids, aliases)
    if len(ids) > _MOST_LOOKED_UP:
        return read_history(connection, len(ids), places)
    with _looked_up(connection, places) as table:
        return read_history(connection, len(ids), places, ids=table)


@contextmanager
def _looked_up(connection: sa.Connection, ids: Iterable[str]) -> Iterator[sa.Table]:
    """Yield a temporary table of ids."""
    table = sa.Table(
        "custgrade_wanted",
        sa.MetaData(),
        sa.Column("customer_id", sa.Text, primary_key=True),
        prefixes=["TEMPORARY"],
    )
    table.create(connection)
    insert_rows(connection, table, ["customer_id"], ((one,) for one in ids))
    try:
        yield table
    finally:
        table.drop(connection)
