"""Cuts at given scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import field, frozen

from custgrade.cuts.asks import Count
from custgrade.cuts.boundary import Boundary, in_order
from custgrade.cuts.cut import CutFitting, FittedCut
from custgrade.errors import CutError
from custgrade.text import counted, shown


def _boundaries(values: Sequence[Any]) -> tuple[Boundary, ...]:
    if isinstance(values, Boundary):
        return (values,)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise CutError(f"thresholds are a list of numbers or Boundary objects; received {shown(values)}")
    return tuple(value if isinstance(value, Boundary) else Boundary(value) for value in values)


@frozen
class Thresholds:
    """Cut at fixed scores: `Thresholds((75, 50, 25))`.

    at: numbers or `Boundary` objects, best first and falling, one fewer than labels. A score equal to a number is in
    the better class; with `Boundary(75, inclusive=False)` a score of 75 is in the worse class.
    """

    at: tuple[Boundary, ...] = field(converter=_boundaries)

    def __attrs_post_init__(self) -> None:
        floors = [boundary.floor for boundary in self.at]
        if not in_order(self.at) or len(set(floors)) < len(floors):
            raise CutError(f"thresholds must be given best first and fall; received {', '.join(map(str, self.at))}")

    def check(self, labels: int) -> None:
        """Raise CutError unless there are labels − 1 thresholds."""
        if len(self.at) != labels - 1:
            need, given = "needs" if labels == 1 else "need", len(self.at)
            raise CutError(f"{counted(labels, 'labels')} {need} {counted(labels - 1, 'thresholds')}; received {given}")

    def fit(self, labels: Sequence[str]) -> CutFitting:
        """Yield an ask for the head counts, and return the thresholds for every parent class with graded customers."""
        (counts,) = yield (Count(),)
        return FittedCut([self.at if count else None for count in counts])
