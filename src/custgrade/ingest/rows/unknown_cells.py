"""Cells of optional fields that can't be read: they are unknown, counted, and shown with their line."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from custgrade.errors import Hint
from custgrade.ingest.mapping import not_read
from custgrade.ingest.rows.bad_rows import CheckedRows, value_shown
from custgrade.text import counted

_A_FEW = 3


def counts_of_unread(checked: CheckedRows) -> dict[str, str]:
    """Return SQL of aggregates over `checked.table()`: how many cells of usable rows are unread, given, or hold a word
    for an unknown value, by name.
    """
    optional = [one.name for one in checked.optional]
    cells = [("word", name) for name in _read_as_values(checked)]
    cells += [(kind, name) for name in optional for kind in ("unread", "given")]
    return {f"{kind}_{name}": f"count(*) FILTER (fault = 0 AND {kind}_{name})" for kind, name in cells}


def _read_as_values(checked: CheckedRows) -> list[str]:
    """Return the names of the readings of numbers and dates."""
    return list(dict.fromkeys(one.name for one in (*checked.faults, *checked.optional) if one.expects is not None))


def unread_cells(checked: CheckedRows, counts: Mapping[str, int]) -> list[str]:
    """Return the notes on optional cells that can't be read, which count as unknown.

    counts: the values of `counts_of_unread`.

    Raises BadRowsError when none of several cells of a column can be read.
    """
    found = [one for one in checked.optional if counts[f"unread_{one.name}"]]
    words = {name: counts[f"word_{name}"] for name in _read_as_values(checked)}
    held = [f"{counted(count, 'cells')} of {name}" for name, count in words.items() if count]
    notes = [f"words such as N/A count as unknown: {', '.join(held)}"] if held else []
    for one in found:
        unread, name = counts[f"unread_{one.name}"], one.name
        # a row counts for its first fault only, so that each column is searched by itself
        thorough, code = evolve(checked.with_fault(one), optional=()), len(checked.faults) + 1
        if unread == counts[f"given_{name}"] and unread > 1:
            error = thorough.refused([code], unread, every=True)
            error.hint = (error.hint or Hint()) + not_read(name)
            raise error
        rows = thorough.first([code], each=True)[code][:_A_FEW]
        shown = "; ".join(f"{checked.source.place(row)}{value_shown(row, ': {}')}" for _, row in rows)
        column = "" if one.of is None or one.of.column.name == name else f", column {one.of.column.name!r},"
        verb = "counts" if unread == 1 else "count"
        notes.append(f"{counted(unread, 'cells')} of {name}{column} can't be read and {verb} as unknown ({shown})")
    return notes
