"""Exact totals of float64 columns, overall or per class, whatever the order of the rows.

Values are split into layers of so few bits that no sum of a chunk's rows can be rounded (error-free transformation,
as in Rump, Ogita and Oishi, Accurate floating-point summation I, 2008); the sums are put together as Fractions.
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
"""Bits of a layer: with those of a chunk's number of rows, 18, fewer than the 53 of a float64."""
_HUGE = 2.0**900
_SMALLEST = -1074


def exact_totals(values: Floats, groups: npt.NDArray[Any] | None = None, classes: int = 1) -> list[Fraction]:
    """Return the exact total of each class; values that aren't finite count as nothing.

    groups: the class of each row, numbered from 0; rows of any other are left out. None where all are in class 0.
    """
    totals = [Fraction(0)] * classes
    for rows in spans(len(values), ROWS):
        some = values[rows]
        finite = np.isfinite(some)
        members = None if groups is None else groups[rows].astype(np.int64)
        if not finite.all():
            some = np.where(finite, some, 0.0)
        for layer, scale in _layers(some):
            if members is None:
                sums = [float(layer.sum())]
            else:
                sums = np.bincount(members, layer, minlength=classes)[:classes].tolist()
            for group, part in enumerate(sums):
                if part:
                    totals[group] += Fraction(part) * scale
    return totals


def exact_sum(values: Floats) -> Fraction:
    """Return the exact sum of values, whatever their order; 0 for none, and those that aren't finite left out."""
    return exact_totals(values)[0]


def _layers(values: Floats) -> Iterator[tuple[Floats, int]]:
    """Split finite values, at most `ROWS` of them, into layers that add up to them, and what each is to be scaled by.

    Within a layer no sum of some of its values, in whatever order, is rounded.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if largest >= _HUGE:
        # what splits them would be infinite
        huge = np.abs(values) >= _HUGE
        for layer, _ in _layers(np.where(huge, values, 0.0) * 2.0**-200):
            yield layer, 2**200
        values = np.where(huge, 0.0, values)
        largest = float(np.abs(values).max(initial=0.0))
    while largest:
        unit = math.frexp(largest)[1] - _BITS
        if unit <= _SMALLEST:
            yield values, 1
            return
        # adding it rounds to multiples of 2 to the power of `unit`
        splitter = 1.5 * 2.0 ** (unit + 52)
        layer = values + splitter
        layer -= splitter
        yield layer, 1
        values = values - layer
        largest = float(np.abs(values, out=layer).max())
