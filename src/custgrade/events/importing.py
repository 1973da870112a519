"""Importing a file of events into a log: what it has already is left alone, and all else is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events.adding import Added, add_events, insert_events
from custgrade.events.aliases import present, read_aliases
from custgrade.events.batch import Batch
from custgrade.events.database import raise_revision
from custgrade.events.event_columns import NEXT, EventColumns
from custgrade.events.event_rows import AliasRow, EventRows
from custgrade.events.forgotten import is_forgotten
from custgrade.events.joining import alias
from custgrade.events.schema import ALIAS, EVENT
from custgrade.events.text_table import LineErrors
from custgrade.text import counted, listed

_AT_ONCE = 500
_MOST_SHOWN = 5
Truth = npt.NDArray[np.bool_]


def import_rows(connection: sa.Connection, rows: EventRows) -> Added:
    """Write the rows of a file that a log doesn't have; all or nothing.

    connection: in a transaction that no other process is in.

    Raises LogError with the lines of rows that can't be imported.
    """
    _check_numbers(rows.events)
    notes = [*rows.notes, *_repeated(rows.events)]
    here = read_aliases(connection)
    links = {one.old_id: one.new_id for one in rows.aliases}
    joined = {**here, **{old: present(new, here) for old, new in links.items() if old not in here}}
    _check_aliases(rows.aliases, here, joined)
    # customers whose histories were joined were checked apart before that, so they can't be checked as one again
    groups = set(joined) | {present(one, joined) for one in joined}
    apart = _apart(rows.events, groups)
    ids = set(rows.events.customer_id[apart].tolist()) | groups
    known = _known_ids(connection, ids)
    strange = {one for one in ids if not ({one, present(one, joined)} & known) or is_forgotten(one)}
    restored = apart & np.fromiter((one in strange for one in rows.events.customer_id.tolist()), bool, len(apart))
    first = add_events(connection, Batch(rows.events.take(~restored), currency=rows.currency), gaps=True)
    again = _restore(connection, rows.events.take(restored)) if restored.any() else 0
    notes += first.notes
    made = _add_aliases(connection, rows.aliases, here, known)
    if made:
        notes.append(f"{counted(made, 'aliases') if made != 1 else '1 alias'} recorded")
    revision = raise_revision(connection) if again or made else first.revision
    written = first.written + again
    return Added(written, len(rows.events) - written, revision, notes=tuple(notes))


def _check_numbers(events: EventColumns) -> None:
    errors = LineErrors()
    rows = np.flatnonzero(events.number == NEXT)
    if len(rows) and events.line is not None:
        why = "number is missing, so a second import would record it again; custgrade events add gives numbers"
        errors.add(int(events.line[rows[0]]), why, len(rows))
    errors.refuse()


def _repeated(events: EventColumns) -> list[str]:
    """Return a sentence about rows that are in the file twice."""
    columns = (events.customer_id.tolist(), events.code.tolist(), events.number.tolist(), events.cents.tolist())
    keys = list(zip(*columns, strict=True))
    if len(set(keys)) == len(keys) or events.line is None:
        return []
    first: dict[tuple[object, ...], int] = {}
    pairs = [
        f"{events.line[before]} and {events.line[row]}"
        for row, key in enumerate(keys)
        if (before := first.setdefault(key, row)) != row
    ]
    return [f"{counted(len(pairs), 'rows')} in the file twice, which count once: lines {listed(pairs, _MOST_SHOWN)}"]


def _check_aliases(given: Sequence[AliasRow], here: dict[str, str], joined: dict[str, str]) -> None:
    errors = LineErrors()
    seen: dict[str, str] = {}
    for one in given:
        known = here.get(one.old_id)
        if known is not None and known != present(one.new_id, here):
            errors.add(one.line, f"{one.old_id!r} is a former id of {known!r} already; received {one.new_id!r}")
        elif seen.setdefault(one.old_id, one.new_id) != one.new_id:
            errors.add(one.line, f"{one.old_id!r} is a former id of {seen[one.old_id]!r} by another line")
        else:
            passed, at = {one.old_id}, one.new_id
            while at in joined and at not in passed:
                passed.add(at)
                at = joined[at]
            if at in passed:
                errors.add(one.line, f"{one.old_id!r} would be a former id of itself")
    errors.refuse()


def _apart(events: EventColumns, groups: set[str]) -> Truth:
    ids = events.customer_id.tolist()
    return np.fromiter((one in groups or is_forgotten(one) for one in ids), bool, len(ids))


def _known_ids(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """Return those of some ids that have events."""
    found: set[str] = set()
    for some in _chunks(ids):
        found |= set(connection.scalars(sa.select(EVENT.c.customer_id).where(EVENT.c.customer_id.in_(some)).distinct()))
    return found


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _restore(connection: sa.Connection, events: EventColumns) -> int:
    """Write events as they are, and return how many weren't there."""
    there: dict[tuple[str, str, str, int], int] = {}
    columns = (EVENT.c.customer_id, EVENT.c.kind, EVENT.c.name, EVENT.c.number, EVENT.c.cents)
    for some in _chunks(dict.fromkeys(events.customer_id.tolist())):
        query = sa.select(*columns).where(EVENT.c.customer_id.in_(some), EVENT.c.voided == 0)
        there |= {tuple(key): cents for *key, cents in connection.execute(query)}
    errors, fresh = LineErrors(), []
    lines = events.number if events.line is None else events.line
    parts = [(one.kind, one.name) for one in events.occasions]
    rows = (events.customer_id.tolist(), events.code.tolist(), events.number.tolist(), events.cents.tolist())
    for row, (identity, code, number, cents) in enumerate(zip(*rows, strict=True)):
        key = (identity, *parts[code], number)
        if key not in there:
            fresh.append(row)
        elif there[key] != cents:
            errors.add(int(lines[row]), f"it is recorded with {there[key] / 100:,.2f}; received {cents / 100:,.2f}")
        there[key] = cents
    errors.refuse()
    if fresh:
        insert_events(connection, events.take(np.array(fresh)), raise_revision(connection))
    return len(fresh)


def _add_aliases(connection: sa.Connection, given: Sequence[AliasRow], here: dict[str, str], known: set[str]) -> int:
    """Record the aliases that aren't there, and return how many."""
    fresh = list({one.old_id: one for one in given if one.old_id not in here}.values())
    for one in fresh:
        if {one.old_id, one.new_id} & known:
            try:
                alias(connection, one.old_id, one.new_id, one.author, one.note)
            except LogError as error:
                raise LogError(f"line {one.line}: {error}") from None
        else:
            values = {"old_id": one.old_id, "new_id": one.new_id, "author": one.author, "note": one.note}
            connection.execute(sa.insert(ALIAS).values(values))
    return len(fresh)
