"""The peer openretailscience, where it can give custgrade's grades.

`ThresholdSegmentation` puts customers whose percent rank is at most a threshold into a segment. With thresholds between
two ranks, its segments are those of `abcde`, of `top10` and, within the segments of revenue, of `matrix3x3`, as long as
no two customers tie and no value is unknown: it orders equal values by the customers' ids, so that equal customers may
get different grades, and counts unknown values as the highest ones. Its `RFMSegmentation` cuts by its own three fields
into tenths, and neither weighs points nor counts floors, so `abcd` and `floors` can't be had.

What is timed ends with `.df`, the frame that its users get; putting that into the order of the customers isn't.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from shares import positions


def thresholds(sizes: Collection[int], cumulated: Sequence[Fraction]) -> list[float]:
    """Return percent ranks that fall between the ranks at each boundary in groups of all these sizes, rising, and 1."""
    between = []
    for places in zip(*(positions(size, cumulated) for size in sizes), strict=True):
        last = max((place - 1) / (size - 1) for place, size in zip(places, sizes, strict=True))
        first = min(place / (size - 1) for place, size in zip(places, sizes, strict=True))
        between.append((last + first) / 2)
    return [*sorted(between), 1.0]


def segmented(
    table: Any, score: str, cumulated: Sequence[Fraction], sizes: Collection[int], within: str | None = None
) -> Any:
    """Return the segmentation by shares of heads in groups of these sizes; segments have their codes as names."""
    from openretailscience.segmentation.threshold import ThresholdSegmentation

    names = [str(code) for code in range(len(cumulated), -1, -1)]
    return ThresholdSegmentation(
        table,
        thresholds(sizes, cumulated),
        names,
        value_col=score,
        zero_value_customers="include_with_light",
        group_col=within,
    )


def segments(table: Any, score: str, cumulated: Sequence[Fraction], known: int) -> Any:
    """Return the names of the segments by customer."""
    return segmented(table, score, cumulated, [known]).df["segment_name"]
