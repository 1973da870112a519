"""The scan of a customer file of any size: it checks all rows and keeps the needed fields in columns on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from attrs import evolve

from custgrade.data.stored import StoredColumn
from custgrade.ingest.arrow_stream import batches
from custgrade.ingest.cells.missing_codes import code_notes
from custgrade.ingest.customer_files.customer_rows import CustomerRows
from custgrade.ingest.customer_files.total_rows import EDGE, total_hashes
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.ids.alike_ids import alike_ids
from custgrade.ingest.ids.duplicate_ids import refuse_duplicates
from custgrade.ingest.loaded import Loaded, TextLoader, add_rows, float_items
from custgrade.ingest.source import Source
from custgrade.progress import OnProgress, no_progress
from custgrade.selection.chunks import over_chunks, spans

_AT_ONCE = 1 << 22
_COMPARED = 1 << 20
"""The largest number of customers whose ids are compared with each other, which takes another pass."""


def scan(rows: CustomerRows, names: Sequence[str], on_progress: OnProgress = no_progress) -> Loaded:
    """Return the customers of a file, with these fields as columns on disk; all rows and fields are checked.

    Raises SourceError and BadRowsError as `read_customers` does.
    """
    source = rows.source
    table, own = rows.table()
    columns = {name: StoredColumn() for name in names}
    identities = StoredColumn(np.uint64)
    counts: Counter[int] = Counter()
    ends: list[int] = []
    # one of the cells of the row can't be read although it may be empty
    unread = " OR ".join(f"unread_{one.name}" for one in rows.checked.optional) or "false"
    heads = [f"CAST({unread} AS UTINYINT)", "coalesce(hash(v_customer_id), 0::UBIGINT)"]
    items = ", ".join(filter(None, [*heads, float_items(f"v_{n}" for n in names)]))
    query = f"SELECT fault, {items} FROM {table}"
    any_unread = False
    on_progress("reading", lambda: _how_far(source, counts.total()))
    with engine_errors(f"{source.label} can't be read"):
        relation = source.connection.sql(query)
        for faults, odd, hashes, *values in batches(
            relation, [np.uint8, np.uint8, np.uint64, *[np.float64] * len(names)], source.label
        ):
            # the first and the last ids of all
            ends = [*(ends or hashes.tolist())[:EDGE], *[*ends[EDGE:], *hashes[-EDGE:].tolist()][-EDGE:]]
            any_unread = any_unread or bool(odd.any())
            found = np.bincount(faults)
            counts.update({fault: int(count) for fault, count in enumerate(found.tolist()) if count})
            kept = slice(None) if found[0] == len(faults) else faults == 0
            identities.append(hashes[kept])
            add_rows(columns, (column[kept] for column in values))
    if not rows.looked_for_totals and (_worded(source, ends) or _summed(columns, rows.amounts)):
        with engine_errors(f"{source.label} can't be read"):
            looked = rows.without_totals(table)
        source.rejected()
        return scan(looked, names, on_progress)
    left_out = rows.left_out(counts)
    notes = rows.unread(table) if any_unread else []
    usable = f"(SELECT * FROM {table} WHERE fault = 0)"
    if _repeats(identities):
        refuse_duplicates(source, usable, own[rows.identity])
    if counts[0] <= _COMPARED:
        notes += alike_ids(source, f"(SELECT v_customer_id AS id FROM {usable})")
    notes += code_notes(source.label, columns)
    base = evolve(
        rows.head,
        ids=TextLoader(source.connection, f"SELECT v_customer_id FROM {usable}"),
        columns=columns,
        left_out=left_out,
        notes=(*rows.head.notes, *notes),
        unique_ids=True,
        names=rows.names(usable),
    )
    whole = counts.total() == counts[0] and not left_out
    return Loaded(
        base,
        source.connection,
        usable,
        own,
        frozenset(rows.own_fields),
        "v_customer_id",
        {name: f"v_{name}" for name in rows.numbers},
        source.read_from if source.parquet and whole else None,
        source.inexact,
    )


def _how_far(source: Source, done: int) -> tuple[int, int]:
    """Return how many rows have been read, and an estimate of how many there are, 0 where it isn't known."""
    share = source.connection.query_progress() / 100
    return done, max(done, round(done / share)) if share > 0 else 0


def _worded(source: Source, ends: Sequence[int]) -> bool:
    """Return whether one of these hashes is that of a word for a total."""
    return not total_hashes(source.connection).isdisjoint(ends)


def _summed(columns: Mapping[str, StoredColumn], amounts: Sequence[str]) -> bool:
    """Return whether the first or the last customer's amounts are about the sums of all others."""
    known = [columns[name] for name in amounts if name in columns and len(columns[name])]
    totals = [sum(float(np.nansum(column[rows])) for rows in spans(len(column))) for column in known]
    for end in (slice(0, 1), slice(-1, None)):
        parts = [float(column[end][0]) for column in known]
        pairs = [(part, total) for part, total in zip(parts, totals, strict=True) if part == part]
        if any(part for part, _ in pairs) and all(abs(total - 2 * part) <= 1e-9 * abs(part) for part, total in pairs):
            return True
    return False


def _repeats(hashes: StoredColumn) -> bool:
    """Return whether a number occurs twice; ranges of numbers are sorted one after the other to bound memory."""
    parts = len(hashes) // _AT_ONCE + 1
    bounds = [(1 << 64) * part // parts for part in range(parts + 1)]

    def among(part: slice) -> bool:
        low, high = np.uint64(bounds[part.start]), np.uint64(bounds[part.stop] - 1)
        pieces = (hashes[rows] for rows in spans(len(hashes)))
        found = np.concatenate([some[(some >= low) & (some <= high)] for some in pieces])
        found.sort()
        return bool((found[1:] == found[:-1]).any())

    return any(over_chunks(among, parts, rows=1))
