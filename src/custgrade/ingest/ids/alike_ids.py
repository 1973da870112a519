"""Ids that differ in capitals, blanks or the way their letters are encoded only, and may be one customer."""

from __future__ import annotations

from custgrade.data.note import Note
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.ids.aliases import merged_hint
from custgrade.ingest.source import Source

_LETTERS = "[^0-9]"
_BLANKS = r"[\s\x{a0}\x{2007}\x{200b}-\x{200d}\x{202f}\x{2060}\x{feff}]+"
"""Blanks, and characters that nobody sees."""
_SHOWN = 3


def alike_ids(source: Source, table: str) -> list[str]:
    """Return a note that counts the ids which differ in capitals, blanks or the encoding of letters only.

    table: a table whose column `id` holds different ids, once each.
    """
    plain = f"regexp_replace(nfc_normalize(lower(id)), '{_BLANKS}', '', 'g')"
    # ids of digits only can't differ in this way, and most columns have no others
    letters = f"(SELECT {plain} AS plain, id FROM {table} AS ids WHERE regexp_matches(id, '{_LETTERS}'))"
    same = (
        f"(SELECT min(id) AS one, max(id) AS other, count(*) AS ids FROM {letters} GROUP BY plain HAVING count(*) > 1)"
    )
    query = f"SELECT count(*), sum(ids)::BIGINT, min([one, other], {_SHOWN}) FROM {same}"
    with engine_errors(f"{source.label} can't be read"):
        customers, ids, found = source.connection.execute(query).fetchall()[0]
    if not customers:
        return []
    shown = "; ".join(f"{one!r} and {other!r}" for one, other in found)
    more = "" if customers <= _SHOWN else f"; and {customers - _SHOWN:,} more"
    text = (
        f"{ids:,} ids of {source.label} count as {ids:,} customers, but differ in capitals, blanks or the encoding of "
        f"letters only: {shown}{more}."
    )
    return [Note(text, merged_hint())]
