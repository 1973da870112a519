"""Adding events to a log, in one transaction: all of them, or none after an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from attrs import evolve, frozen

from custgrade.argument_checks import is_one_line
from custgrade.data.ids import id_column
from custgrade.errors import LogError
from custgrade.events.aliases import places_of, present, read_aliases
from custgrade.events.batch import Batch
from custgrade.events.checking import checked
from custgrade.events.database import raise_revision
from custgrade.events.event_columns import EventColumns
from custgrade.events.history import History
from custgrade.events.history_query import Ids, read_history
from custgrade.events.inserting import insert_rows
from custgrade.events.kinds import ENTERED, RUN
from custgrade.events.limit_checks import check_limits
from custgrade.events.occasion_rows import occasion_ids
from custgrade.events.schema import EVENT, LOG
from custgrade.text import counted, shown

_COLUMNS = ("customer_id", "kind", "name", "number", "cents", "occasion", "revision")
"""The columns of an event that are written when it is added."""
_Key = tuple[int, str, str, int]
"""The position of an event's customer, and the event's kind, name and number."""
_MOST_LISTED = 300
"""The number of ids up to which a statement lists them, which is faster than a table of them."""
_WANTED = sa.Table(
    "custgrade_wanted",
    sa.MetaData(),
    sa.Column("customer_id", sa.Text, primary_key=True),
    prefixes=["TEMPORARY"],
)
_MOST_LOOKED_UP = 200_000
"""The number of customers above which the whole log is read, which is faster than looking them up."""


@frozen
class Added:
    """What became of events: how many were written, how many were there already, and the log's revision after it.

    moved_on: whether anything else than a plan was recorded since the plan was made; False if no plan is known. notes:
    sentences on what is recorded with another day, and on what a file had besides.
    """

    written: int
    already: int
    revision: int
    moved_on: bool = False
    notes: tuple[str, ...] = ()


def add_events(connection: sa.Connection, batch: Batch, *, late: bool = True, gaps: bool = False) -> Added:
    """Check the events of a batch and write those that aren't in the log yet.

    connection: in a transaction that no other process is in. late: whether a late answer may be signed.
    gaps: whether numbers may be missing, as those of events that were taken back are.

    Raises LogError.
    """
    events, currency = batch.events, batch.currency
    before, known = connection.execute(sa.select(LOG.c.revision, LOG.c.currency)).one()
    if not is_one_line(currency):
        raise LogError(f"a currency must be a text of one line, such as EUR; received {shown(currency)}")
    if currency and known and currency != known:
        raise LogError(f"the log is in {known}; received events in {currency}")
    if currency and not known:
        connection.execute(sa.update(LOG).values(currency=currency))
    moved_on = batch.revision is not None and has_moved_on(connection, batch.revision, before)
    if not len(events):
        return Added(0, 0, before, moved_on)
    aliases = read_aliases(connection)
    ids = [present(one, aliases) for one in events.customer_id.tolist()]
    places: dict[str, int] = {}
    who = np.fromiter((places.setdefault(one, len(places)) for one in ids), np.int64, len(ids))
    history, voided = _recorded(connection, list(places), aliases)
    found = checked(history, events, who, late=late, gaps=gaps)
    fresh = evolve(
        events.take(found.fresh), customer_id=id_column([ids[row] for row in found.fresh.tolist()]), number=found.number
    )
    if not len(fresh):
        return Added(0, len(events), before, moved_on, found.notes)
    revision = raise_revision(connection)
    insert_events(connection, fresh, revision)
    check_limits(connection, batch.limits, history, fresh, who[found.fresh])
    notes = (*found.notes, *_taken_back(voided, fresh, who[found.fresh]))
    return Added(len(fresh), len(events) - len(fresh), revision, moved_on, notes)


def _taken_back(voided: set[_Key], fresh: EventColumns, who: npt.NDArray[np.int64]) -> list[str]:
    """Return a sentence about events that were taken back before, and are recorded again.

    who: the position of each event's customer.
    """
    if not voided:
        return []
    shared = [(one.kind, one.name) for one in fresh.occasions]
    columns = (who.tolist(), fresh.code.tolist(), fresh.number.tolist())
    rows = zip(*columns, strict=True)
    again = [row for row, (at, code, number) in enumerate(rows) if (at, *shared[code], number) in voided]
    if not again:
        return []
    kind, name = shared[int(fresh.code[again[0]])]
    return [
        f"recorded again, though taken back before: {counted(len(again), 'events')}, such as {kind} {name!r} number "
        f"{fresh.number[again[0]]} of customer {str(fresh.customer_id[again[0]])!r}"
    ]


def has_moved_on(connection: sa.Connection, planned: int, before: int) -> bool:
    """Return whether anything else than a plan was recorded after a revision, or an event was taken back."""
    later = sa.select(EVENT.c.seq).where(EVENT.c.revision > planned, EVENT.c.kind.not_in((ENTERED, RUN)))
    if connection.scalar(later.limit(1)) is not None:
        return True
    newest = connection.scalar(sa.select(sa.func.max(EVENT.c.revision))) or 0
    return planned < before and newest != before


def insert_events(connection: sa.Connection, events: EventColumns, revision: int) -> None:
    """Write events as they are; revision: of the log, after they are written."""
    used, code = np.unique(events.code, return_inverse=True)
    occasions = [events.occasions[k] for k in used.tolist()]
    shared = [(one.kind, one.name) for one in occasions]
    ids = occasion_ids(connection, occasions)
    columns = (events.customer_id.tolist(), events.number.tolist(), events.cents.tolist(), code.tolist())
    rows = (
        (identity, *shared[k], number, cents, ids[k], revision)
        for identity, number, cents, k in zip(*columns, strict=True)
    )
    insert_rows(connection, EVENT, _COLUMNS, rows)


def _recorded(connection: sa.Connection, ids: list[str], aliases: dict[str, str]) -> tuple[History, set[_Key]]:
    """Return the events of customers, by their present ids, and the keys of their events that were taken back."""
    places = places_of(ids, aliases)
    if len(ids) > _MOST_LOOKED_UP:
        return read_history(connection, len(ids), places), _voided(connection, places)
    with nullcontext(list(places)) if len(places) <= _MOST_LISTED else _looked_up(connection, places) as some:
        return read_history(connection, len(ids), places, ids=some), _voided(connection, places, some)


def _voided(connection: sa.Connection, places: Mapping[str, int], ids: Ids | None = None) -> set[_Key]:
    """Return the keys of events that were taken back; ids: those of the customers, None to read all events."""
    query = sa.select(EVENT.c.customer_id, EVENT.c.kind, EVENT.c.name, EVENT.c.number).where(EVENT.c.voided != 0)
    if ids is not None:
        query = query.where(EVENT.c.customer_id.in_(ids))
    return {(places[one], kind, name, number) for one, kind, name, number in connection.execute(query) if one in places}


@contextmanager
def _looked_up(connection: sa.Connection, ids: Iterable[str]) -> Iterator[sa.Select[tuple[str]]]:
    """Yield a query of ids, which are in a temporary table."""
    _WANTED.create(connection)
    insert_rows(connection, _WANTED, ["customer_id"], ((one,) for one in ids))
    yield sa.select(_WANTED.c.customer_id)
    # after an error the table goes with the transaction
    _WANTED.drop(connection)
