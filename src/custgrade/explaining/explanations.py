"""Why each customer of a base has their grade, by a fitted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from custgrade.cuts.medians import lower_medians
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.data.output_columns import CodedTexts, OutputColumn, identity_columns, named_columns, plain_columns
from custgrade.data.scale import ScaleAxis
from custgrade.data.standard import known_fields
from custgrade.errors import FieldError
from custgrade.explaining.axis_explanation import NOTHING, AxisExplanation, explain_axis
from custgrade.explaining.ranking import Piece, Ranking
from custgrade.explaining.usual import BestCustomers, UsualValues, usual_values
from custgrade.explaining.wording import Matter, not_explained, sentences
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame
from custgrade.model.stream import GradedStream
from custgrade.selection.chunks import spans
from custgrade.text import did_you_mean, listed


@frozen(slots=False, eq=False, repr=False)
class Explanations(AsFrame):
    """Why each customer of a base has their grade.

    axes: explanations by axis. reference: the reference's value of each input field. compared_with: the reference in
    words. given_usual: the usual values of the best customers; by default those of the explained customers.
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
        """The usual values of the best customers, by axis and field."""
        if self.given_usual is not None:
            return self.given_usual
        return usual_values(self.graded, {name: axis.fields for name, axis in self.axes.items()})

    @property
    def currency(self) -> str:
        """The currency of money, an empty text if unknown."""
        return self.graded.base.currency or self.model.currency or ""

    @cached_property
    def _definitions(self) -> Mapping[str, Field]:
        return known_fields(self.model.scorer.fields) | dict(self.graded.base.fields)

    @cached_property
    def _directions(self) -> Mapping[str, Mapping[str, int]]:
        """The declared direction by axis and field: 1 where higher values are better, −1 where lower values are."""
        found = {}
        for axis in self.model.scorer.axes:
            rises, falls = self.model.scorer.monotone_inputs(axis.name)
            implied = {name: (name in rises) - (name in falls) for name in (*rises, *falls)}
            found[axis.name] = implied | dict.fromkeys(axis.rises, 1) | dict.fromkeys(axis.falls, -1)
        return found

    def definition(self, name: str) -> Field:
        """Return the definition of a field; a field without a definition has the unit that the model knows, if any."""
        return self._definitions.get(name, Field(name, self.model.units.get(name, "")))

    def usual_for(self, axis: str, name: str, row: int) -> float:
        """Return the usual value of a field among the best customers of an axis, in the row's class of the parent."""
        within = self.model.scale.axis(axis).within
        return self.usual.of(axis, name, 0 if within is None else int(self.graded.codes[within][row]))

    def sentences(self, row: int) -> list[str]:
        """Return sentences to read to the customer at a position: first strengths, then what would help.

        Each sentence names a field, its value, the usual value of the best customers, and what the customer can do, if
        the field is `actionable`. No sentence names a grade, a score or a rank.

        Raises FieldError if there is no such position.
        """
        row = self.graded.base.position(row)
        if not self.graded.grade_at(row):
            return [not_explained(self.graded.reason_at(row))]
        strong: dict[str, Matter] = {}
        weak: dict[str, Matter] = {}
        for name, axis in self.axes.items():
            best, worst = axis.names(axis.best, row), axis.names(axis.worst, row)
            others = [field for field in axis.fields if field not in (*best, *worst)]
            matters = self._matters(name, row, worst)
            if self.graded.codes[name][row]:
                # a field with full marks can't improve
                rest = [] if axis.against == "full marks" else [*others, *reversed(best)]
                lacking = dict.fromkeys([*worst, *rest])
                weak |= {n: matters[n] for n in lacking if n in matters and n not in weak and matters[n].lacks}
            strong |= {n: matters[n] for n in (*best, *others) if n in matters and n not in strong}
        strengths = [matter for name, matter in strong.items() if name not in weak and not matter.lacks]
        unknown = dict.fromkeys(
            name for axis in self.axes.values() for name, where in axis.unknown.items() if where[row]
        )
        strengths = strengths or self._without_usual(strong, weak)
        return sentences(strengths, list(weak.values()), list(unknown), self.currency)

    def _without_usual(self, strong: Mapping[str, Matter], weak: Mapping[str, Matter]) -> list[Matter]:
        """Return the strengths of a best customer whose values are below the usual ones, without the usual values."""
        return [] if weak else [evolve(matter, usual=np.nan) for matter in strong.values()]

    def _matters(self, axis: str, row: int, worst: Sequence[str]) -> dict[str, Matter]:
        """Return the fields of an axis whose value is known, by name."""
        directions = self._directions[axis]
        view = self.graded.base.view_at(slice(row, row + 1))
        found = {}
        for name in self.axes[axis].fields:
            value, usual = float(view[name][0]), self.usual_for(axis, name, row)
            direction = directions.get(name, 0)
            if not direction and name in worst and not np.isnan(usual):
                direction = int(np.sign(usual - value))
            if not np.isnan(value):
                found[name] = Matter(self.definition(name), value, usual, direction, self._actionable(name))
        return found

    def _actionable(self, name: str) -> bool:
        """Return whether somebody can change a field, or a part of it if it is derived; ways up move such fields."""
        field_of = self.model.batch_grader.field
        return any(field_of(part).actionable for part in self.definition(name).parts or (name,))

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the explanations as columns of texts, whole numbers or float64.

        With one axis the names are `<field>_part`, `score`, `remainder`, `above`, `to_above`, `below`, `to_below`,
        `rank`, `ranked`, `percentile`, `best`, `worst` (the first reason each, empty if there is none) and `unknown`
        (the number of unknown fields that the score reads). With several axes, `<axis>_` is put before each name.
        """
        return named_columns(self._columns())

    def _columns(self) -> Iterator[tuple[str, str, OutputColumn]]:
        """Yield the name of each column, what it belongs to, and its values."""
        for name, axis in self.axes.items():
            before, owner = f"{name}_" if len(self.axes) > 1 else "", f"axis {name!r}"
            for part, column in axis.parts.items():
                yield f"{before}{part}_part", f"field {part!r} of axis {name!r}", column
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
                yield f"{before}{what}", owner, getattr(axis, what)
            for what, places in (("best", axis.best), ("worst", axis.worst)):
                first = places[:, 0] if places.shape[1] else np.full(len(self), NOTHING, dtype=np.uint8)
                yield f"{before}{what}", owner, CodedTexts(axis.fields, first, NOTHING)
            count = np.zeros(len(self), dtype=np.int64)
            for where in axis.unknown.values():
                count += where
            yield f"{before}unknown", owner, count

    def answer_columns(self) -> dict[str, OutputColumn]:
        """Return the columns of a file without the id: grade, reason, explanations, and overrides if there are any."""
        return self.graded.outcomes() | self.output_columns() | self.graded.manual_columns()

    def to_dict(self) -> dict[str, Any]:
        """Return ids, names if the base has them, grades, reasons and explanations, as numpy arrays; see `columns`."""
        base = self.graded.base
        return identity_columns(base.ids, base.names) | plain_columns(self.answer_columns())

    def __repr__(self) -> str:
        how = ", ".join(f"{name} by {axis.kind} of {listed(axis.fields)}" for name, axis in self.axes.items())
        return f"<Explanations: {len(self):,} customers, {how}>"


@frozen(eq=False)
class Explainer:
    """A source of explanations for any part of a stream's customers.

    stream: all customers. reference: one value of each input field. compared_with: the reference in words. rankings:
    the scores of all customers, by axis. given_usual: the usual values of the best customers; by default they are
    computed when a sentence needs them.
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

        The first rank that is read loads the scores of all customers: at most sixteen bytes per customer and axis.
        """
        middle = _reference(stream.model, stream.base, {} if reference is None else reference)
        rankings = {axis.name: Ranking(_pieces(stream, axis)) for axis in stream.model.scale.axes}
        return cls(stream, middle, "the reference" if reference else "the median customer", rankings, usual)

    def explain(self, graded: Graded) -> Explanations:
        """Return why these customers have their grades.

        graded: all customers of the stream, or a part of them.
        """
        model = self.stream.model
        axes = {
            axis.name: explain_axis(model, axis.name, graded, self.reference, self.rankings[axis.name])
            for axis in model.scale.axes
        }
        return Explanations(model, graded, axes, self.reference, self.compared_with, self.given_usual)

    def explain_one(self, row: int, identity: str) -> Explanations:
        """Return why the customer at a position has their grade. identity: the customer's id."""
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

    A score with `contributions` (scorecards and checklists have them) states its parts itself. A score of one field has
    one part, and a traced sum has a part for each term. Any other score has the effect of each field against a
    reference.

    reference: values by input field; by default the lower median of the known values in `base`.
    any_period: whether the base may cover a longer or shorter period than the model was fitted on.
    usual: the usual values of the best customers, for a `base` that is only a part of all customers; by default those
    of `base`.

    Raises FieldError when the reference names a field that the model doesn't read, and what `GradingModel.check`
    raises.
    """
    base = base_or_hint(base, "explain")
    model_or_hint(model, "explain takes a fitted model")
    stream = GradedStream.of(model, base, any_period=any_period).kept()
    return Explainer.of(stream, reference, usual).explain(stream.part(slice(0, len(base))))


def _reference(model: GradingModel, base: CustomerBase, given: Mapping[str, float]) -> dict[str, float]:
    inputs = model.scorer.inputs
    if not isinstance(given, Mapping):
        raise FieldError(f"the reference must be a mapping of fields to values; received {given!r}")
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
            raise FieldError(f"the reference's {name!r} must be a finite number; received {value!r}")
    medians = lower_medians({name: base.columns[name] for name in inputs if name not in given}, len(base))
    return {name: float(given[name]) if name in given else medians[name] for name in inputs}
