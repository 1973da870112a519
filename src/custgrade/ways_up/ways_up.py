"""The ways up of a whole base, quoted against a frozen model for a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import locked, read_only
from custgrade.data.field import Field
from custgrade.data.output_columns import plain_columns
from custgrade.data.period import as_date, as_days
from custgrade.data.scale import UNGRADED
from custgrade.data.standard import known_fields
from custgrade.errors import SourceError
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame
from custgrade.model.wording import not_graded, words
from custgrade.ways_up.chunk import NO_FIELD, Pairs
from custgrade.ways_up.on_axis import ways_on_axis
from custgrade.ways_up.wording import Move, sentence

_NEXT = np.array([UNGRADED, *range(UNGRADED - 1), UNGRADED], dtype=np.uint8)
"""The code of the next better class, by code."""
_PLACES = 6
"""How many decimals a change is stated with: as many as money has when it is added up."""


@frozen(eq=False)
class AxisWays:
    """The ways up on one axis, one entry per customer.

    fields: what can be moved, in the order of `pair`. next: the code of the next better class, uint8 of shape (n,);
    255 for customers in the best one, and for ungraded ones. to: per field the value to reach, float64 of shape (n,),
    NaN where that field alone isn't enough, is unknown, or there is nothing to reach.
    pairs: for those whom no field alone brings up, two that do together.
    """

    fields: tuple[str, ...]
    next: npt.NDArray[np.uint8]
    to: Mapping[str, npt.NDArray[np.float64]] = field(converter=read_only)
    pairs: Pairs = field(repr=False)

    @property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Whether one field or two bring a customer up, shape (n,)."""
        found = np.zeros(len(self.next), dtype=bool)
        for column in self.to.values():
            found |= np.isfinite(column)
        found[self.pairs.rows] = True
        return found


@frozen(slots=False, eq=False, repr=False)
class WaysUp(AsFrame):
    """What would move each customer of a base up, by a frozen model.

    axes: per axis its ways. on: the date for which this is quoted. expires: the last day on which it holds.
    """

    model: GradingModel = field(repr=False)
    graded: Graded = field(repr=False)
    axes: Mapping[str, AxisWays] = field(converter=read_only)
    on: dt.date
    expires: dt.date

    def __len__(self) -> int:
        return len(self.graded)

    def moves(self, row: int) -> Iterator[tuple[str, str, tuple[Move, ...]]]:
        """Yield the ways up of the customer at a position: the axis, the label to reach, and one move or two.

        Raises FieldError when there is no such position.
        """
        row = self.graded.base.position(row)
        fields = known_fields(self.model.scorer.fields)
        for name, ways in self.axes.items():
            code = int(ways.next[row])
            if code == NO_FIELD:
                continue
            label = self.model.scale.axis(name).labels[code]

            def move(which: str, to: float) -> Move:
                return Move(fields.get(which, Field(which, "")), float(self.graded.base.columns[which][row]), to)

            for which, to in ways.to.items():
                if np.isfinite(to[row]):
                    yield name, label, (move(which, float(to[row])),)
            at = int(np.searchsorted(ways.pairs.rows, row))
            if at < len(ways.pairs.rows) and ways.pairs.rows[at] == row:
                pair = zip(ways.pairs.places[at].tolist(), ways.pairs.to[at].tolist(), strict=True)
                yield name, label, tuple(move(ways.fields[place], to) for place, to in pair)

    def sentences(self, row: int) -> list[str]:
        """The ways up of the customer at a position in plain words, one each; or why there is none.

        Raises FieldError when there is no such position.
        """
        row = self.graded.base.position(row)
        if not self.graded.grade_at(row):
            return [not_graded(self.graded.reason_at(row))]
        currency = self.graded.base.currency or self.model.currency or ""
        several = len(self.axes) > 1
        found = [
            sentence(f"{label} {words(axis)}" if several else label, moves, currency)
            for axis, label, moves in self.moves(row)
        ]
        if found:
            return [*found, f"As of {self.on}, until {self.expires}."]
        if all(int(ways.next[row]) == NO_FIELD for ways in self.axes.values()):
            return ["This is the best grade."]
        return ["No change of one field or two that somebody can act on reaches the next grade."]

    def output_columns(self) -> dict[str, Any]:
        """The ways up as columns, texts or float64: per axis the next label, and per field the value and the change.

        With one axis the names are `next`, `<field>_to`, `<field>_change`, and for pairs `first`, `first_to`, `second`,
        `second_to`; with several, `<axis>_` stands before each. Where a field is no way up, its numbers are NaN.
        """
        text = np.dtypes.StringDType()
        columns: dict[str, Any] = {}
        for name, ways in self.axes.items():
            before = f"{name}_" if len(self.axes) > 1 else ""
            labels = [*self.model.scale.axis(name).labels, *[""] * 256][:256]
            columns[f"{before}next"] = np.array(labels, dtype=text)[ways.next]
            for which, to in ways.to.items():
                columns[f"{before}{which}_to"] = to
                # a decimal less a decimal is one
                columns[f"{before}{which}_change"] = np.round(to - self.graded.base.columns[which], _PLACES)
            fields = np.array([*ways.fields, *[""] * 256][:256], dtype=text)
            for k, place in enumerate(("first", "second")):
                places, to = np.full(len(self), NO_FIELD, dtype=np.uint8), np.full(len(self), np.nan)
                places[ways.pairs.rows], to[ways.pairs.rows] = ways.pairs.places[:, k], ways.pairs.to[:, k]
                columns[f"{before}{place}"], columns[f"{before}{place}_to"] = fields[places], to
        return columns

    def to_dict(self) -> dict[str, Any]:
        """Ids, grades, why there is none, and the ways up by name; see `columns`."""
        return {"customer_id": self.graded.base.ids, **plain_columns(self.graded.outcomes()), **self.columns()}

    def __repr__(self) -> str:
        possible = ", ".join(f"{name} {int(ways.possible.sum()):,}" for name, ways in self.axes.items())
        return f"<WaysUp: {len(self):,} customers, possible on {possible}, until {self.expires}>"


def way_up(
    model: GradingModel,
    base: CustomerBase,
    on: str | dt.date | None = None,
    valid: str | int | dt.timedelta = 90,
    *,
    any_period: bool = False,
) -> WaysUp:
    """Return what would move each customer up: the smallest change in each field that reaches the next better class.

    Moved is one input field at a time, to a multiple of its resolution and within its bounds; fields on which somebody
    can act, and that the axis is declared to rise or fall with. On a nested axis the next class is that within the same
    class of its parent. Where no field is enough alone, two are named: those with which the customer's score can gain
    most, or else the first two that are enough; of the second as little as possible beside all of the first, then of
    the first as little as possible.

    Applying a way gives a better grade, and one step of the resolution less doesn't, by this model.

    on: the date for which this is quoted; the base's as-of date by default. valid: for how many days it holds.
    any_period: whether the base may cover a longer or shorter period than the model was fitted on.

    Raises SourceError for dates that make no sense, and what `GradingModel.check` raises.
    """
    base = base_or_hint(base, "way_up")
    model_or_hint(model, "way_up takes a fitted model")
    on = base.as_of if on is None else as_date(on, "the date of the quote")
    if on is None:
        raise SourceError("a way up is quoted for a date, and the base has no as-of date: give on='2026-01-31'")
    try:
        expires = on + dt.timedelta(days=as_days(valid, "valid"))
    except OverflowError as error:
        raise SourceError(f"{valid!r} days after {on} is beyond the calendar") from error
    graded = model.grade(base, any_period=any_period)
    columns = {name: base.columns[name] for name in model.scorer.inputs}
    axes = {}
    for axis in model.scale.axes:
        to, pairs = ways_on_axis(model, axis.name, graded.codes, columns)
        axes[axis.name] = AxisWays(tuple(to), locked(_NEXT[graded.codes[axis.name]]), to, pairs)
    return WaysUp(model, graded, axes, on, expires)
