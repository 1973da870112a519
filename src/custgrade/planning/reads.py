"""The columns that the amounts and conditions of a policy read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from custgrade.planning.amount import Amount, Condition
from custgrade.planning.part import Part
from custgrade.planning.shortlist import Shortlist


def columns_read(part: Any) -> tuple[str, ...]:
    """Return the columns that a part of a policy reads, in a fixed order; derived fields as their parts."""
    return tuple(dict.fromkeys(_reads(part)))


def _reads(part: Any) -> Iterator[str]:
    if isinstance(part, (Amount, Condition)):
        yield from part.reads
    elif isinstance(part, Shortlist):
        yield from part.scorer.inputs
        yield from _reads(part.where)
    elif isinstance(part, Part):
        kind: Any = type(part)
        for one in attrs.fields(kind):
            yield from _reads(getattr(part, one.name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _reads(one)
    elif isinstance(part, dict):
        yield from _reads(tuple(part.values()))
