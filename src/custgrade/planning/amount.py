"""Amounts and conditions: numbers, or row-local functions of columns, which are traced once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import Factory, field, frozen

from custgrade.argument_checks import float_of, is_one_line
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import PolicyError
from custgrade.planning.part import MOST, Part, place
from custgrade.scoring.tracing import TracedScore, trace
from custgrade.text import exactly, shown


def _number(value: Any) -> Any:
    """Return a number as a float, and other values unchanged, for `_is_number` to refuse."""
    found = float_of(value)
    # adding 0.0 turns −0.0 into 0.0
    return value if found is None else found + 0.0


def _is_number(instance: Any, attribute: Any, value: Any) -> None:
    if value is not None and (type(value) is not float or not abs(value) <= MOST):
        raise PolicyError(f"an amount must be a number from {-MOST:,.0f} to {MOST:,.0f}; received {shown(value)}")


def _is_traced(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is a function with a graph, or None where that is the default."""
    if value is None and attribute.default is None:
        return
    if type(value) is not TracedScore or value.root is None or value.function is not None:
        raise PolicyError(
            f"{type(instance).__name__}: traced must be a function that was traced to a graph; received "
            f"{shown(value)}. Give the function itself, such as lambda c: 0.01 * c['revenue']"
        )


def _is_text(instance: Any, attribute: Any, value: Any) -> None:
    if not is_one_line(value):
        raise PolicyError(f"{type(instance).__name__}: text must be a text of one line; received {shown(value)}")


def _graph_of(part: Any) -> str:
    # default values are made before values are checked
    return part.traced.fingerprint if isinstance(part.traced, TracedScore) else ""


@frozen
class Amount(Part):
    """A number, or a row-local function of columns. Amounts with the same number or the same graph are equal.

    constant: the number; None for a function. traced: the function's graph; None for a number. text: a function in
    words, such as `1 % of revenue`; empty if nobody stated it. graph: the fingerprint of the function's graph; empty
    for a number.
    A function may read fields, details of the scorer, `score` (if the scale has one axis), `<axis>_score`, numbers that
    the model learned, such as `margin_floor`, and `quarters`, the length of the period.
    """

    constant: float | None = field(converter=_number, validator=_is_number)
    traced: TracedScore | None = field(default=None, repr=False, eq=False, validator=_is_traced)
    text: str = field(default="", repr=False, eq=False, validator=_is_text)
    graph: str = field(init=False, repr=False, default=Factory(_graph_of, takes_self=True))

    def __attrs_post_init__(self) -> None:
        if (self.constant is None) == (self.traced is None):
            raise PolicyError("an amount is either a number or a function of columns; received neither, or both")

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

    traced: the graph. text: the condition in words, such as `margin below 0.05`; empty if nobody stated it. graph: the
    fingerprint of the graph.
    """

    traced: TracedScore = field(repr=False, eq=False, validator=_is_traced)
    text: str = field(default="", repr=False, eq=False, validator=_is_text)
    graph: str = field(init=False, repr=False, default=Factory(_graph_of, takes_self=True))

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
    return value if found is None or not math.isfinite(found) else Amount(found)


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


def is_no_debt(instance: Any, attribute: Any, value: Any) -> None:
    """Check that a value is an Amount, or None where that is the default, and that a number isn't below 0."""
    is_amount(instance, attribute, value)
    if value is not None and value.constant is not None and value.constant < 0.0:
        raise PolicyError(f"{place(instance, attribute)} must be 0 or more; received {value}")


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
