"""Why each customer of a base has their grade, by a frozen model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import locked, read_only
from custgrade.data.scale import UNGRADED
from custgrade.errors import FieldError, did_you_mean, listed
from custgrade.explaining.itemized import Columns, FloatColumn, Kind, itemized
from custgrade.explaining.standing import Limits, limits, ranks
from custgrade.explaining.terms import CONSTANT
from custgrade.explaining.wording import enumerated, placed, reasons, words
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.reasons import Reasons
from custgrade.selection.chunks import over_chunks

NOTHING = UNGRADED
"""The place of a field among reasons where there are no more reasons."""

Places = npt.NDArray[np.uint8]
Truths = npt.NDArray[np.bool_]


@frozen(slots=False, eq=False, repr=False)
class AxisExplanation:
    """Why customers have their class on one axis, one entry per customer.

    kind: `contributions` that add up to the score, or `effects`, each of which is the score less what it would be with
    that field's value replaced by the reference's. against: what reasons are counted from, full marks or the reference.
    parts: per field, float64 of shape (n,), NaN where it is unknown or there is no score.
    remainder: the score less all contributions, which is what rounding leaves; NaN for effects.
    best, worst: reason codes, uint8 of shape (n, fields), places in `fields`, 255 where there are no more. Against full
    marks, best are those with at least half of theirs, by what they add; worst are all that lack some, by how much.
    Against the reference, those that are better and those that are worse, by how much.
    unknown: per field that the score reads, where it isn't known.
    above, below: the score at the boundary of the next better class and at that of the own one, NaN where there is
    none; above_inclusive, below_inclusive: whether who is on it is in the better class.
    """

    graded: Graded = field(repr=False)
    axis: str
    kind: Kind
    against: str
    parts: Mapping[str, FloatColumn] = field(converter=read_only)
    best: Places
    worst: Places
    unknown: Mapping[str, Truths] = field(converter=read_only)
    _above: Limits
    _below: Limits

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that parts are of, in the order that `best` and `worst` point to."""
        return tuple(name for name in self.parts if name != CONSTANT)

    @property
    def score(self) -> FloatColumn:
        """The scores."""
        return self.graded.scores[self.axis]

    @cached_property
    def remainder(self) -> FloatColumn:
        """The score less all contributions, float64 of shape (n,); NaN for effects, and where there is no score."""
        if self.kind == "effects":
            return locked(np.full(len(self.score), np.nan))  # type: ignore[no-any-return]
        total = np.zeros(len(self.score))
        for part in self.parts.values():
            total += np.where(np.isnan(part), 0.0, part)
        return locked(self.score - total)  # type: ignore[no-any-return]

    @property
    def above(self) -> FloatColumn:
        """The boundary of the next better class, NaN for the best one and where ungraded."""
        return self._above.value

    @property
    def above_inclusive(self) -> Truths:
        """Whether the boundary above is reached by being on it."""
        return self._above.inclusive

    @property
    def below(self) -> FloatColumn:
        """The boundary of the own class, NaN for the last one and where ungraded."""
        return self._below.value

    @property
    def below_inclusive(self) -> Truths:
        """Whether the boundary below is held by being on it."""
        return self._below.inclusive

    @cached_property
    def to_above(self) -> FloatColumn:
        """How far the score is from the boundary above, 0 or more."""
        return locked(self.above - self.score)  # type: ignore[no-any-return]

    @cached_property
    def to_below(self) -> FloatColumn:
        """How far the score is from the boundary below, 0 or more."""
        return locked(self.score - self.below)  # type: ignore[no-any-return]

    @cached_property
    def _ranks(self) -> tuple[npt.NDArray[np.int64], ...]:
        within = self.graded.scale.axis(self.axis).within
        group = None if within is None else self.graded.codes[within]
        return tuple(locked(column) for column in ranks(self.score, self.graded.codes[self.axis], group))

    @property
    def rank(self) -> npt.NDArray[np.int64]:
        """The rank by score among all graded customers, or those of the same class of the parent.

        1 is the best, equal scores share the best of their ranks, 0 where ungraded.
        """
        return self._ranks[0]

    @property
    def ranked(self) -> npt.NDArray[np.int64]:
        """Among how many customers each is ranked; 0 where ungraded."""
        return self._ranks[2]

    @cached_property
    def percentile(self) -> FloatColumn:
        """The percentile rank, 0 to 100: the share of those ranked who score less, half of the equals counted.

        NaN where ungraded.
        """
        rank, equal, ranked = self._ranks
        less = ranked - (rank - 1) - equal / 2.0
        share = np.where(ranked > 0, less, np.nan) / np.maximum(ranked, 1)
        return locked(100.0 * share)  # type: ignore[no-any-return]

    def names(self, places: Places, row: int) -> list[str]:
        """The fields that one row of `best` or `worst` points to."""
        return [self.fields[place] for place in places[row].tolist() if place != NOTHING]


@frozen(slots=False, eq=False, repr=False)
class Explanations:
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
        if not self.graded.grade_names[self.graded.grade_codes[row]]:
            return [f"Not graded: {self.graded.reasons[int(self.graded.reason_codes[row])]}."]
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

    def columns(self) -> dict[str, Any]:
        """The explanations as columns, texts, whole numbers or float64.

        With one axis the names are `<field>_part`, `remainder`, `above`, `to_above`, `below`, `to_below`, `rank`,
        `ranked`, `percentile`, `best`, `worst` (the first reason each, empty where there is none) and `unknown` (how
        many of the fields that the score reads); with several, `<axis>_` stands before each.
        """
        columns: dict[str, Any] = {}
        for name, axis in self.axes.items():
            before = f"{name}_" if len(self.axes) > 1 else ""
            columns |= {f"{before}{field}_part": part for field, part in axis.parts.items()}
            for what in ("remainder", "above", "to_above", "below", "to_below", "rank", "ranked", "percentile"):
                columns[f"{before}{what}"] = getattr(axis, what)
            texts = np.array([*axis.fields, *[""] * 256][:256], dtype=np.dtypes.StringDType())
            for what, places in (("best", axis.best), ("worst", axis.worst)):
                columns[f"{before}{what}"] = texts[places[:, 0]] if places.shape[1] else texts[[]]
            count = np.zeros(len(self), dtype=np.int64)
            for where in axis.unknown.values():
                count += where
            columns[f"{before}unknown"] = count
        return columns

    def __repr__(self) -> str:
        how = ", ".join(f"{name} by {axis.kind} of {listed(axis.fields)}" for name, axis in self.axes.items())
        return f"<Explanations: {len(self):,} customers, {how}>"


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
    if not isinstance(model, GradingModel):
        raise FieldError(f"explain takes a fitted model; received a {type(model).__name__}")
    graded = model.grade(base, any_period=any_period)
    middle = _reference(model, base, reference or {})
    axes = {axis.name: _on_axis(model, axis.name, graded, middle) for axis in model.scale.axes}
    return Explanations(model, graded, axes, middle, "the reference" if reference else "the median customer")


def _unknown(model: GradingModel, axis: str, inputs: Columns) -> dict[str, Truths]:
    """Where each field that a score reads isn't known."""
    return Reasons(model.machine).unknown(model.machine.columns(inputs), model.scorer.scores[axis].reads)


def _reference(model: GradingModel, base: CustomerBase, given: Mapping[str, float]) -> dict[str, float]:
    inputs = model.scorer.inputs
    for name, value in given.items():
        if name not in inputs:
            raise FieldError(
                f"the reference has {name!r}, which the model doesn't read.{did_you_mean(name, inputs)} "
                f"It reads: {listed(inputs)}."
            )
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise FieldError(f"the reference's {name!r} is a number; received {value!r}")
    return {name: float(given[name]) if name in given else _median(base.columns[name]) for name in inputs}


def _median(column: FloatColumn) -> float:
    """The lower median of what is known: a value that a customer has; NaN where nothing is known."""
    known = column[~np.isnan(column)]
    return float(np.partition(known, (len(known) - 1) // 2)[(len(known) - 1) // 2]) if len(known) else np.nan


def _on_axis(model: GradingModel, axis: str, graded: Graded, middle: Mapping[str, float]) -> AxisExplanation:
    base, scorer = graded.base, model.scorer
    reference = {name: np.array([value]) for name, value in middle.items()}
    how = itemized(model, axis, reference)
    with np.errstate(all="ignore"):
        names = tuple(how.of(reference)[0])
    size, reasons_of = len(base), [name for name in names if name != CONSTANT]
    parts = {name: np.empty(size) for name in names}
    best, worst = (np.empty((size, len(reasons_of)), dtype=np.uint8) for _ in range(2))
    unknown = {name: np.empty(size, dtype=bool) for name in _unknown(model, axis, reference)}

    def part(rows: slice) -> None:
        inputs = {name: base.columns[name][rows] for name in scorer.inputs}
        for name, where in _unknown(model, axis, inputs).items():
            unknown[name][rows] = where
        with np.errstate(all="ignore"):
            found, shortfall = how.of(inputs)
        scored = ~np.isnan(graded.scores[axis][rows])
        for name in names:
            parts[name][rows] = np.where(scored, found[name], np.nan)
        short = np.stack([np.where(scored, shortfall[name], np.nan) for name in reasons_of], axis=1)
        gained = (
            -short if how.against == "the reference" else np.stack([parts[name][rows] for name in reasons_of], axis=1)
        )
        worst[rows] = _places(short, short > 0.0)
        best[rows] = _places(gained, short < 0.0 if how.against == "the reference" else gained >= short)

    over_chunks(part, size, scorer.portable)
    above, below = limits(model, axis, graded.codes)
    return AxisExplanation(graded, axis, how.kind, how.against, parts, best, worst, unknown, above, below)


def _places(values: FloatColumn, counts: Truths) -> Places:
    """The places of those values that count, highest first, of equal ones the first; 255 beyond."""
    keys = np.where(counts, -values, np.inf)
    order = np.argsort(keys, axis=1, kind="stable").astype(np.uint8)
    order[np.arange(values.shape[1]) >= counts.sum(axis=1)[:, np.newaxis]] = NOTHING
    return order
