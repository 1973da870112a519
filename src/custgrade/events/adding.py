"""Adding events to a log, in one transaction: all of them, or none after an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from attrs import evolve, frozen

from custgrade.data.ids import id_column
from custgrade.errors import LogError
from custgrade.events.aliases import places_of, present, read_aliases
from custgrade.events.batch import Batch
from custgrade.events.checking import checked
from custgrade.events.database import COLUMNS, insert_rows, raise_revision
from custgrade.events.event_columns import PARTS, EventColumns, Occasion
from custgrade.events.history import History
from custgrade.events.history_query import read_history
from custgrade.events.kinds import ENTERED, MOVES, REWARDS, RUN
from custgrade.events.limits import Budget, Cap
from custgrade.events.schema import EVENT, LOG

_MOST_LOOKED_UP = 200_000
"""The number of customers above which the whole log is read, which is faster than looking them up."""


@frozen
class Added:
    """What became of events: how many were written, how many were there already, and the log's revision after it.

    moved_on: whether anything else than a plan was recorded since the plan was made; False if no plan is known. notes:
    sentences on what a file had besides.
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
    history = history_of(connection, list(places), aliases)
    found = checked(history, events, who, late=late, gaps=gaps)
    fresh = evolve(
        events.take(found.fresh), customer_id=id_column([ids[row] for row in found.fresh.tolist()]), number=found.number
    )
    moved_on = batch.revision is not None and has_moved_on(connection, batch.revision, before)
    if not len(fresh):
        return Added(0, len(events), before, moved_on)
    revision = raise_revision(connection)
    insert_events(connection, fresh, revision)
    for budget in limits.budgets:
        _check_budget(connection, fresh, budget)
    for cap in limits.caps:
        _check_cap(history, fresh, who[found.fresh], cap)
    return Added(len(fresh), len(events) - len(fresh), revision, moved_on)


def has_moved_on(connection: sa.Connection, planned: int, before: int) -> bool:
    """Return whether anything else than a plan was recorded after a revision, or an event was taken back."""
    later = sa.select(EVENT.c.seq).where(EVENT.c.revision > planned, EVENT.c.kind.not_in((ENTERED, RUN)))
    if connection.scalar(later.limit(1)) is not None:
        return True
    newest = connection.scalar(sa.select(sa.func.max(EVENT.c.revision))) or 0
    return planned < before and newest != before


def insert_events(connection: sa.Connection, events: EventColumns, revision: int) -> None:
    """Write events as they are; revision: of the log, after they are written."""
    insert_rows(connection, EVENT, COLUMNS, _rows(events, revision))


def _rows(events: EventColumns, revision: int) -> Iterator[tuple[Any, ...]]:
    """Yield the events as rows in the order of `COLUMNS`."""
    shared = [tuple(getattr(one, name) for name in PARTS) for one in events.occasions]
    columns = (events.customer_id.tolist(), events.number.tolist(), events.cents.tolist(), events.code.tolist())
    for identity, number, cents, code in zip(*columns, strict=True):
        yield (identity, number, cents, *shared[code], revision)


def history_of(connection: sa.Connection, ids: list[str], aliases: dict[str, str]) -> History:
    """Return the events of customers, by their present ids."""
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


def _check_budget(connection: sa.Connection, fresh: EventColumns, budget: Budget) -> None:
    """Refuse rewards by which more is spent than a budget has."""

    def counts(one: Occasion) -> bool:
        mine = (one.policy, one.treatment) == (budget.policy, budget.treatment)
        return mine and one.kind in REWARDS and budget.first <= one.day <= budget.last

    if not fresh.cents[fresh.each(counts, bool)].any():
        return
    found = connection.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(EVENT.c.cents), 0)).where(
            EVENT.c.voided == 0,
            EVENT.c.kind.in_(REWARDS),
            EVENT.c.policy == budget.policy,
            EVENT.c.treatment == budget.treatment,
            EVENT.c.day.between(budget.first, budget.last),
        )
    )
    spent = int(found or 0)
    if spent > budget.cents:
        raise LogError(
            f"rewards to {budget.treatment} from {budget.first} to {budget.last} would come to {spent / 100:,.2f}; "
            f"the budget is {budget.cents / 100:,.2f}. Nothing was recorded. Plan again: others may have used it."
        )


def _check_cap(history: History, fresh: EventColumns, who: npt.NDArray[np.int64], cap: Cap) -> None:
    """Refuse events by which a customer would get more than a cap allows."""

    def counts(one: Occasion) -> bool:
        return one.kind in cap.kinds and cap.first <= one.day <= cap.last

    new = fresh.each(counts, bool)
    old = history.known.where(counts)
    money, times = np.zeros(history.size, dtype=np.int64), np.zeros(history.size, dtype=np.int64)
    for at, cents in ((old.who, old.cents), (who[new], fresh.cents[new])):
        np.add.at(money, at, cents)
        np.add.at(times, at, 1)
    over = np.zeros(history.size, dtype=bool)
    if cap.cents is not None:
        over |= money > cap.cents
    if cap.times is not None:
        over |= times > cap.times
    # the moves of an offer come in any case, and take the place of other contacts
    rows = np.flatnonzero(over[who] & new & fresh.each(lambda one: one.kind not in MOVES, bool))
    if len(rows):
        row = int(rows[0])
        identity, place = fresh.customer_id[row], who[row]
        got = f"{money[place] / 100:,.2f}" if cap.cents is not None else f"{times[place]:,}"
        most = f"{cap.cents / 100:,.2f}" if cap.cents is not None else f"{cap.times:,}"
        raise LogError(
            f"customer {str(identity)!r} would get {got} of {cap.what} from {cap.first} to {cap.last}; the most is "
            f"{most}. {len(np.unique(who[rows])):,} customers would get more. Nothing was recorded; plan again."
        )
