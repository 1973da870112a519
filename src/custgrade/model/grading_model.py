"""The fitted model: every learned number frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.memory import CHUNK
from custgrade.data.base import CustomerBase, base_or_hint, float_column, missing_fields
from custgrade.data.converters import read_only
from custgrade.data.customer import Customer
from custgrade.data.period import Period
from custgrade.data.scale import UNGRADED, GradeScale
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, ModelError, did_you_mean, listed
from custgrade.model.graded import CustomerGrade, Graded
from custgrade.model.machine import Codes, Machine
from custgrade.model.reasons import Reasons
from custgrade.scoring.learned import Quantile
from custgrade.scoring.scorer import Scorer


@frozen(slots=False, eq=False, repr=False)
class GradingModel:
    """A fitted scorer. It grades one customer or many, and gives each the same grade either way.

    scorer: without the criteria whose fields the data lacked. dropped: those fields.
    learned: per learned column its boundaries, or None where nobody's value was known.
    boundaries: per axis and per class of its parent (one without a parent) the boundaries best first, or None where
    the class held nobody when the model was fitted; who falls there later is ungraded.
    period, currency, customers: of the base it was fitted on. graded: per axis, how many customers had a score.
    notices: what a reader of the grades must know.
    """

    scorer: Scorer
    learned: Mapping[str, Boundaries | None] = field(converter=read_only)
    boundaries: Mapping[str, tuple[Boundaries | None, ...]] = field(converter=read_only)
    dropped: tuple[str, ...] = ()
    period: Period | None = None
    currency: str | None = None
    customers: int = 0
    graded: Mapping[str, int] = field(factory=dict, converter=read_only)
    notices: tuple[str, ...] = ()

    @property
    def scale(self) -> GradeScale:
        """The grades it can give."""
        return self.scorer.scale

    @property
    def quantiles(self) -> dict[str, float]:
        """The learned numbers by name, such as proposed floors, in their field's unit; NaN where nobody was known."""
        columns = self.scorer.learned.items()
        return {name: column.value(self.learned[name]) for name, column in columns if isinstance(column, Quantile)}

    @cached_property
    def machine(self) -> Machine:
        """The machine room that does the grading."""
        return Machine(self.scorer, self.learned, self.boundaries)

    def grade(self, base: CustomerBase) -> Graded:
        """Return the grades of every customer of `base`, in its order.

        Raises FieldError when the base lacks a field that the model needs, ModelError when its currency is another.
        """
        base_or_hint(base, "grade")
        missing = [name for name in self.scorer.inputs if name not in base.columns]
        if missing:
            raise missing_fields(missing, base.view, " The model was fitted with it.")
        if base.currency and self.currency and base.currency != self.currency:
            raise ModelError(f"the model was fitted on money in {self.currency}; the base is in {base.currency}")
        size = len(base)
        names = [name for name in (*self.scorer.inputs, *self.scorer.detail_inputs) if name in base.columns]
        stated = self.scorer.detail_scores.items()
        details = {name: np.empty(size) for name, score in stated if all(part in names for part in score.inputs)}
        codes = {axis.name: np.empty(size, dtype=np.uint8) for axis in self.scorer.axes}
        scores = {axis.name: np.empty(size) for axis in self.scorer.axes}
        why = np.zeros(size, dtype=np.uint32)
        reasons = Reasons(self.machine)
        for start in range(0, size, CHUNK):
            rows = slice(start, start + CHUNK)
            columns = self.machine.columns({name: base.columns[name][rows] for name in names})
            some, values, because = self._grade_batch(columns, reasons)
            for name in codes:
                codes[name][rows], scores[name][rows] = some[name], values[name]
            for name, column in details.items():
                column[rows] = self.machine.detail(name, columns)
            why[rows] = because
        return Graded(base, self.scale, codes, scores, why, tuple(reasons.texts), details)

    def _grade_batch(
        self, columns: Mapping[str, Any], reasons: Reasons
    ) -> tuple[dict[str, Codes], dict[str, Any], Any]:
        codes, scores = {}, {}
        for axis in self.scorer.axes:
            codes[axis.name], scores[axis.name] = self.machine.codes(axis.name, columns)
        return codes, scores, reasons.assign(columns, codes)

    def grade_one(self, customer: Customer | Mapping[str, Any]) -> CustomerGrade:
        """Return the grade of one customer, the same as it would get among many; missing fields are unknown.

        customer: a `Customer`, or a mapping of input fields to numbers, with `customer_id` if you like.
        """
        if not isinstance(customer, Customer):
            if not isinstance(customer, Mapping):
                raise FieldError(f"grade_one takes a Customer or a mapping of fields; received {customer!r}")
            values = dict(customer)
            customer = Customer(str(values.pop("customer_id", "")), values)
        self._refuse_strange_fields(customer)
        reasons = Reasons(self.machine)
        given = (*self.scorer.inputs, *self.scorer.detail_inputs)
        columns = self.machine.columns({name: float_column(name, [customer[name]]) for name in given})
        codes, scores, why = self._grade_batch(columns, reasons)
        plain = [int(codes[axis.name][0]) for axis in self.scale.axes]
        return CustomerGrade(
            id=customer.id,
            grade=self.scale.grade(plain),
            labels={
                axis.name: "" if code == UNGRADED else axis.labels[code]
                for axis, code in zip(self.scale.axes, plain, strict=True)
            },
            scores={name: float(score[0]) for name, score in scores.items()},
            reason=reasons.texts[int(why[0])],
            details={name: float(self.machine.detail(name, columns)[0]) for name in self.scorer.details},
        )

    def _refuse_strange_fields(self, customer: Customer) -> None:
        """A name that nothing knows is a misspelt field if a needed one is missing; a derived field is never read."""
        fields = known_fields(self.scorer.fields)
        derived = [name for name in customer.values if name in fields and fields[name].derived]
        if derived:
            raise FieldError(
                f"{derived[0]!r} is always recomputed; give {' and '.join(fields[derived[0]].parts)} instead"
            )
        missing = [name for name in self.scorer.inputs if name not in customer.values]
        strange = [
            name for name in customer.values if name not in (*fields, *self.scorer.inputs, *self.scorer.detail_inputs)
        ]
        if missing and strange:
            raise FieldError(
                f"there is no field {strange[0]!r}.{did_you_mean(strange[0], missing)} "
                f"The model reads: {listed(self.scorer.inputs)}."
            )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model as JSON (format 1); an existing file is replaced in one step."""
        from custgrade.model.saved import save

        save(self, path)

    def to_dict(self) -> dict[str, Any]:
        """The model as plain data, as `save` writes it."""
        from custgrade.model.saved import to_dict

        return to_dict(self)

    def __repr__(self) -> str:
        name = self.scorer.origin.name if self.scorer.origin else "scorer"
        return f"<GradingModel: {name}, fitted on {self.customers:,} customers>"
