"""The fitted model, which grades customers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

import numpy as np
from attrs import fields, frozen

from custgrade.argument_checks import check_text
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.columns import float_column
from custgrade.data.customer import Customer
from custgrade.data.ids import id_text
from custgrade.data.scale import UNGRADED
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError, ModelError
from custgrade.model.batch_grader import BatchGrader, finite_or_nan
from custgrade.model.compatibility import check_compatible
from custgrade.model.customer_grade import CustomerGrade
from custgrade.model.fitted_scorer import FittedScorer
from custgrade.model.graded import Graded
from custgrade.model.on_demand import OnDemand
from custgrade.model.one_customer import OneCustomerGrader, are_plain
from custgrade.model.reasons import ReasonCodes, Reasons
from custgrade.selection.chunks import filled, over_chunks, spans
from custgrade.selection.select import Codes
from custgrade.text import did_you_mean, listed, type_with_article


def model_or_hint(model: object, takes: str) -> GradingModel:
    """Return `model`; raise FieldError unless it is a GradingModel.

    takes: the error's first words, such as `compare takes fitted models`.
    """
    if not isinstance(model, GradingModel):
        raise FieldError(f"{takes}; received {type_with_article(model)}")
    return model


@frozen(slots=False, eq=False, repr=False)
class GradingModel(FittedScorer):
    """A fitted scorer that grades customers; a customer gets the same grade alone and among many.

    scorer: the scorer without criteria whose fields the data lacked. dropped: the names of these fields.
    learned: the boundaries of each learned column, or None if the column was unknown for every customer.
    boundaries: per axis, for each class of its parent (one class without a parent), the boundaries best first. None
    stands for a class that was empty when the model was fitted; customers in that class are ungraded.
    period, currency, customers: those of the base that the model was fitted on.
    graded: the number of customers with a score, by axis. notices: notes and warnings about the grades.
    units: the units of the input fields, by name, where they are known; the scorer's own units by default.
    """

    def __copy__(self) -> GradingModel:
        return self

    def __deepcopy__(self, memo: object) -> GradingModel:
        return self

    def __getstate__(self) -> dict[str, Any]:
        # the graders hold functions, which can't be pickled; they are made again when needed
        return {one.name: getattr(self, one.name) for one in fields(GradingModel)}

    @cached_property
    def batch_grader(self) -> BatchGrader:
        """The grader of batches of customers."""
        return BatchGrader(self.scorer, self.learned, self.boundaries)

    @cached_property
    def _single(self) -> OneCustomerGrader | None:
        """The grader of one customer at a time; None for scores that only take arrays."""
        return OneCustomerGrader(self) if self.scorer.portable else None

    def grade(self, base: CustomerBase, *, any_period: bool = False) -> Graded:
        """Return the grades of every customer of `base`, in its order.

        any_period: whether the base may cover a longer or shorter period than the model was fitted on.

        Raises what `check` raises.
        """
        self.check(base, any_period=any_period)
        return self.graded_base(base)

    def graded_base(self, base: CustomerBase) -> Graded:
        """Return the grades of a base that `check` has accepted."""
        codes = {axis.name: np.empty(len(base), dtype=np.uint8) for axis in self.scorer.axes}

        def place(rows: slice) -> None:
            columns = self.batch_grader.columns({name: base.columns[name][rows] for name in self.scorer.inputs})
            for name, some in self.batch_grader.graded(columns)[0].items():
                codes[name][rows] = some

        over_chunks(place, len(base), self.scorer.portable)
        return self.with_codes(base, codes)

    def check(self, base: CustomerBase, *, any_period: bool = False) -> None:
        """Raise an error unless the model can grade the customers of a base.

        any_period: whether the base may cover a longer or shorter period than the model was fitted on.

        Raises ModelFieldError when the base lacks a field that the model needs, ModelUnitError or ModelCurrencyError
        when it has one in another unit or currency, and ModelPeriodError when the lengths of both periods differ by
        more than an eighth and grades depend on fields that add up over the period.
        """
        check_compatible(self, base_or_hint(base, "grade"), any_period)

    def with_codes(self, base: CustomerBase, codes: Mapping[str, Codes]) -> Graded:
        """Return the base with these codes; scores, details and reasons are computed when they are first read."""
        inputs, given = self.scorer.inputs, self.scorer.detail_scores.items()
        names = [name for name in (*inputs, *self.scorer.detail_inputs) if name in base.columns]
        stated = [name for name, score in given if all(part in names for part in score.inputs)]

        def computed(function: Callable[[str, Mapping[str, Any]], Any]) -> Callable[[str], Any]:
            def chunk(name: str, rows: slice) -> Any:
                return function(name, self.batch_grader.columns({n: base.columns[n][rows] for n in names}))

            return lambda name: filled(partial(chunk, name), len(base), np.float64, self.scorer.portable)

        def explained() -> tuple[ReasonCodes, tuple[str, ...]]:
            reasons, why = Reasons(self.batch_grader), np.zeros(len(base), dtype=np.uint32)
            # not in parallel, because reasons are numbered in the order in which they occur
            for rows in spans(len(base)):
                some = {name: column[rows] for name, column in codes.items()}
                if any((column == UNGRADED).any() for column in some.values()):
                    columns = self.batch_grader.columns({name: base.columns[name][rows] for name in inputs})
                    why[rows] = reasons.assign(columns, some)
            return why, tuple(reasons.texts)

        scores = OnDemand(tuple(codes), computed(self.batch_grader.score))
        details = OnDemand(tuple(stated), computed(self.batch_grader.detail))
        return Graded(
            base,
            self.scale,
            codes,
            scores,
            explained,
            details,
            learned=self.quantiles,
            given_digest=self.digest,
        )

    def grade_one(self, customer: Customer | Mapping[str, Any]) -> CustomerGrade:
        """Return the grade of one customer, the same as among many; missing fields are unknown.

        customer: a `Customer`, or a mapping of input fields to numbers, in which `customer_id` is optional.

        Raises FieldError for another type, for a derived field, and for an unknown field if a needed field is missing.
        """
        if not isinstance(customer, Customer):
            if not isinstance(customer, Mapping):
                raise FieldError(f"grade_one takes a Customer or a mapping of fields; received {customer!r}")
            values = dict(customer)
            identity = values.pop("customer_id", "")
            if type(identity) is not str or not identity.isascii():
                identity = id_text(identity)
            if self._single is not None and are_plain(values) and (found := self._single.grade(identity, values)):
                return found
            self._refuse_unusable_fields(values)
            customer = Customer(identity, values)
        elif self._single is not None and (found := self._single.grade(customer.id, customer.values)):
            return found
        return self._grade_by_arrays(customer)

    def _grade_by_arrays(self, customer: Customer) -> CustomerGrade:
        """Return the grade of one customer, graded as a batch of one, with the reason if there is none."""
        self._refuse_unusable_fields(customer.values)
        reasons = Reasons(self.batch_grader)
        given = (*self.scorer.inputs, *self.scorer.detail_inputs)
        columns = self.batch_grader.columns({name: float_column(name, [customer[name]]) for name in given})
        codes, scores = self.batch_grader.graded(columns)
        why = reasons.assign(columns, codes)
        plain = [int(codes[axis.name][0]) for axis in self.scale.axes]
        return CustomerGrade(
            id=customer.id,
            grade=self.scale.grade(plain),
            labels={
                axis.name: "" if code == UNGRADED else axis.labels[code]
                for axis, code in zip(self.scale.axes, plain, strict=True)
            },
            scores={name: float(finite_or_nan(score)[0]) for name, score in scores.items()},
            reason=reasons.texts[int(why[0])],
            details={name: float(self.batch_grader.detail(name, columns)[0]) for name in self.scorer.details},
        )

    def _refuse_unusable_fields(self, values: Mapping[str, Any]) -> None:
        """Raise FieldError for a derived field, and for an unknown name with a text or if a needed field is missing."""
        fields = known_fields(self.scorer.fields)
        derived = [name for name in values if name in fields and fields[name].derived]
        if derived:
            raise FieldError(
                f"{derived[0]!r} is always recomputed; give its parts {' and '.join(fields[derived[0]].parts)} instead"
            )
        missing = [name for name in self.scorer.inputs if name not in values]
        known = (*fields, *self.scorer.inputs, *self.scorer.detail_inputs)
        strange = [name for name in values if name not in known and (missing or isinstance(values[name], str))]
        if strange:
            raise FieldError(
                f"there is no field {strange[0]!r}.{did_you_mean(strange[0], missing)} "
                f"The model reads: {listed(self.scorer.inputs)}. The key of the customer's id is customer_id."
            )

    def lines(self, currency: str | None = None) -> list[str]:
        """Return what customers are graded by and the boundaries between grades, in words, one text per line.

        Boundaries are in the unit of the field that an axis ranks by, in points of a scorecard, or in floors missed.
        currency: the currency of money, the model's by default.
        """
        from custgrade.model.lines import grade_lines

        if currency is not None:
            check_text(currency, "currency")
        return grade_lines(self.scorer, self.learned, self.boundaries, self.units, currency or self.currency)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model as JSON (format 1); an existing file is replaced in one step."""
        from custgrade.model.model_file import save

        save(self, path)

    def to_dict(self) -> dict[str, Any]:
        """Return the model as JSON data, as `save` writes it."""
        from custgrade.model.model_file import to_dict

        return to_dict(self)

    def digest(self) -> str:
        """Return the digest that the model has in its file; an empty text if it can't be saved."""
        try:
            digest: str = self.to_dict()["digest"]
        except ModelError:
            return ""
        return digest

    def __repr__(self) -> str:
        name = self.scorer.origin.name if self.scorer.origin else "scorer"
        return f"<GradingModel: {name}, fitted on {self.customers:,} customers>"
