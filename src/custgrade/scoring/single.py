"""Computing a traced score for one customer with plain numbers: the bits that numpy gives many, at once."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from custgrade.scoring.graph import Layout, Node


def _divided(one: float, other: float) -> float:
    if other:
        return one / other
    if one == 0 or one != one:
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def _root(value: float) -> float:
    return math.nan if value < 0 else math.sqrt(value)


def _whole(rounded: Callable[[float], int]) -> Callable[[float], float]:
    def function(value: float) -> float:
        # a zero keeps its sign, as floating-point rounding has it
        return math.copysign(float(rounded(value)), value) if math.isfinite(value) and abs(value) < 2**53 else value

    return function


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": _divided,
    "negative": operator.neg,
    "absolute": abs,
    "sqrt": _root,
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "minimum": lambda one, other: one if one <= other or one != one else other,
    "maximum": lambda one, other: one if one >= other or one != one else other,
    "fmin": lambda one, other: one if one <= other or other != other else other,
    "fmax": lambda one, other: one if one >= other or other != other else other,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
    "isnan": math.isnan,
    "isfinite": math.isfinite,
    "logical_and": lambda one, other: one and other,
    "logical_or": lambda one, other: one or other,
    "logical_not": operator.not_,
    "where": lambda condition, one, other: one if condition else other,
}
"""The operations of a graph on Python's numbers, which are float64 as well, and on its truth values."""


class SingleScore:
    """A graph made ready to be computed for one customer at a time."""

    def __init__(self, root: Node) -> None:
        layout = Layout(root)
        self._room, self._columns = layout.room, layout.columns
        self._steps = [(k, OPERATIONS[operation], places) for k, operation, places in layout.steps]

    def __call__(self, columns: Mapping[str, float]) -> Any:
        """The score, or truth value, of a customer with these values by column; NaN is unknown."""
        room: list[Any] = self._room.copy()
        for k, name in self._columns:
            room[k] = columns[name]
        for k, operation, places in self._steps:
            room[k] = operation(*[room[place] for place in places])
        return room[-1]
