"""The changes of grades and their causes, one code per customer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.comparing.alignment import Alignment, Codes
from custgrade.comparing.order import Order
from custgrade.data.converters import locked
from custgrade.data.output_columns import CodedTexts, OutputColumn, plain_columns
from custgrade.data.scale import NOT_GRADED

ABSENT = "absent"
"""The name of the grade of a customer who isn't in a base."""

CHANGES = ("same", "up", "down", "aside", "graded", "lost")
CAUSES = ("", "customer", "model", "both")
_SAME, _UP, _DOWN, _ASIDE, _GRADED, _LOST = range(len(CHANGES))
_BY_CUSTOMER, _BY_MODEL = 1, 2
"""Codes of causes that add up: 1 + 2 is the code of `both`."""


@frozen(slots=False, eq=False, repr=False)
class Changes:
    """The changes of whole grades, or of the labels of one axis, one entry per customer.

    names_before, names_after: the grades best first, then `ungraded`, then `absent` for customers not in that base.
    before, after: positions in these names, unsigned integers of shape (n,).
    change_codes: positions in `change_names`, uint8 of shape (n,). `same`: both grades have the same name, or there was
    no grade before or after. `up`, `down`: the new grade is better or worse. `aside`: it is neither. `graded`: only the
    new grade exists. `lost`: only the old grade exists.
    cause_codes: positions in `cause_names`, uint8 of shape (n,); the empty name means that nothing changed. See
    `compare`.
    cancelled: the number of customers with the same grade whose own change was offset by the change of the model.
    """

    change_names: ClassVar[tuple[str, ...]] = CHANGES
    cause_names: ClassVar[tuple[str, ...]] = CAUSES

    names_before: tuple[str, ...]
    names_after: tuple[str, ...]
    before: Codes = field(converter=locked)
    after: Codes = field(converter=locked)
    change_codes: npt.NDArray[np.uint8] = field(converter=locked)
    cause_codes: npt.NDArray[np.uint8] = field(converter=locked)
    cancelled: int

    def __len__(self) -> int:
        return len(self.change_codes)

    @property
    def moved(self) -> npt.NDArray[np.bool_]:
        """Whether each customer's grade changed, bool of shape (n,)."""
        moved: npt.NDArray[np.bool_] = self.change_codes != _SAME
        return moved

    @cached_property
    def matrix(self) -> npt.NDArray[np.int64]:
        """The migration matrix: customers by grade before (rows) and after (columns).

        int64 of shape (len(names_before), len(names_after)).
        """
        shape = len(self.names_before), len(self.names_after)
        cells = self.before.astype(np.int64) * shape[1] + self.after
        found: npt.NDArray[np.int64] = locked(np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape))
        return found

    def counts(self) -> dict[str, int]:
        """Return the number of customers by change."""
        found = np.bincount(self.change_codes, minlength=len(CHANGES)).tolist()
        return dict(zip(CHANGES, found, strict=True))

    def causes(self) -> dict[str, dict[str, int]]:
        """Return the number of customers whose grade changed, by change and then by cause."""
        cells = self.change_codes.astype(np.int64) * len(CAUSES) + self.cause_codes
        found = np.bincount(cells, minlength=len(CHANGES) * len(CAUSES)).reshape(len(CHANGES), -1).tolist()
        lines = dict(zip(CHANGES, found, strict=True))
        return {change: dict(zip(CAUSES[1:], lines[change][1:], strict=True)) for change in CHANGES[1:]}

    def texts(self) -> tuple[CodedTexts, CodedTexts]:
        """Return the names before and after, each of shape (n,)."""
        return CodedTexts(self.names_before, self.before), CodedTexts(self.names_after, self.after)

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return texts of shape (n,) by name: `before`, `after`, `change`, and `cause`, empty if unchanged."""
        before, after = self.texts()
        change, cause = CodedTexts(CHANGES, self.change_codes), CodedTexts(CAUSES, self.cause_codes)
        return {"before": before, "after": after, "change": change, "cause": cause}

    def columns(self) -> dict[str, Any]:
        """Return the columns of `output_columns` as numpy arrays."""
        return plain_columns(self.output_columns())

    def __repr__(self) -> str:
        moved = ", ".join(f"{change} {count:,}" for change, count in self.counts().items())
        return f"<Changes: {len(self):,} customers: {moved}>"


@frozen(eq=False)
class Path:
    """Three grades of each customer: earlier model and data, earlier model and later data, later model and data.

    names_before, names_after: the grades of the earlier and the later model, then `ungraded` and `absent`.
    start, between: positions in `names_before`. end: positions in `names_after`. All are unsigned integers of shape
    (n,).
    """

    names_before: tuple[str, ...]
    names_after: tuple[str, ...]
    start: Codes
    between: Codes
    end: Codes

    @classmethod
    def of(cls, customers: Alignment, before: Sequence[str], after: Sequence[str], steps: Sequence[Codes]) -> Path:
        """Return the path of each customer.

        before, after: the grades of the earlier and of the later model. steps: three arrays of positions: in `before`
        for the earlier base, in `before` for the later base, and in `after` for the later base. Ungraded is the number
        of grades.
        """
        start, between, end = steps
        return cls(
            (*before, NOT_GRADED, ABSENT),
            (*after, NOT_GRADED, ABSENT),
            customers.of_earlier(start, len(before) + 1),
            customers.of_later(between, len(before) + 1),
            customers.of_later(end, len(after) + 1),
        )

    def changes(self, order: Order | None) -> Changes:
        """Return the changes from the first to the last grade, with their causes.

        order: whether each last grade is better or worse; None if the scales differ, so that grades don't compare.
        """
        end = self._end_as_before()
        had, has = self.start < len(self.names_before) - 2, self.end < len(self.names_after) - 2
        moved = (self.start != end) & (had | has)
        change = np.where(moved, np.uint8(_ASIDE), np.uint8(_SAME))
        if order is not None:
            change[moved & order.better] = _UP
            change[moved & order.worse] = _DOWN
        change[moved & ~had] = _GRADED
        change[moved & ~has] = _LOST
        by_customer, by_model = self.start != self.between, self.between != end
        cause = by_customer * np.uint8(_BY_CUSTOMER) + by_model * np.uint8(_BY_MODEL)
        cause[~moved] = 0
        cancelled = int(np.count_nonzero(by_customer & by_model & ~moved))
        return Changes(self.names_before, self.names_after, self.start, self.end, change, cause, cancelled)

    def _end_as_before(self) -> npt.NDArray[Any]:
        """Return the last grades as positions in `names_before`; a name that isn't there gets `len(names_before)`."""
        if self.names_before == self.names_after:
            return self.end
        places = {name: place for place, name in enumerate(self.names_before)}
        return np.array([places.get(name, len(places)) for name in self.names_after])[self.end]
