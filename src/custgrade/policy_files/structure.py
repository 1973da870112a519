"""The structure of a policy file: its tables, their keys, and what is missing in them."""

from __future__ import annotations

from collections.abc import Iterator

from custgrade.errors import ConfigurationError
from custgrade.planning.policy import Policy
from custgrade.policy_files.keys import EXAMPLES, belongs_to, keys_of
from custgrade.policy_files.table import Table
from custgrade.text import did_you_mean, listed

_MOST_PLACES = 10


def check_structure(top: Table) -> None:
    """Raise ConfigurationError for the first unknown key of a policy file, or else for all missing ones together."""
    lacking = []
    for kind, table in _tables(Policy, top):
        # a table [treatment] without any grade counts as missing
        missing = [name for name, key in keys_of(kind).items() if key.required and table.content.get(name, {}) == {}]
        if missing:
            lacking.append((table, missing))
    if not lacking:
        return
    told = [_lacks(table, missing) for table, missing in lacking[:_MOST_PLACES]]
    more = len(lacking) - len(told)
    raise ConfigurationError("; also ".join(told) + (f"; and in {more} more tables" if more else ""))


def _lacks(table: Table, missing: list[str]) -> str:
    examples = listed(EXAMPLES.get(name, name) for name in missing)
    return f"{table.where()}: missing {listed(missing)}. Add {examples}"


def _tables(kind: type, table: Table) -> Iterator[tuple[type, Table]]:
    """Yield the tables of a policy file with their classes, from the file itself on.

    Raises ConfigurationError for an unknown key, and for a value in place of a table.
    """
    known = keys_of(kind)
    for name in table.content:
        if name not in known:
            guess = belongs_to(name) or did_you_mean(name, known)
            raise table.error(f"unknown key {name!r}.{guess} The keys are: {listed(known)}", name)
    yield kind, table
    for name, key in known.items():
        if name not in table or key.part is None:
            continue
        for one in table.named(name).values() if key.form == "parts" else [table.sub(name)]:
            yield from _tables(key.part, one)
