"""The rows of occasions: what events have in common is stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from custgrade.events.event_columns import PARTS, Occasion
from custgrade.events.inserting import insert_rows
from custgrade.events.schema import OCCASION

_AT_ONCE = 500
"""The number of values that a statement looks up; databases limit it."""


def occasion_ids(connection: sa.Connection, occasions: Sequence[Occasion]) -> list[int]:
    """Return the row id of each occasion; those that the log lacks are written.

    connection: in a transaction that no other process is in.
    """
    digests = [_digest(one) for one in occasions]
    known = _known(connection, digests)
    missing = {digest: one for digest, one in zip(digests, occasions, strict=True) if digest not in known}
    if missing:
        rows = ((digest, *(getattr(one, name) for name in PARTS)) for digest, one in missing.items())
        insert_rows(connection, OCCASION, ("digest", *PARTS), rows)
        known |= _known(connection, list(missing))
    return [known[digest] for digest in digests]


def _digest(occasion: Occasion) -> str:
    # no part has a control character
    return hashlib.sha256("\x1f".join(getattr(occasion, name) for name in PARTS).encode()).hexdigest()


def _known(connection: sa.Connection, digests: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for first in range(0, len(digests), _AT_ONCE):
        some = OCCASION.c.digest.in_(digests[first : first + _AT_ONCE])
        found |= {
            row.digest: row.id for row in connection.execute(sa.select(OCCASION.c.digest, OCCASION.c.id).where(some))
        }
    return found


def read_occasions(
    connection: sa.Connection, names: Iterable[str] = PARTS, ids: sa.Select[tuple[int]] | None = None
) -> dict[int, Occasion]:
    """Return occasions by row id, in ascending order.

    names: the parts to read; the others are empty. ids: the ids of the only rows to read; None for all.
    """
    read = list(names)
    query = sa.select(OCCASION.c.id, *(OCCASION.c[name] for name in read)).order_by(OCCASION.c.id)
    if ids is not None:
        query = query.where(OCCASION.c.id.in_(ids))
    return {row: Occasion(**dict(zip(read, parts, strict=True))) for row, *parts in connection.execute(query)}
