"""Customers who were renamed or merged: former ids, the present ones, and where both stand in a base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

import sqlalchemy as sa

from custgrade.events.schema import ALIAS


def read_aliases(connection: sa.Connection) -> dict[str, str]:
    """Return the present id of each former id; chains are followed to their end."""
    return followed({row.old_id: row.new_id for row in connection.execute(sa.select(ALIAS.c.old_id, ALIAS.c.new_id))})


def followed(given: Mapping[str, str]) -> dict[str, str]:
    """Return the present id of each former id, from the id that each was replaced by."""
    return {old: present(old, given) for old in given}


def present(identity: str, aliases: Mapping[str, str]) -> str:
    """Return the present id of a customer; the id itself if it is no former one."""
    while identity in aliases:
        identity = aliases[identity]
    return identity


def ids_of(identity: str, aliases: Mapping[str, str]) -> list[str]:
    """Return the present id of a customer, then the former ones."""
    new = present(identity, aliases)
    return [new, *(old for old, its in aliases.items() if its == new)]


def places_of(ids: Iterable[str], aliases: Mapping[str, str]) -> dict[str, int]:
    """Return the position of each id among some ids, and the position where the customers of all other ids stand.

    A former id stands where the present one does; where neither the present id is among the ids, the customer's first
    other id that is.
    """
    places = dict(zip(ids, count(), strict=False))
    groups: dict[str, list[str]] = {}
    for old, new in aliases.items():
        groups.setdefault(new, [new]).append(old)
    for group in groups.values():
        row = next((places[one] for one in group if one in places), None)
        if row is not None:
            places |= dict.fromkeys(group, row)
    return places
