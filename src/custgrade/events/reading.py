"""Reading a log: its state, its events one by one, and the history of customers as of one revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import sqlalchemy as sa
from attrs import evolve

from custgrade.data.ids import Ids
from custgrade.data.period import as_date
from custgrade.errors import LogError, SourceError
from custgrade.events.aliases import places_of, present, read_aliases
from custgrade.events.database import Database, LogState
from custgrade.events.deadlines import Deadline, deadlines
from custgrade.events.event import Event
from custgrade.events.event_columns import PARTS, EventColumns
from custgrade.events.event_rows import AliasRow
from custgrade.events.finding import find_events
from custgrade.events.found_events import FoundEvents, Wanted
from custgrade.events.history import History, no_history
from custgrade.events.history_query import read_history
from custgrade.events.schema import ALIAS, EVENT, OCCASION
from custgrade.text import shown

_ATTEMPTS = 20
_MOST_DAYS = 3_660


def state(database: Database) -> LogState:
    """Return the state of a log; revision 0 if there is none yet."""
    with database.reading() as connection:
        return LogState() if connection is None else database.state(connection)


def exists(database: Database) -> bool:
    """Return whether there is a log."""
    with database.reading() as connection:
        return connection is not None


def events(database: Database, *, voided: bool = False) -> Iterator[Event]:
    """Yield the events that hold, or those that were voided, in the order in which they were written."""
    with database.reading() as connection:
        if connection is None:
            return
        columns = [EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, *(OCCASION.c[name] for name in PARTS)]
        query = sa.select(*columns).join(OCCASION, OCCASION.c.id == EVENT.c.occasion).order_by(EVENT.c.seq)
        for customer, number, cents, *parts in connection.execute(
            query.where(EVENT.c.voided != 0 if voided else EVENT.c.voided == 0)
        ):
            shared = dict(zip(PARTS, parts, strict=True))
            yield Event(customer, number=number, money=cents / 100.0, **shared)


def aliases(database: Database) -> dict[str, str]:
    """Return the present id of each former one."""
    with database.reading() as connection:
        return {} if connection is None else read_aliases(connection)


def history(database: Database, ids: Ids, until: str | None) -> History:
    """Return the events of customers, all as of one revision."""
    for _ in range(_ATTEMPTS):
        with database.reading() as connection:
            if connection is None:
                return no_history(len(ids))
            before = database.state(connection)
            places = places_of(ids.tolist(), read_aliases(connection))
            found = read_history(connection, len(ids), places, until)
            # several statements need not see the same state in every database
            if database.state(connection).revision == before.revision:
                return evolve(found, revision=before.revision, currency=before.currency)
    raise LogError(f"{database.url} was changed {_ATTEMPTS} times while it was read; try again")


def find(database: Database, wanted: Wanted) -> FoundEvents:
    """Return the events that are wanted; those of a customer under all ids that the customer has had."""
    with database.reading() as connection:
        if connection is None:
            return _nothing()
        if wanted.customers is not None:
            known = read_aliases(connection)
            new = {present(one, known) for one in wanted.customers}
            wanted = evolve(wanted, customers=(*new, *(old for old, its in known.items() if its in new)))
        return find_events(connection, wanted)


def everything(database: Database, wanted: Wanted) -> tuple[FoundEvents, list[AliasRow], str]:
    """Return events, aliases as they were recorded, and the currency, all as of one revision."""
    for _ in range(_ATTEMPTS):
        with database.reading() as connection:
            if connection is None:
                return _nothing(), [], ""
            before = database.state(connection)
            found = find_events(connection, wanted)
            query = sa.select(ALIAS.c.old_id, ALIAS.c.new_id, ALIAS.c.author, ALIAS.c.note).order_by(ALIAS.c.old_id)
            rows = [AliasRow(*row, line=0) for row in connection.execute(query)]
            if database.state(connection).revision == before.revision:
                return found, rows, before.currency
    raise LogError(f"{database.url} was changed {_ATTEMPTS} times while it was read; try again")


def _nothing() -> FoundEvents:
    none = np.zeros(0, dtype=np.int64)
    return FoundEvents(EventColumns([], (), none, none, none), (), ())


def due(database: Database, on: str | dt.date, days: int) -> list[Deadline]:
    """Return the deadlines until some days after a day."""
    try:
        day = as_date(on, "on")
    except SourceError as error:
        raise LogError(str(error)) from None
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= _MOST_DAYS:
        raise LogError(f"days must be a whole number from 0 to {_MOST_DAYS:,}; received {shown(days)}")
    if days > (dt.date.max - day).days:
        days = (dt.date.max - day).days
    with database.reading() as connection:
        return [] if connection is None else deadlines(connection, day, days)
