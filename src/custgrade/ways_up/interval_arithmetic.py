"""Interval arithmetic over graphs: the possible results if a field may have any value between two.

Every operation of a graph is exactly rounded and therefore as monotone as the exact operation. The ends of a result's
span are, to the last bit, results for ends of the operands' spans.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen

from custgrade.graph.partial import Key, Step, Values


@frozen(eq=False)
class Span:
    """The possible values of a number, as arrays or scalars.

    low, high: the least and the greatest value. number: whether it can be a number. unknown: whether it can be NaN.
    """

    low: Any
    high: Any
    number: Any
    unknown: Any

    @classmethod
    def at(cls, value: Any) -> Span:
        """Return the span of a single number or NaN."""
        unknown = np.isnan(value)
        return cls(value, value, ~unknown, unknown)


@frozen(eq=False)
class Chance:
    """The possible values of a truth value: whether it can be true, and whether it can be false."""

    true: Any
    false: Any

    @classmethod
    def at(cls, value: Any) -> Chance:
        """Return the chance of a single truth value."""
        value = np.asarray(value, dtype=bool)
        return cls(value, ~value)


def _hull(corners: Sequence[Any], one: Span, other: Span, unknown: Any) -> Span:
    """Return the span from the least to the greatest corner; it is unbounded if a corner is NaN."""
    low, high = corners[0], corners[0]
    for corner in corners[1:]:
        low, high = np.fmin(low, corner), np.fmax(high, corner)
    odd = np.isnan(corners[0])
    for corner in corners[1:]:
        odd = odd | np.isnan(corner)
    low, high = np.where(odd, -np.inf, low), np.where(odd, np.inf, high)
    number = one.number & other.number
    return Span(low, high, number, one.unknown | other.unknown | (number & (odd | unknown)))


def _add(one: Span, other: Span) -> Span:
    # what two infinities of different signs add up to is no number
    opposite = ((one.high == np.inf) & (other.low == -np.inf)) | ((one.low == -np.inf) & (other.high == np.inf))
    return _hull([one.low + other.low, one.high + other.high], one, other, opposite)


def _negative(one: Span) -> Span:
    return Span(np.negative(one.high), np.negative(one.low), one.number, one.unknown)


def _subtract(one: Span, other: Span) -> Span:
    return _add(one, _negative(other))


def _holds_zero(one: Span) -> Any:
    return (one.low <= 0.0) & (one.high >= 0.0)


def _holds_infinity(one: Span) -> Any:
    return np.isinf(one.low) | np.isinf(one.high)


def _multiply(one: Span, other: Span) -> Span:
    corners = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
    unknown = (_holds_zero(one) & _holds_infinity(other)) | (_holds_zero(other) & _holds_infinity(one))
    return _hull(corners, one, other, unknown)


def _divide(one: Span, other: Span) -> Span:
    zero = _holds_zero(other)
    corners = [a / b for a in (one.low, one.high) for b in (other.low, other.high)]
    unknown = (zero & _holds_zero(one)) | (_holds_infinity(one) & _holds_infinity(other))
    found = _hull(corners, one, other, unknown)
    low, high = np.where(zero, -np.inf, found.low), np.where(zero, np.inf, found.high)
    return Span(low, high, found.number, found.unknown)


def _absolute(one: Span) -> Span:
    low, high = np.absolute(one.low), np.absolute(one.high)
    least = np.where(_holds_zero(one), 0.0, np.minimum(low, high))
    return Span(least, np.maximum(low, high), one.number, one.unknown)


def _sqrt(one: Span) -> Span:
    low, high = np.sqrt(np.maximum(one.low, 0.0)), np.sqrt(np.maximum(one.high, 0.0))
    return Span(low, high, one.number & (one.high >= 0.0), one.unknown | (one.number & (one.low < 0.0)))


def _rounding(operation: Callable[[Any], Any]) -> Callable[[Span], Span]:
    return lambda one: Span(operation(one.low), operation(one.high), one.number, one.unknown)


def _choosing(choose: Callable[[Any, Any], Any]) -> Callable[[Span, Span], Span]:
    """Return minimum or maximum over spans; the result is unknown if either operand is."""

    def chosen(one: Span, other: Span) -> Span:
        low, high = choose(one.low, other.low), choose(one.high, other.high)
        return Span(low, high, one.number & other.number, one.unknown | other.unknown)

    return chosen


def _choosing_known(choose: Callable[[Any, Any], Any]) -> Callable[[Span, Span], Span]:
    """Return fmin or fmax over spans; if one operand is unknown, the result is the other."""

    def chosen(one: Span, other: Span) -> Span:
        both = one.number & other.number
        unknown = one.unknown & other.unknown
        span = Span(choose(one.low, other.low), choose(one.high, other.high), both, unknown)
        span = _either(both, one.number & other.unknown, span, one)
        span = _either(span.number, other.number & one.unknown, span, other)
        return Span(span.low, span.high, span.number, unknown)

    return chosen


def _either(first: Any, second: Any, one: Span, other: Span) -> Span:
    """Return `one` where `first`, `other` where `second`, and the span that covers both where both."""
    one_number, other_number = first & one.number, second & other.number
    low = np.minimum(np.where(one_number, one.low, np.inf), np.where(other_number, other.low, np.inf))
    high = np.maximum(np.where(one_number, one.high, -np.inf), np.where(other_number, other.high, -np.inf))
    return Span(low, high, one_number | other_number, (first & one.unknown) | (second & other.unknown))


def _less(one: Span, other: Span, *, equal: bool) -> Chance:
    both = one.number & other.number
    some = one.low <= other.high if equal else one.low < other.high
    every = one.high <= other.low if equal else one.high < other.low
    return Chance(both & some, one.unknown | other.unknown | (both & ~every))


def _equal(one: Span, other: Span) -> Chance:
    both = one.number & other.number
    meet = both & (one.low <= other.high) & (other.low <= one.high)
    same = (one.low == one.high) & (other.low == other.high) & (one.low == other.low)
    return Chance(meet, one.unknown | other.unknown | (both & ~same))


def _not(one: Chance) -> Chance:
    return Chance(one.false, one.true)


def _isfinite(one: Span) -> Chance:
    infinite = _holds_infinity(one)
    return Chance(one.number & ~(infinite & (one.low == one.high)), one.unknown | (one.number & infinite))


def _where(condition: Chance, one: Any, other: Any) -> Any:
    if isinstance(one, Chance):
        return Chance(
            (condition.true & one.true) | (condition.false & other.true),
            (condition.true & one.false) | (condition.false & other.false),
        )
    return _either(condition.true, condition.false, one, other)


_OVER: Mapping[str, Callable[..., Any]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "negative": _negative,
    "absolute": _absolute,
    "sqrt": _sqrt,
    "floor": _rounding(np.floor),
    "ceil": _rounding(np.ceil),
    "minimum": _choosing(np.minimum),
    "maximum": _choosing(np.maximum),
    "fmin": _choosing_known(np.fmin),
    "fmax": _choosing_known(np.fmax),
    "less": lambda one, other: _less(one, other, equal=False),
    "less_equal": lambda one, other: _less(one, other, equal=True),
    "greater": lambda one, other: _less(other, one, equal=False),
    "greater_equal": lambda one, other: _less(other, one, equal=True),
    "equal": _equal,
    "not_equal": lambda one, other: _not(_equal(one, other)),
    "isnan": lambda one: Chance(one.unknown, one.number),
    "isfinite": _isfinite,
    "logical_and": lambda one, other: Chance(one.true & other.true, one.false | other.false),
    "logical_or": lambda one, other: Chance(one.true | other.true, one.false & other.false),
    "logical_not": _not,
    "where": _where,
}
"""Each operation over spans, by name."""


def spans_from(steps: Sequence[Step], values: Values, moved: Mapping[Key, Any]) -> dict[Key, Any]:
    """Return the spans of operations for spans of some columns; other columns keep their present values."""
    found = dict(moved)
    for step in steps:
        parts = [found[key] if key in found else _as_is(values[key]) for key in step.arguments]
        found[step.key] = _OVER[step.operation](*parts)
    return found


def _as_is(value: Any) -> Any:
    return Chance.at(value) if np.asarray(value).dtype == bool else Span.at(np.asarray(value, dtype=np.float64))
