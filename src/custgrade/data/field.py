"""Fields: the named quantities of a customer, each with its unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args

from attrs import field, frozen

from custgrade.argument_checks import check_text, float_of, is_one_of
from custgrade.data.converters import parts_of
from custgrade.errors import FieldError
from custgrade.text import shown

ColumnFunction = Callable[[Mapping[str, Any]], Any]
"""A row-local function of named columns, written in plain numpy."""

Combine = Literal["sum", "mean"]
Best = Literal["highest", "lowest"]
"""Whether the highest or the lowest value of a field is best."""


def _names(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "the names of a field's parts", FieldError)


@frozen
class Field:
    """One named quantity of a customer.

    name: an identifier, the same in scorers and in files.
    unit: `money` (in the base's currency, over its period), `days`, `hours`, `count`, `rating`, `ratio`, `0/1`
    or another.
    description: one sentence on what the field measures.
    low, high: the bounds, both closed. Ingest rejects values outside.
    resolution: the smallest step between two values, in the field's unit (0.01 of money, 1 order …).
    actionable: whether the business can change the value.
    better: `highest` or `lowest` if that value is best for every business, else None. It is the default direction of
    schemes that rank customers by the field.
    combine: how the values of a customer's order lines are combined: `sum`, `mean`, or None if order lines can't hold
    the field.
    derive: the function that computes a derived field; None for an input field. Derived fields are never read from
    data.
    parts: the input fields that a derived field is computed from.
    rises, falls: the parts that a derived field rises or falls with.
    """

    name: str
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
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise FieldError(
                f"a field's name consists of letters, digits and _, with no digit first; received {shown(self.name)}"
            )
        check_text(self.unit, f"field {self.name!r}: unit")
        if not isinstance(self.description, str):
            raise FieldError(f"field {self.name!r}: description must be a text; received {shown(self.description)}")
        if self.combine is not None and not is_one_of(self.combine, get_args(Combine)):
            raise FieldError(f"field {self.name!r}: combine is sum, mean or None; received {shown(self.combine)}")
        if self.better is not None and not is_one_of(self.better, get_args(Best)):
            raise FieldError(
                f"field {self.name!r}: better is 'highest', 'lowest' or None; received {shown(self.better)}"
            )
        for name, bound in (("low", self.low), ("high", self.high)):
            if float_of(bound) is None:
                raise FieldError(f"field {self.name!r}: {name} must be a number; received {shown(bound)}")
        if not self.low <= self.high:
            raise FieldError(
                f"field {self.name!r}: low must be at most high; received low={self.low}, high={self.high}"
            )
        if not 0 < (float_of(self.resolution) or 0.0) < math.inf:
            raise FieldError(
                f"field {self.name!r}: resolution must be a finite number above 0; received {shown(self.resolution)}"
            )
        if not isinstance(self.actionable, bool):
            raise FieldError(
                f"field {self.name!r}: actionable must be True or False; received {shown(self.actionable)}"
            )
        if self.derive is not None and not callable(self.derive):
            raise FieldError(
                f"field {self.name!r}: derive must be a function of columns; received {shown(self.derive)}"
            )
        if (self.derive is None) != (not self.parts):
            raise FieldError(
                f"field {self.name!r}: a derived field needs both `derive` and `parts`; an input field has neither"
            )
        stray = sorted({*self.rises, *self.falls} - set(self.parts))
        if stray:
            raise FieldError(
                f"field {self.name!r} rises or falls with {stray}; name only parts of it: {list(self.parts)}"
            )

    @property
    def derived(self) -> bool:
        """Whether the field is computed from its parts."""
        return self.derive is not None
