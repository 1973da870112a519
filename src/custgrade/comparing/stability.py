"""The population stability index: the distance of an axis's class shares from earlier ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from custgrade.data.scale import UNGRADED
from custgrade.model.graded import Graded

_LEAST = 0.5
"""The number of customers that an empty class counts as if it isn't empty on the other side."""


def class_counts(graded: Graded, axis: str) -> list[int]:
    """Return the number of customers with each label of an axis, best first, and the number of ungraded ones."""
    found = np.bincount(graded.codes[axis], minlength=UNGRADED + 1).tolist()
    return [*found[: len(graded.scale.axis(axis).labels)], found[UNGRADED]]


def stability_index(before: Sequence[int], after: Sequence[int]) -> float:
    """Return the population stability index of two counts of the same classes, NaN if one side has no customers.

    It is Σ (aᵢ − eᵢ) · ln(aᵢ ÷ eᵢ) over the classes, with their shares e before and a after; swapping the sides gives
    the same index. A class that is empty on one side counts as half a customer there; a class that is empty on both
    sides doesn't count.

    Common thresholds: below 0.1 the population is stable, from 0.1 to 0.25 it should be watched, above 0.25 it has
    shifted: N. Siddiqi, Credit Risk Scorecards (Wiley, 2006).
    """
    customers_before, customers_after = sum(before), sum(after)
    if not customers_before or not customers_after:
        return math.nan
    terms = []
    for count, later in zip(before, after, strict=True):
        if count or later:
            expected, actual = max(count, _LEAST) / customers_before, max(later, _LEAST) / customers_after
            terms.append((actual - expected) * math.log(actual / expected))
    return math.fsum(terms)
