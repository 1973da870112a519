"""Fields: the named, unit-bearing quantities of a customer."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from attrs import field, frozen, validators

from custgrade.data.converters import parts_of
from custgrade.errors import FieldError
from custgrade.text import shown

ColumnFunction = Callable[[Mapping[str, Any]], Any]
"""A row-local function of named columns, written in plain numpy."""

Combine = Literal["sum", "mean"]
Best = Literal["highest", "lowest"]
"""Which end of a field's values is the better one."""


def _names(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "the names of a field's parts", FieldError)


@frozen
class Field:
    """One named quantity of a customer.

    name: what scorers and files call it.
    unit: `money` (of the base's currency, over its period), `days`, `hours`, `count`, `rating`, `ratio`, `0/1` …
    description: what it measures, in a sentence.
    low, high: the bounds, both closed; values outside are refused by ingest.
    resolution: the grid on which the field moves (0.01 of money, 1 order …).
    actionable: whether somebody can act on it.
    better: whether the highest or the lowest value is the better one, where that is so for every business; None where
    it isn't known. Schemes that rank customers by a field take it as their default.
    combine: how values on order lines become a customer's: `sum`, `mean`, or None where lines can't hold it.
    derive: for a derived field, the function that recomputes it; it is then never read from data.
    parts: for a derived field, the input fields it is made of.
    rises, falls: for a derived field, the parts it rises or falls with.
    """

    name: str = field(validator=validators.instance_of(str))
    unit: str
    description: str = ""
    low: float = -math.inf
    high: float = math.inf
    resolution: float = 0.01
    actionable: bool = True
    better: Best | None = field(default=None, kw_only=True)
    combine: Combine | None = None
    derive: ColumnFunction | None = field(default=None, repr=False)
    parts: tuple[str, ...] = field(default=(), converter=_names)
    rises: tuple[str, ...] = field(default=(), converter=_names)
    falls: tuple[str, ...] = field(default=(), converter=_names)

    def __attrs_post_init__(self) -> None:
        if not self.name.isidentifier():
            raise FieldError(f"a field's name is letters, digits and _; received {shown(self.name)}")
        if self.combine not in (None, *get_args(Combine)):
            raise FieldError(f"field {self.name!r}: combine is sum, mean or None; received {shown(self.combine)}")
        if self.better not in (None, *get_args(Best)):
            raise FieldError(
                f"field {self.name!r}: better is 'highest', 'lowest' or None; received {shown(self.better)}"
            )
        if not self.low <= self.high:
            raise FieldError(f"field {self.name!r}: low {self.low} is not at most high {self.high}")
        if not self.resolution > 0:
            raise FieldError(f"field {self.name!r}: the resolution must be above 0, not {self.resolution}")
        if (self.derive is None) != (not self.parts):
            raise FieldError(f"field {self.name!r}: a derived field needs both `derive` and `parts`, an input neither")
        stray = sorted({*self.rises, *self.falls} - set(self.parts))
        if stray:
            raise FieldError(f"field {self.name!r} rises or falls with {stray}, which are not among its parts")

    @property
    def derived(self) -> bool:
        """Whether the field is always recomputed from its parts."""
        return self.derive is not None
