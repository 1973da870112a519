"""Why each customer of a base has their grade, by a frozen model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from custgrade.cuts.medians import lower_medians
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.data.output_columns import CodedTexts, OutputColumn, plain_columns
from custgrade.data.scale import ScaleAxis
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError
from custgrade.explaining.axis_explanation import NOTHING, AxisExplanation, explain_axis
from custgrade.explaining.ranking import Piece, Ranking
from custgrade.explaining.usual import BestCustomers, UsualValues, usual_values
from custgrade.explaining.wording import Matter, not_told, sentences
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame
from custgrade.model.stream import GradedStream
from custgrade.selection.chunks import spans
from custgrade.text import did_you_mean, listed


@frozen(slots=False, eq=False, repr=False)
class Explanations(AsFrame):
    """Why each customer of a base has their grade.

    axes: per axis its explanation. reference: the values that effects and reasons are counted from, by input field.
    compared_with: what the reference is, in words. given_usual: what is usual among the best customers; by default
    that is found among the customers who are explained.
    """

    model: GradingModel = field(repr=False)
    graded: Graded = field(repr=False)
    axes: Mapping[str, AxisExplanation] = field(converter=read_only)
    reference: Mapping[str, float] = field(converter=read_only)
    compared_with: str = "the reference"
    given_usual: UsualValues | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.graded)

    @cached_property
    def usual(self) -> UsualValues:
        """What is usual among the best customers, by axis and field."""
        if self.given_usual is not None:
            return self.given_usual
        return usual_values(self.graded, {name: axis.fields for name, axis in self.axes.items()})

    @property
    def currency(self) -> str:
        """What money is in, an empty text where that isn't known."""
        return self.graded.base.currency or self.model.currency or ""

    @cached_property
    def _definitions(self) -> Mapping[str, Field]:
        return known_fields(self.model.scorer.fields) | dict(self.graded.base.fields)

    @cached_property
    def _directions(self) -> Mapping[str, Mapping[str, int]]:
        """Per axis and field 1 where more is declared to be better, −1 where less is."""
        found = {}
        for axis in self.model.scorer.axes:
            rises, falls = self.model.scorer.monotone_inputs(axis.name)
            implied = {name: (name in rises) - (name in falls) for name in (*rises, *falls)}
            found[axis.name] = implied | dict.fromkeys(axis.rises, 1) | dict.fromkeys(axis.falls, -1)
        return found

    def definition(self, name: str) -> Field:
        """The definition of a field; one that nothing defines has no unit, or the one that the model knows."""
        return self._definitions.get(name, Field(name, self.model.units.get(name, "")))

    def usual_for(self, axis: str, name: str, row: int) -> float:
        """What is usual for a field among the best of an axis; within another axis, of the customer's class there."""
        within = self.model.scale.axis(axis).within
        return self.usual.of(axis, name, 0 if within is None else int(self.graded.codes[within][row]))

    def sentences(self, row: int) -> list[str]:
        """What speaks for the customer at a position, and what would help, to be read to the customer.

        Each names a field, its value, what is usual among the best customers, and what the customer can do about it.
        None names a grade, a score or a rank.

        Raises FieldError when there is no such position.
        """
        row = self.graded.base.position(row)
        if not self.graded.grade_at(row):
            return [not_told(self.graded.reason_at(row))]
        strong: dict[str, Matter] = {}
        weak: dict[str, Matter] = {}
        for name, axis in self.axes.items():
            best, worst = axis.names(axis.best, row), axis.names(axis.worst, row)
            others = [field for field in axis.fields if field not in (*best, *worst)]
            matters = self._matters(name, row, worst)
            if self.graded.codes[name][row]:
                # what has full marks already would help no more
                rest = [] if axis.against == "full marks" else [*others, *reversed(best)]
                lacking = dict.fromkeys([*worst, *rest])
                weak |= {n: matters[n] for n in lacking if n in matters and n not in weak and matters[n].lacks}
            strong |= {n: matters[n] for n in (*best, *others) if n in matters and n not in strong}
        told = [matter for name, matter in strong.items() if name not in weak and not matter.lacks]
        unknown = dict.fromkeys(
            name for axis in self.axes.values() for name, where in axis.unknown.items() if where[row]
        )
        return sentences(told or self._of_the_best(strong, weak), list(weak.values()), list(unknown), self.currency)

    def _of_the_best(self, strong: Mapping[str, Matter], weak: Mapping[str, Matter]) -> list[Matter]:
        """What to thank a customer for who is among the best without reaching what is usual there: without that."""
        return [] if weak else [evolve(matter, usual=np.nan) for matter in strong.values()]

    def _matters(self, axis: str, row: int, worst: Sequence[str]) -> dict[str, Matter]:
        """The fields of an axis whose value is known, by name."""
        directions = self._directions[axis]
        view = self.graded.base.view_at(slice(row, row + 1))
        found = {}
        for name in self.axes[axis].fields:
            value, usual = float(view[name][0]), self.usual_for(axis, name, row)
            direction = directions.get(name, 0)
            if not direction and name in worst and not np.isnan(usual):
                direction = int(np.sign(usual - value))
            if not np.isnan(value):
                found[name] = Matter(self.definition(name), value, usual, direction)
        return found

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the explanations as columns, texts, whole numbers or float64.

        With one axis the names are `<field>_part`, `score`, `remainder`, `above`, `to_above`, `below`, `to_below`,
        `rank`, `ranked`, `percentile`, `best`, `worst` (the first reason each, empty where there is none) and `unknown`
        (how many of the fields that the score reads); with several, `<axis>_` stands before each.
        """
        columns: dict[str, OutputColumn] = {}
        for name, axis in self.axes.items():
            before = f"{name}_" if len(self.axes) > 1 else ""
            columns |= {f"{before}{field}_part": part for field, part in axis.parts.items()}
            for what in (
                "score",
                "remainder",
                "above",
                "to_above",
                "below",
                "to_below",
                "rank",
                "ranked",
                "percentile",
            ):
                columns[f"{before}{what}"] = getattr(axis, what)
            for what, places in (("best", axis.best), ("worst", axis.worst)):
                first = places[:, 0] if places.shape[1] else np.full(len(self), NOTHING, dtype=np.uint8)
                columns[f"{before}{what}"] = CodedTexts(axis.fields, first, NOTHING)
            count = np.zeros(len(self), dtype=np.int64)
            for where in axis.unknown.values():
                count += where
            columns[f"{before}unknown"] = count
        return columns

    def answer_columns(self) -> dict[str, OutputColumn]:
        """Return the columns beside the id in a file: grade, reason, the explanations, and manual grades, if any."""
        return self.graded.outcomes() | self.output_columns() | self.graded.manual_columns()

    def to_dict(self) -> dict[str, Any]:
        """Ids, grades, why there is none, and the explanations by name; see `columns`."""
        return {"customer_id": self.graded.base.ids, **plain_columns(self.answer_columns())}

    def __repr__(self) -> str:
        how = ", ".join(f"{name} by {axis.kind} of {listed(axis.fields)}" for name, axis in self.axes.items())
        return f"<Explanations: {len(self):,} customers, {how}>"


@frozen(eq=False)
class Explainer:
    """What explaining one customer needs to know of all: the reference, and everybody's scores, for ranks.

    stream: all customers. compared_with: what the reference is, in words. rankings: by axis. given_usual: what is usual
    among the best customers; by default it is found where a sentence needs it.
    """

    stream: GradedStream
    reference: Mapping[str, float] = field(converter=read_only)
    compared_with: str
    rankings: Mapping[str, Ranking] = field(converter=read_only)
    given_usual: UsualValues | None = None

    @classmethod
    def of(
        cls, stream: GradedStream, reference: Mapping[str, float] | None = None, usual: UsualValues | None = None
    ) -> Explainer:
        """Return the explainer of a stream's customers; see `explain`.

        Ranks need everybody's scores at once: eight bytes a customer and axis, when a rank is first asked for.
        """
        middle = _reference(stream.model, stream.base, {} if reference is None else reference)
        rankings = {axis.name: Ranking(_pieces(stream, axis)) for axis in stream.model.scale.axes}
        return cls(stream, middle, "the reference" if reference else "the median customer", rankings, usual)

    def explain(self, graded: Graded) -> Explanations:
        """Return why these customers, who may be a part of all, have their grades."""
        model = self.stream.model
        axes = {
            axis.name: explain_axis(model, axis.name, graded, self.reference, self.rankings[axis.name])
            for axis in model.scale.axes
        }
        return Explanations(model, graded, axes, self.reference, self.compared_with, self.given_usual)

    def explain_one(self, row: int, identity: str) -> Explanations:
        """Return why the customer at a position, whose id is known, has their grade."""
        explained = self.explain(self.stream.customer(row, identity))
        if self.given_usual is not None:
            return explained
        best = BestCustomers({name: axis.fields for name, axis in explained.axes.items()})
        for rows in spans(len(self.stream.base)):
            best.add(self.stream.part(rows))
        return evolve(explained, given_usual=best.usual())


def _pieces(stream: GradedStream, axis: ScaleAxis) -> Callable[[], list[Piece]]:
    def piece(graded: Graded) -> Piece:
        return graded.scores[axis.name], graded.codes[axis.name], graded.codes[axis.within] if axis.within else None

    return lambda: stream.over(spans(len(stream.base)), piece)


def explain(
    model: GradingModel,
    base: CustomerBase,
    reference: Mapping[str, float] | None = None,
    *,
    any_period: bool = False,
    usual: UsualValues | None = None,
) -> Explanations:
    """Return why each customer of `base` has their grade.

    What a score is made of is told by the score itself (scorecards, checklists, scores with `contributions`), is the
    one field that it reads, or is taken from the terms of its sum. For other scores, and those that can't be traced,
    it is the effect of each field against a reference.

    reference: values by input field; by default the lower median of those that are known in `base`.
    any_period: whether the base may cover a longer or shorter period than the model was fitted on.
    usual: what is usual among the best customers, if `base` is only a part of all; by default it is found in `base`.

    Raises FieldError when the reference names what the model doesn't read, and what `GradingModel.check` raises.
    """
    base = base_or_hint(base, "explain")
    model_or_hint(model, "explain takes a fitted model")
    stream = GradedStream.of(model, base, any_period=any_period).kept()
    return Explainer.of(stream, reference, usual).explain(stream.part(slice(0, len(base))))


def _reference(model: GradingModel, base: CustomerBase, given: Mapping[str, float]) -> dict[str, float]:
    inputs = model.scorer.inputs
    if not isinstance(given, Mapping):
        raise FieldError(f"the reference is a table of values by field; received {given!r}")
    for name, value in given.items():
        if name not in inputs:
            raise FieldError(
                f"the reference has {name!r}, which the model doesn't read.{did_you_mean(name, inputs)} "
                f"It reads: {listed(inputs)}."
            )
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float, np.integer, np.floating))
            or not abs(value) < 1e308
        ):
            raise FieldError(f"the reference's {name!r} is a finite number; received {value!r}")
    medians = lower_medians({name: base.columns[name] for name in inputs if name not in given}, len(base))
    return {name: float(given[name]) if name in given else medians[name] for name in inputs}
