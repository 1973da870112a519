"""Amounts and conditions: numbers, or row-local functions of columns, which are traced once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.argument_checks import float_of
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import PolicyError
from custgrade.planning.part import Part, place
from custgrade.scoring.tracing import TracedScore, trace
from custgrade.text import exactly, shown


def _graph(traced: TracedScore | None) -> Any:
    return None if traced is None else traced.fingerprint


@frozen
class Amount(Part):
    """A number, or a row-local function of columns. Amounts with the same number or the same graph are equal.

    constant: the number; None for a function. traced: the function's graph; None for a number. text: a function in
    words, such as `1 % of revenue`; empty if nobody stated it.
    A function may read fields, details of the scorer, `score` (if the scale has one axis), `<axis>_score`, numbers that
    the model learned, such as `margin_floor`, and `quarters`, the length of the period.
    """

    constant: float | None
    traced: TracedScore | None = field(default=None, repr=False, eq=_graph)
    text: str = field(default="", repr=False, eq=False)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that the function needs, derived fields as their parts; empty for a number."""
        return self.traced.inputs if self.traced else ()

    def values(self, columns: Mapping[str, Any], size: int) -> npt.NDArray[np.float64]:
        """Return the amount for each of `size` customers, float64 of shape (size,), NaN where unknown."""
        if self.traced is None:
            return np.full(size, self.constant)
        return np.broadcast_to(np.asarray(self.traced(columns), dtype=np.float64), (size,))

    def __str__(self) -> str:
        return exactly(self.constant) if self.constant is not None else self.text or "a function of the customer"


@frozen
class Condition(Part):
    """A row-local condition; it doesn't hold where its value is unknown. Conditions with the same graph are equal.

    traced: the graph. text: the condition in words, such as `margin below 0.05`; empty if nobody stated it.
    """

    traced: TracedScore = field(repr=False, eq=_graph)
    text: str = field(default="", repr=False, eq=False)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that the condition needs, derived fields as their parts."""
        return self.traced.inputs

    def holds(self, columns: Mapping[str, Any], size: int) -> npt.NDArray[np.bool_]:
        """Return whether the condition holds for each of `size` customers, bool of shape (size,)."""
        return np.broadcast_to(np.asarray(self.traced(columns)) == 1.0, (size,))

    def __str__(self) -> str:
        return self.text or "a condition on the customer"


def as_amount(value: Any) -> Amount:
    """Return a number or a function as an Amount, and other values unchanged, for `is_amount` to refuse.

    Raises TracingError for a function that isn't row-local.
    """
    if callable(value):
        return Amount(None, trace(value, _name(value), STANDARD_FIELDS))
    found = float_of(value)
    # adding 0.0 turns −0.0 into 0.0
    return value if found is None or not math.isfinite(found) else Amount(found + 0.0)


def as_amount_or_none(value: Any) -> Amount | None:
    """Return what `as_amount` returns, and None for None."""
    return None if value is None else as_amount(value)


def as_condition(value: Any) -> Condition | None:
    """Return a function as a Condition, and other values unchanged, for `is_condition` to refuse.

    Raises TracingError for a function that isn't a row-local condition.
    """
    return Condition(trace(value, _name(value), STANDARD_FIELDS, truth=True)) if callable(value) else value


def is_amount(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is an Amount, or None where that is the default."""
    if type(value) is not Amount and not (value is None and attribute.default is None):
        raise PolicyError(
            f"{place(instance, attribute)} must be a finite number or a function of columns, such as "
            f"lambda c: 0.01 * c['revenue']; received {shown(value)}"
        )


def is_condition(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is a Condition or None."""
    if value is not None and type(value) is not Condition:
        raise PolicyError(
            f"{place(instance, attribute)} must be a function that returns a condition, such as "
            f"lambda c: c['profit'] < 0; received {shown(value)}"
        )


def amounts_by_name(value: Mapping[Any, Any], what: str) -> dict[str, Amount]:
    """Return a mapping of names to numbers or functions with Amounts; what: its name, for errors."""
    found = {name: as_amount(one) for name, one in value.items()}
    for name, one in found.items():
        if not isinstance(name, str) or type(one) is not Amount:
            raise PolicyError(
                f"{what} must have a finite number or a function of columns for each name; "
                f"received {shown(name)}: {shown(one)}"
            )
    return found


def _name(function: Any) -> str:
    """Return a name of a function for errors: `the function at policy.py, line 12`."""
    code = getattr(function, "__code__", None)
    name = getattr(function, "__name__", "<lambda>")
    if code is None or name != "<lambda>":
        return f"the function {name!r}"
    return f"the function at {Path(code.co_filename).name}, line {code.co_firstlineno}"
