"""A column `Discount` of shares, which isn't the money that the field `discount` holds."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.note import Note
from custgrade.errors import Hint
from custgrade.ingest.cells.values import number
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.mapping import flag
from custgrade.ingest.source import Source, SourceColumn

_ROWS = 10_000


def without_shares(
    source: Source, columns: Mapping[str, SourceColumn], given: Mapping[str, str] | None
) -> tuple[dict[str, SourceColumn], dict[str, str]]:
    """Return columns without a discount that holds shares, and by its field the note that says so.

    Only a column that was matched to `discount` by a similar name is left out: shares in a column of just that name are
    refused when they are read. The first ten thousand rows decide.

    columns: by field. given: the columns that the caller mapped.
    """
    found = columns.get("discount")
    if found is None or found.name == "discount" or "discount" in (given or {}):
        return dict(columns), {}
    with engine_errors(f"{source.label} can't be read"):
        some = f"SELECT {number(found)} AS value FROM {source.table} LIMIT {_ROWS}"
        low, high = source.connection.execute(f"SELECT min(value), max(value) FROM ({some})").fetchall()[0]
    source.rejected()
    if high is None or low < 0 or not 0 < high <= 1:
        return dict(columns), {}
    text = (
        f"column {found.name!r} of {source.label} isn't read as discount, which is an amount of money: its values lie "
        f"between {low:g} and {high:g}, so they are probably shares."
    )
    begin = "If they are amounts:"
    hint = Hint(f'{begin} columns={{"discount": "{found.name}"}}.', f"{begin} {flag('discount', found.name)}.")
    return {name: column for name, column in columns.items() if name != "discount"}, {"discount": Note(text, hint)}
