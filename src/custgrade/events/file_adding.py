"""Recording what files say: a plan's actions that came back filled in, or events in the log's own columns."""

from __future__ import annotations

import os
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events import action_rows, event_rows
from custgrade.events.adding import Added, add_events, has_moved_on
from custgrade.events.aliases import present, read_aliases
from custgrade.events.batch import Batch
from custgrade.events.event_columns import EventColumns
from custgrade.events.event_rows import EventRows
from custgrade.events.importing import import_rows
from custgrade.events.kinds import ENTERED, RUN
from custgrade.events.limits import Limits, limits_of_run
from custgrade.events.meant_ids import MeantIds
from custgrade.events.schema import EVENT, LOG, OCCASION
from custgrade.events.text_table import LineErrors, TextTable, check_columns, read_table
from custgrade.export.spreadsheet import marked_id
from custgrade.files import checked_path
from custgrade.text import shown

Path = str | os.PathLike[str]


def rows_of_file(path: Path, author: str = "") -> EventRows:
    """Return the events of a file.

    Raises LogError with the lines of wrong rows.
    """
    checked_path(path, "the file of events", LogError)
    try:
        return _rows(read_table(path), author)
    except LogError as error:
        raise LogError(f"{os.fspath(path)}: {error}") from error


def _rows(table: TextTable, author: str) -> EventRows:
    if set(action_rows.MARKS) <= set(table.columns):
        return action_rows.action_rows(table, author)
    if not {"kind", "name", "day"} & set(table.columns):
        check_columns(table, event_rows.NEEDED)
    return event_rows.event_rows(table, author)


def add_rows(
    connection: sa.Connection, files: Iterable[tuple[Path, EventRows]], *, currency: str = "", late: bool = True
) -> Added:
    """Check the events of files, one file after the other, and write those that aren't in the log yet.

    connection: in a transaction that no other process is in. currency: of the money, where a file doesn't say it. late:
    whether a late answer may be signed.

    Raises LogError with the file and the lines of rows that can't be recorded.
    """
    given = list(files)
    before = int(connection.scalar(sa.select(LOG.c.revision)) or 0)
    planned = min((rows.revision for _, rows in given if rows.revision is not None), default=None)
    newest = max((rows.revision for _, rows in given if rows.revision is not None), default=0)
    if newest > before:
        raise LogError(
            f"the plan was made from a log at revision {newest}, and this log is at revision {before}: it is another "
            "log. Nothing was recorded."
        )
    moved_on = planned is not None and has_moved_on(connection, planned, before)
    total = Added(0, 0, before, moved_on)
    for path, rows in given:
        try:
            one = _add(connection, rows, currency, late=late)
        except LogError as error:
            raise LogError(f"{os.fspath(path)}: {error}") from error
        written, already = total.written + one.written, total.already + one.already
        total = evolve(
            total,
            written=written,
            already=already,
            revision=one.revision,
            notes=(*total.notes, *rows.notes, *one.notes),
        )
    return total


def _add(connection: sa.Connection, rows: EventRows, currency: str, *, late: bool) -> Added:
    if rows.aliases:
        line = rows.aliases[0].line
        raise LogError(f"line {line}: it is an alias; custgrade events import reads those. Nothing was recorded.")
    if currency and rows.currency and currency != rows.currency:
        raise LogError(f"its money is in {rows.currency}; received the currency {currency}")
    check_ids(connection, rows, read_aliases(connection))
    limits = _limits(connection, rows.events) if rows.from_plan else Limits()
    return add_events(connection, Batch(rows.events, limits, rows.currency or currency), late=late)


def _limits(connection: sa.Connection, events: EventColumns) -> Limits:
    """Return what the recorded plans that actions are from must keep."""
    found = Limits(gifts_wait=True)
    for policy, version in dict.fromkeys((one.policy, one.version) for one in events.occasions):
        query = (
            sa.select(OCCASION.c.note)
            .join(EVENT, EVENT.c.occasion == OCCASION.c.id)
            .where(EVENT.c.kind == RUN, EVENT.c.name == policy, OCCASION.c.version == version, EVENT.c.voided == 0)
        )
        note = connection.scalar(query.order_by(EVENT.c.seq.desc()).limit(1))
        said = limits_of_run(note or "")
        found = evolve(
            found,
            budgets=(*found.budgets, *said.budgets),
            caps=(*found.caps, *said.caps),
            contacts=said.contacts if found.contacts is None else found.contacts,
            contact_days=said.contact_days if found.contacts is None else found.contact_days,
        )
    return found


def import_file(connection: sa.Connection, path: Path, rows: EventRows) -> Added:
    """Write the rows of a file that a log doesn't have; see `import_rows`.

    Raises LogError with the file and the lines of rows that can't be imported.
    """
    try:
        check_ids(connection, rows, read_aliases(connection))
        return import_rows(connection, rows)
    except LogError as error:
        raise LogError(f"{os.fspath(path)}: {error}") from error


def check_ids(connection: sa.Connection, rows: EventRows, aliases: dict[str, str]) -> None:
    """Raise LogError for ids that aren't those of the plan, or that a spreadsheet seems to have changed."""
    errors, events = LineErrors(), rows.events
    if rows.from_plan:
        policies = events.each(lambda one: one.policy, object) if len(events) else np.zeros(0, dtype=object)
        for policy in dict.fromkeys(policies.tolist()):
            mine = np.flatnonzero(policies == policy)
            _check_entered(connection, rows, mine, str(policy), aliases, errors)
    else:
        ids = events.customer_id.tolist()
        open_ids = {one for one, exact in zip(ids, rows.exact.tolist(), strict=True) if one and not exact}
        known = set(connection.scalars(sa.select(EVENT.c.customer_id).distinct())) if open_ids else set()
        known |= aliases.keys() | set(aliases.values())
        strange = open_ids - known
        if strange and known:
            meant = MeantIds(known)
            wrong = {one: identity for one in strange if (identity := meant.changed(one)) is not None}
            _refuse(errors, rows, np.arange(len(ids)), {one: _seems(one, wrong[one]) for one in wrong})
    errors.refuse()


def _check_entered(
    connection: sa.Connection,
    rows: EventRows,
    mine: npt.NDArray[np.int64],
    policy: str,
    aliases: dict[str, str],
    errors: LineErrors,
) -> None:
    query = sa.select(EVENT.c.customer_id).where(EVENT.c.kind == ENTERED, EVENT.c.name == policy, EVENT.c.voided == 0)
    known = {present(one, aliases) for one in connection.scalars(query)}
    ids = dict.fromkeys(rows.events.customer_id[mine].tolist())
    if not known:
        # nothing says which ids the plan has
        exact = dict(zip(rows.events.customer_id[mine].tolist(), rows.exact[mine].tolist(), strict=True))
        odd = [one for one in ids if not exact[one] and marked_id(one) != one]
        why = f"a spreadsheet may have changed it, and the log doesn't know the plan of {policy!r}; enter it first"
        _refuse(errors, rows, mine, {one: f"customer_id is {shown(one)}; {why}" for one in odd})
        return
    strange = [one for one in ids if present(one, aliases) not in known]
    if not strange:
        return
    meant, reasons = MeantIds(known), {}
    for one in strange:
        changed = meant.changed(one)
        near = None if changed is not None else meant.near(one)
        guess = f"; the nearest id is {near!r}" if near else ""
        unknown = f"customer {shown(one)} hasn't entered the policy {policy!r} in this log{guess}"
        reasons[one] = unknown if changed is None else _seems(one, changed)
    _refuse(errors, rows, mine, reasons)


def _seems(received: str, known: str) -> str:
    return f"customer_id is {shown(received)}, which isn't in the log; a spreadsheet has probably changed {known!r}"


def _refuse(errors: LineErrors, rows: EventRows, mine: npt.NDArray[np.int64], reasons: dict[str, str]) -> None:
    if reasons and rows.events.line is not None:
        for row in mine.tolist():
            why = reasons.get(str(rows.events.customer_id[row]))
            if why is not None:
                errors.add(int(rows.events.line[row]), why)
