"""Parts of a policy from the tables of a policy file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from custgrade.errors import ConfigurationError, CustgradeError
from custgrade.planning.shortlist import Shortlist
from custgrade.policy_files.amounts import amount_of, condition_of
from custgrade.policy_files.keys import Key, keys_of
from custgrade.policy_files.shortlists import scorer_of
from custgrade.policy_files.table import Table
from custgrade.text import shown

NONE = "none"
"""The word for None, which TOML lacks; for keys whose default isn't None."""


def part_of(kind: type, table: Table, **given: Any) -> Any:
    """Return the part that a table describes.

    kind: the class of the part. given: attributes that aren't in the table.

    Raises ConfigurationError with the place of the table or of the key.
    """
    values = dict(given)
    for name, key in keys_of(kind).items():
        if name in table and key.form != "special":
            values[key.attribute] = _value(table, name, key)
    if kind is Shortlist:
        values["scorer"] = scorer_of(table)
    try:
        return kind(**values)
    except CustgradeError as error:
        raise _placed(error, kind, table) from error


def _value(table: Table, name: str, key: Key) -> Any:
    if key.form == "amount":
        return amount_of(table, name)
    if key.form == "condition":
        return condition_of(table, name)
    if key.form == "amounts":
        amounts = table.sub(name)
        return {one: amount_of(amounts, one) for one in amounts.content}
    if key.part is not None:
        part = key.part
        if key.form == "part":
            return part_of(part, table.sub(name))
        if key.attribute == "further":
            odd = [one for one in table.sub(name).content if not one.isidentifier()]
            if odd:
                raise table.error(f"further: a name has letters, digits and _; received {odd[0]!r}", name)
        if key.attribute in ("treatments", "further"):
            return {one: part_of(part, below) for one, below in table.named(name).items()}
        return [part_of(part, below, name=one) for one, below in table.named(name).items()]
    value = table.content[name]
    if key.none and value == NONE:
        return None
    if key.form == "value" and isinstance(value, Mapping):
        raise table.error(f"{name} must not be a table; received {shown(dict(value))}", name)
    if key.form == "texts" and name not in ("also", "touchpoints") and isinstance(value, Mapping):
        raise table.error(f"{name} must be a list of texts; received {shown(dict(value))}", name)
    return value


def _placed(error: CustgradeError, kind: type, table: Table) -> ConfigurationError:
    """Return an error of a class of parts with the place of the key that it names, or else of the table."""
    text = re.sub(rf"\A(?:{kind.__name__}|policy|shortlist|Shortlist)(?: '[^']*')?: ", "", str(error))
    first = re.match(r"[a-z_]+", text)
    key = first[0] if first and first[0] in table else None
    known = keys_of(kind).get(key or "")
    text = text.replace(", or None", f', or "{NONE}"' if known and known.none else "")
    text = text.replace("True or False", "true or false")
    return table.error(text, key)
