"""Joining what was read from one source with what was read from another, in the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from attrs import evolve

from custgrade.data.join_match import SHOWN, JoinMatch, forms_for
from custgrade.data.names import labelled
from custgrade.data.stored import StoredColumn
from custgrade.ingest.arrow_stream import batches
from custgrade.ingest.engine import engine_errors, handed_over, literal, within_memory
from custgrade.ingest.loaded import Loaded, add_rows, float_items


def load_joined(first: Loaded, other: Loaded, file: Path) -> Loaded:
    """Return the customers of `first` with the fields of `other` in temporary files; see `CustomerBase.join`.

    file: where to put what one engine hands to the other.

    Raises SourceError when the engine can't do it.
    """
    columns = {name: StoredColumn() for name in other.fields}
    numbers = [f"c{k}" for k in range(len(columns))]
    items = ", ".join(filter(None, [f"{other.identity} AS id", float_items(other.fields.values())]))
    with engine_errors("the customers can't be joined"):
        connection, handed = first.connection, handed_over(other.connection, f"SELECT {items} FROM {other.table}", file)
        found = ", ".join(filter(None, ["CAST(other.id IS NOT NULL AS UTINYINT)", float_items(numbers)]))
        within_memory(
            connection,
            f"CREATE OR REPLACE TEMP TABLE joined AS SELECT {found} FROM ({first.placed}) LEFT JOIN {handed} AS other "
            "USING (id) ORDER BY place",
        )
        matched = 0
        relation = connection.sql("SELECT * FROM joined")
        for flags, *values in batches(relation, [np.uint8, *[np.float64] * len(columns)], "what was joined"):
            matched += int(flags.sum(dtype=np.int64))
            add_rows(columns, values)
        connection.execute("DROP TABLE joined")
        ((size,),) = connection.execute(f"SELECT count(*) FROM {handed}").fetchall()
        alone = f"SELECT id FROM {handed} ANTI JOIN (SELECT {first.identity} AS id FROM {first.table}) USING (id)"
        stray = connection.execute(f"{alone} ORDER BY file_row_number LIMIT 5").fetchall() if size > matched else []
        notes = _match(first, handed, matched, (len(first.base), size)).checked_notes() if stray else []
    file.unlink()
    ids = [identity for (identity,) in stray]
    names = other.base.names_of(ids)
    examples = [labelled(one, names.get(one, "")) for one in ids]
    base = first.base.joined(other.base, columns, size - matched, examples, notes)
    return evolve(first, base=base, names=_joined_names(first, other, file.with_stem("names")))


def _match(first: Loaded, handed: str, matched: int, sizes: tuple[int, int]) -> JoinMatch:
    """Return how the ids of `first` match those of the handed table; see `JoinMatch`."""
    ask = first.connection.execute
    own = f"(SELECT {first.identity} AS id FROM {first.table})"
    for side, ids, others in (("here", own, handed), ("there", handed, own)):
        alone = f"SELECT ids.id FROM {ids} AS ids ANTI JOIN {others} AS others USING (id)"
        within_memory(first.connection, f"CREATE OR REPLACE TEMP TABLE {side} AS {alone}")
    unmatched = [ask(f"SELECT min(id, {SHOWN}) FROM {side}").fetchall()[0][0] or [] for side in ("here", "there")]
    alike = {}
    for form, pattern in forms_for(matched).items():
        key = f"regexp_extract(lower(id), {literal(pattern)}, 1, 's')"
        sides = [f"(SELECT {key} AS key, min(id) AS id FROM {side} GROUP BY 1)" for side in ("here", "there")]
        query = (
            f"SELECT count(*), min([a.id, b.id]) FROM {sides[0]} AS a JOIN {sides[1]} AS b USING (key) WHERE key <> ''"
        )
        count, pair = ask(query).fetchall()[0]
        if count:
            alike[form] = (count, tuple(pair))
            break
    ask("DROP TABLE here; DROP TABLE there")
    return JoinMatch(matched, sizes, (unmatched[0], unmatched[1]), alike)


def _joined_names(first: Loaded, other: Loaded, file: Path) -> Callable[[], str] | None:
    """Those of `first`, and those of `other` where it has none; handed over when they are asked for."""
    if other.names is None:
        return first.names
    theirs = other.names

    def names() -> str:
        with engine_errors("customers' names can't be read"):
            handed = handed_over(other.connection, theirs(), file)
        if first.names is None:
            return f"SELECT id, name FROM {handed}"
        name = "coalesce(nullif(own.name, ''), theirs.name) AS name"
        return f"SELECT id, {name} FROM ({first.names()}) AS own FULL JOIN {handed} AS theirs USING (id)"

    return names
