"""The fields that a policy reads and that aren't standard fields, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from custgrade.data.standard import STANDARD_FIELDS
from custgrade.planning.amount import Amount, Condition
from custgrade.planning.package import Package
from custgrade.planning.part import Part
from custgrade.planning.policy import Policy
from custgrade.planning.shortlist import Shortlist
from custgrade.registry.registry import default_registry
from custgrade.text import did_you_mean

_ALWAYS = ("score", "quarters")


def other_fields(policy: Policy) -> list[str]:
    """Return a sentence for each column that a policy reads and that is no field of custgrade or of a plug-in.

    Such a column may be right: a field of the user's data, a detail of the scorer, or a number that its model learned.
    """
    known = [*STANDARD_FIELDS, *(field.name for field in default_registry().fields)]
    scores = [*_ALWAYS, *(f"{axis.name}_score" for axis in policy.grades.axes)]
    others = [name for name in dict.fromkeys(_reads(policy)) if name not in known and name not in scores]
    return [f"reads {name}, which isn't a standard field.{did_you_mean(name, known)}" for name in others]


def _reads(part: Any) -> Iterator[str]:
    """Yield the columns that a part of a policy and the parts in it read, in the order of the parts."""
    if isinstance(part, (Amount, Condition)):
        yield from part.reads
    elif isinstance(part, Mapping):
        for one in part.values():
            yield from _reads(one)
    elif isinstance(part, tuple):
        for one in part:
            yield from _reads(one)
    elif isinstance(part, Part):
        if isinstance(part, Package):
            yield from part.minimum
        if isinstance(part, Shortlist):
            yield from part.scorer.inputs
        kind: Any = type(part)
        for attribute in attrs.fields(kind):
            yield from _reads(getattr(part, attribute.name))
