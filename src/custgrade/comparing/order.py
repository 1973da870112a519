"""The order of two grades of each customer: better, worse or neither."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.comparing.alignment import Codes
from custgrade.data.scale import GradeScale, ScaleAxis

Truths = npt.NDArray[np.bool_]


@frozen(eq=False)
class Order:
    """Whether each customer's grade is better after than before, and whether it is worse.

    better, worse: bool of shape (n,); both are False where the two grades don't compare. They are meaningless for
    customers without a grade before or after.
    """

    better: Truths
    worse: Truths


def alike(before: GradeScale, after: GradeScale) -> tuple[ScaleAxis, ...]:
    """Return the axes that two scales have in common: axes of the same name, labels and parent."""
    found: list[ScaleAxis] = []
    for axis in after.axes:
        if axis in before.axes and (axis.within is None or axis.within in [parent.name for parent in found]):
            found.append(axis)
    return tuple(found)


def order_on(axis: ScaleAxis, before: Mapping[str, Codes], after: Mapping[str, Codes]) -> Order:
    """Return which labels of one axis are better after than before.

    before, after: codes by axis, 0 = best. Labels in different classes of the parent don't compare.
    """
    one, other = before[axis.name], after[axis.name]
    if axis.within is None:
        return Order(other < one, other > one)
    beside = before[axis.within] == after[axis.within]
    return Order((other < one) & beside, (other > one) & beside)


def order_of(scale: GradeScale, before: Mapping[str, Codes], after: Mapping[str, Codes]) -> Order:
    """Return which whole grades are better after than before, in the order of `GradeScale.better`.

    before, after: codes by axis, 0 = best.
    """
    first, *others = (order_on(axis, before, after) for axis in scale.axes)
    better, worse = first.better, first.worse
    for order in others:
        better, worse = better | order.better, worse | order.worse
    return Order(better & ~worse, worse & ~better)
