"""Aliases: customers who were merged or renamed, with the ids that they had and have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from attrs import evolve

from custgrade.data.ids import id_text
from custgrade.errors import Hint, SourceError
from custgrade.ingest.cells.values import given_text, text
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.header_names import by_plain_name
from custgrade.ingest.sources.opening import open_source
from custgrade.text import listed

_TABLE, _OLD, _NEW, _READ = "custgrade_aliases", "custgrade_old_id", "custgrade_new_id", "custgrade_id"
_MOST_STEPS = 1000


def aliases_of(given: Any) -> Mapping[str, str]:
    """Return the newest id of each old id.

    given: a mapping of old to new ids, or a source with the columns `old_id` and `new_id`, else with the old ids in its
    first column and the new ones in its second. A new id may have a newer one.

    Raises SourceError for an empty id, an id with two new ids, and ids that lead back to themselves.
    """
    if isinstance(given, Mapping):
        pairs, label = [(id_text(old, SourceError), id_text(new, SourceError)) for old, new in given.items()], "aliases"
    else:
        pairs, label = _read(given)
    direct: dict[str, str] = {}
    for old, new in pairs:
        if not old.strip() or not new.strip():
            raise SourceError(f"{label}: an alias has an empty id ({old!r}, {new!r}); give an old and a new id")
        if direct.setdefault(old, new) != new:
            raise SourceError(f"{label}: {old!r} has two new ids, {direct[old]!r} and {new!r}; give one of them")
    return {old: _newest(old, direct, label) for old, new in direct.items() if old != new}


def _newest(old: str, direct: Mapping[str, str], label: str) -> str:
    seen, now = [old], direct[old]
    while now in direct and direct[now] != now:
        if now in seen or len(seen) > _MOST_STEPS:
            raise SourceError(
                f"{label}: these ids lead back to themselves: {' → '.join(map(repr, [*seen[:20], now]))}; remove one"
            )
        seen.append(now)
        now = direct[now]
    return now


def _read(given: Any) -> tuple[list[tuple[str, str]], str]:
    source = open_source(given, ReadOptions())
    try:
        plain, columns = by_plain_name(source.columns), list(source.columns.values())
        if len(columns) < 2:
            raise SourceError(f"{source.label} has one column; give the columns old_id and new_id")
        if "oldid" in plain and "newid" in plain:
            columns = [source.columns[plain[name][0]] for name in ("oldid", "newid")]
        items = ", ".join(f"coalesce(trim({text(column)}), '')" for column in columns[:2])
        with engine_errors(f"{source.label} can't be read"):
            rows = source.connection.execute(f"SELECT {items} FROM {source.table}").fetchall()
        source.refuse_rejected(source.rejected(), skip=False)
        return [(str(old), str(new)) for old, new in rows if old or new], source.label
    finally:
        source.connection.close()


def with_aliases(source: Source, column: SourceColumn, aliases: Mapping[str, str]) -> tuple[Source, SourceColumn]:
    """Return a source and its column of ids, in which old ids are replaced by new ones."""
    _register(source, aliases)
    own = text(column)
    newest = f"coalesce((SELECT {_NEW} FROM {_TABLE} WHERE {_OLD} = {own}), {own})"
    table = f"(SELECT *, {newest} AS {_READ} FROM {source.table} AS aliased)"
    return evolve(source, table=table, typed=None), evolve(column, sql=_READ, type="VARCHAR")


def _register(source: Source, aliases: Mapping[str, str]) -> None:
    pairs = {_OLD: np.array([*aliases, ""], dtype=object), _NEW: np.array([*aliases.values(), ""], dtype=object)}
    source.connection.register("given_aliases", pairs)
    source.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS SELECT * FROM given_aliases WHERE {_OLD} <> ''"
    )
    source.connection.unregister("given_aliases")


def aliases_note(source: Source, column: SourceColumn, aliases: Mapping[str, str]) -> str:
    """Return the note that says how many of the aliases a source has, and names those that it hasn't.

    column: the ids before they were replaced.
    """
    _register(source, aliases)
    with engine_errors(f"{source.label} can't be read"):
        ids = f"SELECT {given_text(column)} AS id FROM {source.table}"
        found = source.connection.execute(f"SELECT {_OLD} FROM {_TABLE} SEMI JOIN ({ids}) ON id = {_OLD}").fetchall()
    source.rejected()
    return _found(source.label, aliases, {old for (old,) in found})


def _found(label: str, aliases: Mapping[str, str], found: Iterable[str]) -> str:
    used = set(found)
    rest = [old for old in aliases if old not in used]
    unused = f"; not found: {listed(map(repr, rest), 5)}" if rest else ""
    return f"{len(used):,} of {len(aliases):,} old ids of the aliases were found in {label}{unused}"


def merged_hint() -> Hint:
    """Return the hint to name ids that are one customer."""
    begin = "If they are one customer, say so:"
    return Hint(
        f'{begin} aliases={{"OLD": "NEW"}}.', f"{begin} --aliases FILE, a CSV file with the columns old_id and new_id."
    )
