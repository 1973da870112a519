"""Comparing the grades of a base with those of an earlier model, an earlier base, or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.comparing.alignment import Alignment, Codes
from custgrade.comparing.changes import ABSENT, Changes, Path
from custgrade.comparing.largest import LargestMoves, amounts, largest_moves, money_measure
from custgrade.comparing.order import alike, order_of, order_on
from custgrade.comparing.stability import class_counts, stability_index
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.data.ids import Ids
from custgrade.data.names import first_names
from custgrade.data.output_columns import OutputColumn, identity_columns, plain_columns
from custgrade.data.scale import UNGRADED, whole_codes
from custgrade.errors import ModelError, ParameterError
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame


@frozen(slots=False, eq=False, repr=False)
class Comparison(AsFrame):
    """The change of each customer's grade, one entry per customer of either base.

    graded_before, graded_after: the grades that are compared, each in the order of its own base.
    whole: the changes of whole grades, in the order of `ids`.
    axes: the changes by axis, for axes of the same name, labels and parent in both scales. Labels in different classes
    of the parent are neither better nor worse.
    stability: the population stability index by axis, between the grades that are compared.
    drift: the population stability index by axis of the earlier model, between both bases graded with that model. It
    shows the shift of the population without the change of the model, and is 0 for a single base.
    measure: the money that `largest` compares: the field that customers are graded by if it is money, else profit,
    else revenue, whichever both bases have first; None if they have none.

    The index is Σ (aᵢ − eᵢ) · ln(aᵢ ÷ eᵢ) over the labels and `ungraded`, with their shares e before and a after.
    Absent customers aren't counted. A class that is empty on one side counts as half a customer there. The index is NaN
    if a base is empty. Common thresholds: below 0.1 the population is stable, from 0.1 to 0.25 it should be watched,
    above 0.25 it has shifted: N. Siddiqi, Credit Risk Scorecards (Wiley, 2006).
    """

    graded_before: Graded
    graded_after: Graded
    whole: Changes
    axes: Mapping[str, Changes] = field(converter=read_only)
    stability: Mapping[str, float] = field(converter=read_only)
    drift: Mapping[str, float] = field(converter=read_only)
    measure: Field | None
    _customers: Alignment

    def __len__(self) -> int:
        return self._customers.size

    @property
    def ids(self) -> Ids:
        """The ids, of shape (n,): the later base's in its order, then those only in the earlier one, in its order."""
        return self._customers.ids

    @property
    def names_before(self) -> tuple[str, ...]:
        """The names of the matrix's rows: the grades before, best first, then `ungraded`, then `absent`."""
        return self.whole.names_before

    @property
    def names_after(self) -> tuple[str, ...]:
        """The names of the matrix's columns: the grades after, best first, then `ungraded`, then `absent`."""
        return self.whole.names_after

    @property
    def matrix(self) -> npt.NDArray[np.int64]:
        """The migration matrix, int64: customers by grade before (rows) and after (columns)."""
        return self.whole.matrix

    @property
    def moved(self) -> npt.NDArray[np.bool_]:
        """Whether each customer's grade changed, bool of shape (n,)."""
        return self.whole.moved

    @property
    def cancelled(self) -> int:
        """The number of customers whose grade is the same because the model's effect cancelled the customer's."""
        return self.whole.cancelled

    def counts(self) -> dict[str, int]:
        """Return the number of customers by change: `same`, `up`, `down`, `aside`, `graded`, `lost`."""
        return self.whole.counts()

    def causes(self) -> dict[str, dict[str, int]]:
        """Return the number of changed customers by change, and then by cause: `customer`, `model`, `both`."""
        return self.whole.causes()

    def largest(self, most: int = 10) -> LargestMoves:
        """Return the largest rises and falls, at most `most` of each, among customers whose grade changed.

        With two bases they are rises and falls in `measure`, which is 0 for absent customers. With one base they are
        customers whose grade rose or fell, the largest `measure` first.

        Raises ParameterError unless `most` is a whole number of at least 1.
        """
        earlier, later = self.graded_before.base, self.graded_after.base
        return largest_moves(self._customers, self.whole, earlier, later, self.measure, most)

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return columns of shape (n,) by name: `before`, `after`, `change`, and `cause`, empty if unchanged.

        `money_before` and `money_after` are the amounts of `measure`, float64, NaN if unknown or absent; with one base
        there is `money` alone. With several axes, each axis that both scales have adds `<axis>_before` and
        `<axis>_after`.
        """
        columns = self.whole.output_columns() | self._money()
        if max(len(self.graded_before.scale.axes), len(self.graded_after.scale.axes)) > 1:
            for name, changes in self.axes.items():
                columns[f"{name}_before"], columns[f"{name}_after"] = changes.texts()
        return columns

    def _money(self) -> dict[str, OutputColumn]:
        if self.measure is None:
            return {}
        earlier, later = self.graded_before.base, self.graded_after.base
        everyone = np.arange(len(self), dtype=np.int64)
        after = amounts(later, self.measure, self._customers.later_at(everyone))
        if earlier is later:
            return {"money": after}
        before = amounts(earlier, self.measure, self._customers.earlier_at(everyone))
        return {"money_before": before, "money_after": after}

    def columns(self) -> dict[str, Any]:
        """Return `customer_id`, `name`, and the columns of `output_columns`, by name, as numpy arrays.

        `name` is a customer's name in the later base, or else in the earlier one; it is left out if neither has names.
        """
        earlier, later = self.graded_before.base, self.graded_after.base
        everyone = np.arange(len(self), dtype=np.int64)
        at = self._customers
        names = first_names((later.names, at.later_at(everyone)), (earlier.names, at.earlier_at(everyone)))
        return identity_columns(self.ids, names) | plain_columns(self.output_columns())

    def to_dict(self) -> dict[str, Any]:
        """Return the columns by name; see `columns`."""
        return self.columns()

    def __repr__(self) -> str:
        same, *others = self.counts().items()
        shown = ", ".join(f"{change} {count:,}" for change, count in others)
        return f"<Comparison: {len(self):,} customers, {len(self) - same[1]:,} moved: {shown}>"


def compare(
    model: GradingModel,
    base: CustomerBase,
    *,
    model_before: GradingModel | None = None,
    base_before: CustomerBase | None = None,
    any_period: bool = False,
) -> Comparison:
    """Return the change of each customer's grade: the grades of `base` by `model`, compared with earlier grades.

    model_before: the earlier model, if it is another. base_before: the earlier customers, if they are other customers
    or of another date. At least one of them must be given. any_period: whether bases may cover longer or shorter
    periods than the models were fitted on.

    The cause of a change follows from three grades: the earlier model's on the earlier base, the earlier model's on the
    later base, and the later model's on the later base. If only the first step changes the grade, the cause is
    `customer`; if only the second step does, `model`; if both do, `both`. A customer who is in only one base has
    changed in the first step; the cause is `both` if the earlier model would have graded a new customer differently.
    Grades of different scales are the same if their names are.

    Raises FieldError when a base lacks a field that a model needs, or for another type than a model or a base;
    ModelError when currencies differ or a grade is called `absent`; ParameterError when neither `model_before` nor
    `base_before` is given, or `base_before` is of a later date than `base`.
    """
    return compare_aligned(model, base, model_before, base_before, any_period, Alignment.of)


def compare_aligned(
    model: GradingModel,
    base: CustomerBase,
    model_before: GradingModel | None,
    base_before: CustomerBase | None,
    any_period: bool,
    align: Callable[[CustomerBase, CustomerBase], Alignment],
) -> Comparison:
    """Return what `compare` returns. align: matches the customers of the earlier and the later base.

    The codes of both bases and the positions of customers are in memory, up to forty bytes a customer, as grades
    before and after are looked up side by side. Columns of fields may be on disk.
    """
    base = base_or_hint(base, "compare")
    if model_before is None and base_before is None:
        raise ParameterError(
            "compare received neither model_before nor base_before; give model_before, another model, or base_before, "
            "the customers of another date, or both"
        )
    earlier_model = model if model_before is None else model_before
    earlier = base if base_before is None else base_or_hint(base_before, "compare")
    for one in (model, earlier_model):
        _check(one)
    if base.as_of and earlier.as_of and base.as_of < earlier.as_of:
        raise ParameterError(
            f"base_before is of {earlier.as_of}, which is after {base.as_of}, the date of base; swap the two bases"
        )
    now, then = "the customers", "the customers" if earlier is base else "the customers before"
    new, old = ("the model", "the model") if earlier_model is model else ("the model after", "the model before")
    end = _graded(model, new, base, now, any_period)
    between = end if earlier_model is model else _graded(earlier_model, old, base, now, any_period)
    start = between if earlier is base else _graded(earlier_model, old, earlier, then, any_period)
    return _compared(start, between, end, money_measure(model, [base, earlier]), align(earlier, base))


def _graded(model: GradingModel, which: str, base: CustomerBase, whom: str, any_period: bool) -> Graded:
    try:
        return model.grade(base, any_period=any_period)
    except ModelError as error:
        raise type(error)(f"{which} can't grade {whom}: {error.message}", error.hint) from error


def _check(model: GradingModel) -> None:
    model_or_hint(model, "compare takes fitted models")
    if ABSENT in (*model.scale.grades, *(label for axis in model.scale.axes for label in axis.labels)):
        raise ModelError(
            f"a grade is called {ABSENT!r}, which stands for customers who aren't in a base; give it another name"
        )


def _compared(start: Graded, between: Graded, end: Graded, measure: Field | None, customers: Alignment) -> Comparison:
    before, after, steps = start.scale, end.scale, (start, between, end)
    shared = alike(before, after)
    paths = {
        axis.name: Path.of(customers, axis.labels, axis.labels, [_label_codes(graded, axis.name) for graded in steps])
        for axis in shared
    }
    starts, ends = {name: path.start for name, path in paths.items()}, {name: path.end for name, path in paths.items()}
    whole = Path.of(customers, before.grades, after.grades, [_grade_codes(graded) for graded in steps])
    return Comparison(
        start,
        end,
        whole.changes(order_of(after, starts, ends) if before.axes == after.axes else None),
        {axis.name: paths[axis.name].changes(order_on(axis, starts, ends)) for axis in shared},
        {name: stability_index(class_counts(start, name), class_counts(end, name)) for name in paths},
        {name: stability_index(class_counts(start, name), class_counts(between, name)) for name in start.codes},
        measure,
        customers,
    )


def _grade_codes(graded: Graded) -> Codes:
    """Return whole grades as positions in `scale.grades`, `len(scale.grades)` for ungraded, in the smallest dtype."""
    codes: Codes = whole_codes(graded.scale, graded.codes).astype(np.min_scalar_type(len(graded.scale.grades) + 1))
    return codes


def _label_codes(graded: Graded, axis: str) -> Codes:
    """Return positions in the axis's labels, uint8 of shape (n,); the number of labels stands for ungraded."""
    codes = graded.codes[axis]
    return np.where(codes == UNGRADED, np.uint8(len(graded.scale.axis(axis).labels)), codes)
