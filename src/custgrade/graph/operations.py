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
    "minimum": Operation(np.minimum, lambda one, other: one if one <= other or one != one else other),
    "maximum": Operation(np.maximum, lambda one, other: one if one >= other or one != one else other),
    "fmin": Operation(np.fmin, lambda one, other: one if one <= other or other != other else other),
    "fmax": Operation(np.fmax, lambda one, other: one if one >= other or other != other else other),
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
