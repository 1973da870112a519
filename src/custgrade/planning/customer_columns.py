"""The columns that amounts and conditions read: fields, details, scores and learned numbers of graded customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.period import Period
from custgrade.errors import Hint, PolicyError
from custgrade.model.graded import Graded
from custgrade.planning.amount import Amount, Condition

QUARTER = 365.25 / 4
"""The days of a quarter."""

Rows = npt.NDArray[np.intp]
"""The positions of some customers in the base."""


def quarters_of(graded: Graded) -> float:
    """Return the length of the base's period in quarters.

    Raises PolicyError if the base has no period.
    """
    if graded.base.period is None:
        raise PolicyError(
            "hours are promised per quarter, and the length of the data's period is unknown.",
            Hint(
                "Give the base a period: CustomerBase(…, period=Period(as_of=…, start=…, end=…)).",
                "Give the first and the last day: --since and --as-of.",
            ),
        )
    return graded.base.period.days / QUARTER


class CustomerColumns:
    """The columns of graded customers by name."""

    def __init__(self, graded: Graded) -> None:
        self._graded = graded

    @property
    def period(self) -> Period | None:
        """The period of the data."""
        return self._graded.base.period

    def __contains__(self, name: str) -> bool:
        return self._source(name) is not None

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        """Return a column, float64 of shape (n,), NaN where unknown; all NaN for a name that doesn't exist."""
        source = self._source(name)
        column = np.asarray(np.nan if source is None else source(), dtype=np.float64)
        return np.broadcast_to(column, (len(self._graded),))

    def _source(self, name: str) -> Callable[[], Any] | None:
        """Return a function that returns a column, so that asking whether there is one computes none; None if not."""
        graded = self._graded
        if name in graded.base:
            return partial(graded.base.__getitem__, name)
        if name in graded.details:
            return partial(graded.details.__getitem__, name)
        if name.endswith("_score") and name.removesuffix("_score") in graded.scores:
            return partial(graded.scores.__getitem__, name.removesuffix("_score"))
        if name == "score" and len(graded.scores) == 1:
            return partial(graded.scores.__getitem__, next(iter(graded.scores)))
        if name in graded.learned:
            return partial(graded.learned.__getitem__, name)
        if name != "quarters":
            return None
        quarters = quarters_of(graded)
        return lambda: quarters

    def of(self, rows: Rows | slice) -> Mapping[str, Any]:
        """Return the columns of some customers."""
        return _SomeRows(self, rows)

    def values(self, amount: Amount, rows: Rows) -> npt.NDArray[np.float64]:
        """Return an amount for some customers, float64, NaN where unknown."""
        return amount.values(self.of(rows), len(rows))

    def hold(self, condition: Condition | None, rows: Rows) -> Rows:
        """Return those of some customers for whom a condition holds; None holds for all."""
        return rows if condition is None else rows[condition.holds(self.of(rows), len(rows))]

    def unknown(self, names: tuple[str, ...], rows: Rows) -> npt.NDArray[np.bool_]:
        """Return whether one of these columns is unknown for each of some customers, bool."""
        found = np.zeros(len(rows), dtype=bool)
        for name in names:
            found |= np.isnan(self[name][rows])
        return found


class _SomeRows(Mapping[str, Any]):
    def __init__(self, columns: CustomerColumns, rows: Rows | slice) -> None:
        self._columns, self._rows = columns, rows

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        return np.ascontiguousarray(self._columns[name][self._rows])

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
