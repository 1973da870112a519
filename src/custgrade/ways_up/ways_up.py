"""The ways up of a whole base, quoted against a frozen model for a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from threading import local
from typing import Any

import numpy as np
from attrs import field, frozen

from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.data.converters import read_only
from custgrade.data.field import Field
from custgrade.data.output_columns import CodedTexts, OutputColumn, plain_columns
from custgrade.data.period import as_date, as_days
from custgrade.data.scale import UNGRADED
from custgrade.data.standard import known_fields
from custgrade.errors import Hint, SourceError
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame
from custgrade.model.wording import not_graded
from custgrade.ways_up.axis_ways import AxisWays
from custgrade.ways_up.finder import WayFinder
from custgrade.ways_up.pairs import NO_FIELD
from custgrade.ways_up.wording import Move, sentence

_PLACES = 6
"""How many decimals a change is stated with: as many as money has when it is added up."""
_NO_WAY = (
    "No change was found that reaches a better grade.",
    "No change of one field alone that somebody can act on reaches a better grade.",
    "No change of one field or two that somebody can act on reaches a better grade.",
)
"""What is said where there is no way up, by of how many fields every change was tried."""


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
        """Yield the ways up of the customer at a position: the axis, the whole grade it leads to, and one move or two.

        A change that leads up on several axes is yielded once.

        Raises FieldError when there is no such position.
        """
        row = self.graded.base.position(row)
        fields, names = known_fields(self.model.scorer.fields), self.graded.grade_names
        told: set[tuple[tuple[str, float], ...]] = set()

        def move(which: str, to: float) -> Move:
            return Move(fields.get(which, Field(which, "")), float(self.graded.base.columns[which][row]), to)

        for name, ways in self.axes.items():
            found: list[tuple[int, tuple[tuple[str, float], ...]]] = [
                (int(ways.reached[which][row]), ((which, float(to[row])),))
                for which, to in ways.to.items()
                if np.isfinite(to[row])
            ]
            at = int(np.searchsorted(ways.pairs.rows, row))
            if at < len(ways.pairs) and ways.pairs.rows[at] == row:
                places = [ways.fields[place] for place in ways.pairs.places[at].tolist()]
                pair = tuple(zip(places, ways.pairs.to[at].tolist(), strict=True))
                found.append((int(ways.pairs.reached[at]), pair))
            for grade, moved in found:
                if moved not in told:
                    told.add(moved)
                    yield name, names[grade], tuple(move(which, to) for which, to in moved)

    def sentences(self, row: int) -> list[str]:
        """The ways up of the customer at a position in plain words, one each; or why there is none.

        Raises FieldError when there is no such position.
        """
        row = self.graded.base.position(row)
        if not self.graded.grade_at(row):
            return [not_graded(self.graded.reason_at(row))]
        currency = self.graded.base.currency or self.model.currency or ""
        found = [sentence(grade, moves, currency) for _, grade, moves in self.moves(row)]
        if found:
            return [*found, f"As of {self.on}, until {self.expires}."]
        if all(int(ways.next[row]) == UNGRADED for ways in self.axes.values()):
            return ["This is the best grade."]
        return [_NO_WAY[min(ways.searched for ways in self.axes.values())]]

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the ways up as columns: per axis and field the value, the change and the grade reached.

        With one axis the names are `<field>_to`, `<field>_change`, `<field>_grade`, and for pairs `first`, `first_to`,
        `second`, `second_to`, `pair_grade`; with several, `<axis>_` stands before each. Where a field is no way up, its
        numbers are NaN and its grade is empty. An axis with one field has no pairs.
        """
        names = self.graded.grade_names
        columns: dict[str, OutputColumn] = {}
        for name, ways in self.axes.items():
            before = f"{name}_" if len(self.axes) > 1 else ""
            for which, to in ways.to.items():
                columns[f"{before}{which}_to"] = to
                # a decimal less a decimal is one
                columns[f"{before}{which}_change"] = np.round(to - self.graded.base.columns[which], _PLACES)
                columns[f"{before}{which}_grade"] = CodedTexts(names, ways.reached[which])
            if len(ways.fields) < 2:
                continue
            rows = ways.pairs.rows
            for k, place in enumerate(("first", "second")):
                places, to = np.full(len(self), NO_FIELD, dtype=np.uint8), np.full(len(self), np.nan)
                places[rows], to[rows] = ways.pairs.places[:, k], ways.pairs.to[:, k]
                columns[f"{before}{place}"] = CodedTexts(ways.fields, places, NO_FIELD)
                columns[f"{before}{place}_to"] = to
            reached = np.full(len(self), len(names) - 1, dtype=np.int32)
            reached[rows] = ways.pairs.reached
            columns[f"{before}pair_grade"] = CodedTexts(names, reached)
        return columns

    def answer_columns(self) -> dict[str, OutputColumn]:
        """Return the columns beside the id in a file: grade, reason, the ways up, and the dates of the quote."""
        every = np.zeros(len(self), dtype=np.uint8)
        dates = {"on": CodedTexts([str(self.on)], every), "expires": CodedTexts([str(self.expires)], every)}
        return self.graded.outcomes() | self.output_columns() | dates

    def to_dict(self) -> dict[str, Any]:
        """Return ids, grades, why there is none, and the ways up by name; see `columns`."""
        return {"customer_id": self.graded.base.ids, **plain_columns(self.graded.outcomes()), **self.columns()}

    def __repr__(self) -> str:
        possible = ", ".join(f"{name} {int(ways.possible.sum()):,}" for name, ways in self.axes.items())
        return f"<WaysUp: {len(self):,} customers, possible on {possible}, until {self.expires}>"


class Quote:
    """Finds the ways up of any customers by one model, quoted for a date; several threads may ask it.

    on: the date for which ways are quoted, the as-of date of `base` by default. valid: for how many days they hold.

    Raises SourceError for dates that make no sense.
    """

    def __init__(
        self,
        model: GradingModel,
        base: CustomerBase,
        on: str | dt.date | None = None,
        valid: str | int | dt.timedelta = 90,
    ) -> None:
        day = base.as_of if on is None else as_date(on, "the date of the quote")
        if day is None:
            raise SourceError(
                "a way up is quoted for a date, and the base has no as-of date.",
                Hint('Give on="2026-01-31".', "Give --on 2026-01-31."),
            )
        try:
            self.expires = day + dt.timedelta(days=as_days(valid, "valid"))
        except OverflowError as error:
            raise SourceError(f"{valid!r} days after {day} is beyond the calendar") from error
        self.model, self.on = model, day
        # a finder takes one part after the other
        self._finders = local()

    def ways_up(self, graded: Graded) -> WaysUp:
        """Return the ways up of these customers, which depend on them and on the model alone."""
        if not hasattr(self._finders, "find"):
            self._finders.find = WayFinder(self.model)
        return WaysUp(self.model, graded, self._finders.find(graded.base, graded.codes), self.on, self.expires)


def way_up(
    model: GradingModel,
    base: CustomerBase,
    on: str | dt.date | None = None,
    valid: str | int | dt.timedelta = 90,
    *,
    any_period: bool = False,
) -> WaysUp:
    """Return what would move each customer up: the smallest change in each field that reaches a better grade.

    A grade is better if its codes are (see `GradeScale.better`) and it has another name; nothing is better than a grade
    with the name of the scale's best one. One input field is moved at a time, up or down, to a multiple of its
    resolution and within its bounds: every field that an axis reads and on which somebody can act. Per axis it is the
    smallest change that makes the grade better and the class on that axis too, on a nested axis within the same class
    of its parent. Each way says the whole grade that it leads to.

    Where no field is enough alone, two may be named, of those that the axis is declared to rise or fall with: those
    with which the customer's score can gain most, or else the first two that are enough; of the second as little as
    possible beside all of the first, then of the first as little as possible.

    on: the date for which this is quoted; the base's as-of date by default. valid: for how many days it holds.
    any_period: whether the base may cover a longer or shorter period than the model was fitted on.

    Raises SourceError for dates that make no sense, and what `GradingModel.check` raises.
    """
    base = base_or_hint(base, "way_up")
    model_or_hint(model, "way_up takes a fitted model")
    return Quote(model, base, on, valid).ways_up(model.grade(base, any_period=any_period))
