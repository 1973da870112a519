"""Exact totals of float64 columns, overall or per class, independent of the order of the rows.

Values are split into layers of so few bits that the sum of a chunk's rows is exact (an error-free transformation, as in
Rump, Ogita and Oishi, Accurate floating-point summation I, 2008). The sums are added as Fractions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.selection.chunks import ROWS, spans

Floats = npt.NDArray[np.float64]

_BITS = 34
"""The bits of a layer. A chunk has 2¹⁸ rows, so its sum needs at most 34 + 18 bits, fewer than the 53 of a float64."""
_HUGE = 2.0**900
_STEPS = 1e6
"""The steps of the decimal grid per unit: amounts have at most six decimal places."""
_GUESSED_FROM = 256
_MOST_DECIMAL = 2.0**31
"""Below this, different decimals of six places have different nearest float64s."""
_SMALLEST = -1074


def exact_totals(values: Floats, groups: npt.NDArray[Any] | None = None, classes: int = 1) -> list[Fraction]:
    """Return the exact total of each class; values that aren't finite count as 0.

    A value below 2³¹ that is the float64 nearest to a decimal of at most six places, as amounts of money are, counts as
    that decimal, so that 0.1 and 0.2 add up to 0.3. Any other value counts as the exact number that the float64 holds.

    groups: the class of each row, from 0; rows with a class of `classes` or more are left out. None if all rows are in
    class 0.
    """
    totals = [Fraction(0)] * classes
    for rows in spans(len(values), ROWS):
        some = values[rows]
        finite = np.isfinite(some)
        members = None if groups is None else groups[rows].astype(np.int64)
        if not finite.all():
            some = np.where(finite, some, 0.0)
        for part, unit, whole in _decimals(some):
            for layer, scale in _layers(part, whole):
                if members is None:
                    sums = [float(layer.sum())]
                else:
                    sums = np.bincount(members, layer, minlength=classes)[:classes].tolist()
                for group, found in enumerate(sums):
                    if found:
                        totals[group] += Fraction(found) * scale / unit
    return totals


def _decimals(values: Floats) -> Iterator[tuple[Floats, int, bool]]:
    """Yield the values on the decimal grid, as numbers of steps, and the other values, each padded with zeros.

    Each part comes with the number of its steps per unit, and whether all its numbers are whole.
    """
    if _are_whole(values[:_GUESSED_FROM]) and _are_whole(values):
        yield values, 1, True
        return
    with np.errstate(over="ignore"):
        steps = values * _STEPS
        np.rint(steps, out=steps)
        back = steps / _STEPS
    on_grid = back == values
    if not (np.abs(values, out=back) < _MOST_DECIMAL).all():
        on_grid &= back < _MOST_DECIMAL
    if on_grid.all():
        yield steps, int(_STEPS), True
    elif not on_grid.any():
        yield values, 1, False
    else:
        yield np.where(on_grid, 0.0, values), 1, False
        yield np.where(on_grid, steps, 0.0), int(_STEPS), True


def _are_whole(values: Floats) -> bool:
    return bool((np.rint(values) == values).all())


def exact_sum(values: Floats) -> Fraction:
    """Return the exact sum of values, as in `exact_totals`; 0 for no values."""
    return exact_totals(values)[0]


def _layers(values: Floats, whole: bool = False) -> Iterator[tuple[Floats, int]]:
    """Yield layers that add up to the values, each with the factor to multiply it by.

    Sums of a layer's values are exact in any order.

    values: finite, at most `ROWS`. whole: whether all are whole numbers; small whole numbers need only one layer.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if largest >= _HUGE:
        # the splitter below would overflow
        huge = np.abs(values) >= _HUGE
        for layer, _ in _layers(np.where(huge, values, 0.0) * 2.0**-200):
            yield layer, 2**200
        values = np.where(huge, 0.0, values)
        largest = float(np.abs(values).max(initial=0.0))
    while largest:
        unit = math.frexp(largest)[1] - _BITS
        if unit <= (0 if whole else _SMALLEST):
            yield values, 1
            return
        # adding the splitter rounds to multiples of 2 to the power of `unit`
        splitter = 1.5 * 2.0 ** (unit + 52)
        layer = values + splitter
        layer -= splitter
        yield layer, 1
        values = values - layer
        largest = float(np.abs(values, out=layer).max())
