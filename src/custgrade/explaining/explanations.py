"""Why each customer of a base has their grade, by a frozen model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from custgrade.cuts.medians import lower_medians
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import read_only
from custgrade.data.output_columns import CodedTexts, OutputColumn, plain_columns
from custgrade.data.scale import ScaleAxis
from custgrade.errors import FieldError, did_you_mean, listed
from custgrade.explaining.on_axis import NOTHING, AxisExplanation, explain_axis
from custgrade.explaining.standing import Piece, Ranking
from custgrade.explaining.wording import placed, reasons
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame
from custgrade.model.stream import GradedStream
from custgrade.model.wording import enumerated, not_graded, words
from custgrade.selection.chunks import spans


@frozen(slots=False, eq=False, repr=False)
class Explanations(AsFrame):
    """Why each customer of a base has their grade.

    axes: per axis its explanation. reference: the values that effects and reasons are counted from, by input field.
    compared_with: what the reference is, in words.
    """

    model: GradingModel = field(repr=False)
    graded: Graded = field(repr=False)
    axes: Mapping[str, AxisExplanation] = field(converter=read_only)
    reference: Mapping[str, float] = field(converter=read_only)
    compared_with: str = "the reference"

    def __len__(self) -> int:
        return len(self.graded)

    def sentences(self, row: int) -> list[str]:
        """Why the customer at a position has their grade, in plain words that are safe to show to the customer.

        Raises FieldError when there is no such position.
        """
        row = self.graded.base.position(row)
        if not self.graded.grade_at(row):
            return [not_graded(self.graded.reason_at(row))]
        axes, alone = self.model.scale.axes, len(self.axes) == 1
        found = [placed(axis, int(self.graded.codes[axis.name][row]), alone) for axis in axes]
        for name, axis in self.axes.items():
            whom = "" if axis.against == "full marks" else self.compared_with
            best, worst = axis.names(axis.best, row), axis.names(axis.worst, row)
            found += reasons(best, worst, whom, "" if alone else words(name))
        unknown = dict.fromkeys(
            name for axis in self.axes.values() for name, where in axis.unknown.items() if where[row]
        )
        if unknown:
            found.append(f"Not known: {enumerated(list(unknown), len(unknown))}.")
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
        """Return the columns that stand beside the id in a file: grade, reason, and the explanations."""
        return self.graded.outcomes() | self.output_columns()

    def to_dict(self) -> dict[str, Any]:
        """Ids, grades, why there is none, and the explanations by name; see `columns`."""
        return {"customer_id": self.graded.base.ids, **plain_columns(self.answer_columns())}

    def __repr__(self) -> str:
        how = ", ".join(f"{name} by {axis.kind} of {listed(axis.fields)}" for name, axis in self.axes.items())
        return f"<Explanations: {len(self):,} customers, {how}>"


@frozen(eq=False)
class Explainer:
    """What explaining one customer needs to know of all: the reference, and everybody's scores, for ranks.

    rankings: by axis.
    """

    model: GradingModel
    reference: Mapping[str, float] = field(converter=read_only)
    compared_with: str
    rankings: Mapping[str, Ranking] = field(converter=read_only)

    @classmethod
    def of(cls, stream: GradedStream, reference: Mapping[str, float] | None = None) -> Explainer:
        """Return the explainer of a stream's customers; see `explain`.

        Ranks need everybody's scores at once: eight bytes a customer and axis, when a rank is first asked for.
        """
        model = stream.model
        middle = _reference(model, stream.base, {} if reference is None else reference)
        rankings = {axis.name: Ranking(_pieces(stream, axis)) for axis in model.scale.axes}
        return cls(model, middle, "the reference" if reference else "the median customer", rankings)

    def explain(self, graded: Graded) -> Explanations:
        """Return why these customers, who may be a part of all, have their grades."""
        axes = {
            axis.name: explain_axis(self.model, axis.name, graded, self.reference, self.rankings[axis.name])
            for axis in self.model.scale.axes
        }
        return Explanations(self.model, graded, axes, self.reference, self.compared_with)


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
) -> Explanations:
    """Return why each customer of `base` has their grade.

    What a score is made of is told by the score itself (scorecards, checklists, scores with `contributions`), is the
    one field that it reads, or is taken from the terms of its sum. For other scores, and those that can't be traced,
    it is the effect of each field against a reference.

    reference: values by input field; by default the lower median of those that are known in `base`.
    any_period: whether the base may cover a longer or shorter period than the model was fitted on.

    Raises FieldError when the reference names what the model doesn't read, and what `GradingModel.check` raises.
    """
    base = base_or_hint(base, "explain")
    model_or_hint(model, "explain takes a fitted model")
    stream = GradedStream.of(model, base, any_period=any_period).kept()
    return Explainer.of(stream, reference).explain(stream.part(slice(0, len(base))))


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
