"""The operations that scores are made of, in one table for all evaluators of graphs.

Each operation is row-local, and exact or correctly rounded, so its result has the same bits on every machine.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import frozen


@frozen
class Operation:
    """One operation of a graph.

    arrays: the function on numpy arrays of float64 or truth values.
    one: the function on Python numbers and truth values; its result has the same bits.
    truth: whether the result is a truth value.
    """

    arrays: Callable[..., Any]
    one: Callable[..., Any]
    truth: bool = False


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
        # like IEEE 754 rounding, a result of zero keeps the sign
        return math.copysign(float(rounded(value)), value) if math.isfinite(value) and abs(value) < 2**53 else value

    return function


def _chosen(arrays: Callable[[Any, Any], Any], one: Callable[[float, float], float]) -> Operation:
    """Return the operation that chooses one of two values; a chosen zero is 0.0.

    Which of 0.0 and −0.0 numpy chooses depends on the position in the array.
    """

    def function(first: Any, second: Any) -> Any:
        values = arrays(first, second)
        return np.add(values, 0.0, out=values if isinstance(values, np.ndarray) else None)

    return Operation(function, lambda first, second: one(first, second) + 0.0)


OPERATIONS: Mapping[str, Operation] = {
    "add": Operation(np.add, operator.add),
    "subtract": Operation(np.subtract, operator.sub),
    "multiply": Operation(np.multiply, operator.mul),
    "divide": Operation(np.divide, _divided),
    "negative": Operation(np.negative, operator.neg),
    "absolute": Operation(np.absolute, abs),
    "sqrt": Operation(np.sqrt, _root),
    "floor": Operation(np.floor, _whole(math.floor)),
    "ceil": Operation(np.ceil, _whole(math.ceil)),
    "minimum": _chosen(np.minimum, lambda one, other: one if one <= other or one != one else other),
    "maximum": _chosen(np.maximum, lambda one, other: one if one >= other or one != one else other),
    "fmin": _chosen(np.fmin, lambda one, other: one if one <= other or other != other else other),
    "fmax": _chosen(np.fmax, lambda one, other: one if one >= other or other != other else other),
    "less": Operation(np.less, operator.lt, truth=True),
    "less_equal": Operation(np.less_equal, operator.le, truth=True),
    "greater": Operation(np.greater, operator.gt, truth=True),
    "greater_equal": Operation(np.greater_equal, operator.ge, truth=True),
    "equal": Operation(np.equal, operator.eq, truth=True),
    "not_equal": Operation(np.not_equal, operator.ne, truth=True),
    "isnan": Operation(np.isnan, math.isnan, truth=True),
    "isfinite": Operation(np.isfinite, math.isfinite, truth=True),
    "logical_and": Operation(np.logical_and, lambda one, other: one and other, truth=True),
    "logical_or": Operation(np.logical_or, lambda one, other: one or other, truth=True),
    "logical_not": Operation(np.logical_not, operator.not_, truth=True),
    "where": Operation(np.where, lambda condition, one, other: one if condition else other),
}
"""All operations by name."""
