"""The summary of ways up: counts of customers and median changes."""

from __future__ import annotations

from threading import Lock

import numpy as np
from attrs import frozen

from custgrade.cuts.medians import lower_medians
from custgrade.data.scale import UNGRADED
from custgrade.data.stored import StoredColumn
from custgrade.ways_up.ways_up import WaysUp


@frozen
class FieldSummary:
    """The ways up in one field of one axis: the number of customers, and the lower median change, NaN without any."""

    field: str
    customers: int
    median_change: float


@frozen
class AxisSummary:
    """The ways up on one axis.

    graded, ungraded, below_best, possible: the number of customers who are graded, ungraded, below the best class, and
    who have a way up. fields: the ways up in single fields, most customers first. pairs: the number of customers with a
    way up in two fields, None if the axis has fewer than two fields.
    """

    graded: int
    ungraded: int
    below_best: int
    possible: int
    fields: tuple[FieldSummary, ...]
    pairs: int | None


class WaysSummary:
    """A summary of ways up that is added up part by part; changes are kept on disk, eight bytes each."""

    def __init__(self) -> None:
        self._adding = Lock()
        self._counts: dict[str, dict[str, int]] = {}
        self._changes: dict[str, dict[str, StoredColumn]] = {}
        self._pairs: dict[str, int | None] = {}

    def add(self, ways: WaysUp) -> None:
        """Add the ways up of some customers."""
        with self._adding:
            for name, axis in ways.axes.items():
                graded = int(np.count_nonzero(ways.graded.codes[name] != UNGRADED))
                found = {
                    "graded": graded,
                    "ungraded": len(ways) - graded,
                    "below_best": int(np.count_nonzero(axis.next != UNGRADED)),
                    "possible": int(np.count_nonzero(axis.possible)),
                }
                before = self._counts.get(name, {})
                self._counts[name] = {what: count + before.get(what, 0) for what, count in found.items()}
                changes = self._changes.setdefault(name, {})
                for field, to in axis.to.items():
                    rows = np.flatnonzero(np.isfinite(to))
                    moved = to[rows] - ways.graded.base.columns[field][:][rows]
                    changes.setdefault(field, StoredColumn()).append(moved)
                paired = len(axis.pairs.rows) + (self._pairs.get(name) or 0)
                self._pairs[name] = paired if len(axis.fields) > 1 else None

    def axes(self) -> dict[str, AxisSummary]:
        """Return the summaries by axis."""
        found = {}
        for name, counts in self._counts.items():
            fields = [
                FieldSummary(field, len(changes), lower_medians({field: changes}, len(changes))[field])
                for field, changes in self._changes[name].items()
            ]
            fields.sort(key=lambda one: -one.customers)
            found[name] = AxisSummary(**counts, fields=tuple(fields), pairs=self._pairs[name])
        return found
