"""The usual values of the best customers: medians by axis and field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import read_only
from custgrade.data.scale import UNGRADED
from custgrade.model.graded import Graded

FloatColumn = npt.NDArray[np.float64]
Places = Mapping[str, Sequence[str]]


def _tables(values: Mapping[str, Mapping[str, Sequence[float]]]) -> Mapping[str, Mapping[str, tuple[float, ...]]]:
    return read_only({axis: read_only({name: tuple(some) for name, some in of.items()}) for axis, of in values.items()})


@frozen
class UsualValues:
    """The usual values of the best customers.

    values: by axis and field, one value for each class of the axis's parent, or a single value without a parent. A
    value is the exact lower median of the known values in the best class that isn't empty; NaN if none is known.
    """

    values: Mapping[str, Mapping[str, tuple[float, ...]]] = field(converter=_tables)

    def of(self, axis: str, name: str, group: int = 0) -> float:
        """Return the usual value of a field. group: the code of the parent's class, 0 without a parent."""
        found = self.values.get(axis, MappingProxyType({})).get(name, ())
        return found[group] if group < len(found) else float("nan")


class BestCustomers:
    """A collector of the values of the best customers of each axis, part by part.

    It keeps the values of the best class so far in memory. names: the fields to collect, by axis.
    """

    def __init__(self, names: Places) -> None:
        self._names = {axis: tuple(some) for axis, some in names.items()}
        # by axis and class of its parent: the best code so far, and the values of the customers with that code
        self._best: dict[tuple[str, int], tuple[int, dict[str, list[FloatColumn]]]] = {}
        self._groups: dict[str, int] = {}

    def add(self, graded: Graded) -> None:
        """Add some graded customers."""
        for axis, names in self._names.items():
            within = graded.scale.axis(axis).within
            self._groups[axis] = graded.scale.parent_classes(axis)
            codes = graded.codes[axis]
            groups = np.zeros(len(codes), dtype=np.uint8) if within is None else graded.codes[within]
            for group in range(self._groups[axis]):
                rows = np.flatnonzero((groups == group) & (codes != UNGRADED))
                if len(rows):
                    best = int(codes[rows].min())
                    self._keep((axis, group), best, graded, rows[codes[rows] == best], names)

    def _keep(
        self, where: tuple[str, int], best: int, graded: Graded, rows: npt.NDArray[np.int64], names: Sequence[str]
    ) -> None:
        code, kept = self._best.get(where, (UNGRADED, {}))
        if best > code:
            return
        if best < code:
            code, kept = best, {name: [] for name in names}
        some = graded.base.view_at(rows)
        for name in names:
            if name in some:
                kept[name].append(np.asarray(some[name], dtype=np.float64))
        self._best[where] = code, kept

    def usual(self) -> UsualValues:
        """Return the usual values of the best customers that were added."""
        table: dict[str, dict[str, list[float]]] = {}
        for axis, names in self._names.items():
            groups = range(self._groups.get(axis, 0))
            table[axis] = {name: [self._median((axis, group), name) for group in groups] for name in names}
        return UsualValues(table)

    def _median(self, where: tuple[str, int], name: str) -> float:
        parts = self._best.get(where, (UNGRADED, {}))[1].get(name, [])
        return lower_median(np.concatenate(parts)) if parts else float("nan")


def usual_values(graded: Graded, names: Places) -> UsualValues:
    """Return the usual values of the best of these customers. names: the fields by axis."""
    best = BestCustomers(names)
    best.add(graded)
    return best.usual()


def lower_median(column: npt.NDArray[Any]) -> float:
    """Return the lower median of the known values, NaN if none is known."""
    known = column[~np.isnan(column)]
    return float(np.partition(known, (len(known) - 1) // 2)[(len(known) - 1) // 2]) if len(known) else np.nan
