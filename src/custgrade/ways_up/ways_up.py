"""The ways up of the customers of a base, quoted for a date."""

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
from custgrade.data.output_columns import CodedTexts, OutputColumn, identity_columns, named_columns, plain_columns
from custgrade.data.period import as_date, as_days
from custgrade.data.scale import UNGRADED
from custgrade.data.standard import known_fields
from custgrade.errors import Hint, SourceError
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel, model_or_hint
from custgrade.model.native_frame import AsFrame
from custgrade.model.wording import enumerated, not_graded
from custgrade.ways_up.axis_ways import AxisWays
from custgrade.ways_up.pairs import NO_FIELD
from custgrade.ways_up.way_finder import WayFinder
from custgrade.ways_up.wording import Move, sentence

_PLACES = 6
"""The decimals of a change, as many as sums of money have."""
_NO_WAY = (
    "No change was found that reaches a better grade.",
    "No change of a single field that can be influenced reaches a better grade.",
    "No change of one or two fields that can be influenced reaches a better grade.",
)
"""The sentences for customers without a way up, by `AxisWays.searched`."""


@frozen(slots=False, eq=False, repr=False)
class WaysUp(AsFrame):
    """The ways up of the customers of a base, by a fitted model.

    axes: the ways by axis. on: the date of the quote. expires: the last day on which it holds, included.
    """

    model: GradingModel = field(repr=False)
    graded: Graded = field(repr=False)
    axes: Mapping[str, AxisWays] = field(converter=read_only)
    on: dt.date
    expires: dt.date

    def __len__(self) -> int:
        return len(self.graded)

    def moves(self, row: int) -> Iterator[tuple[str, str, tuple[Move, ...]]]:
        """Yield the ways up of the customer at a position: the axis, the whole grade reached, and one or two moves.

        A change that leads up on several axes is yielded once.

        Raises FieldError if there is no such position.
        """
        row = self.graded.base.position(row)
        fields, names = known_fields(self.model.scorer.fields), self.graded.grade_names
        yielded: set[tuple[tuple[str, float], ...]] = set()

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
                if moved not in yielded:
                    yielded.add(moved)
                    yield name, names[grade], tuple(move(which, to) for which, to in moved)

    def sentences(self, row: int) -> list[str]:
        """Return the ways up of the customer at a position as sentences, or the reason why there is none.

        Raises FieldError if there is no such position.
        """
        row = self.graded.base.position(row)
        if not self.graded.grade_at(row):
            return [not_graded(self.graded.reason_at(row))]
        currency = self.graded.base.currency or self.model.currency or ""
        found = [sentence(grade, moves, currency) for _, grade, moves in self.moves(row)]
        if not found and all(int(ways.next[row]) == UNGRADED for ways in self.axes.values()):
            return ["This is the best grade."]
        return [*(found or self._no_way()), f"This holds from {self.on} to {self.expires}."]

    def _no_way(self) -> list[str]:
        """Return why a customer has no way up, with the fields that scores read but nobody can change."""
        scores = (self.model.scorer.scores[name] for name in self.axes)
        read = dict.fromkeys(name for score in scores for name in score.inputs)
        fixed = [name for name in read if not self.model.batch_grader.field(name).actionable]
        names = enumerated(fixed, len(fixed))
        if fixed and len(fixed) == len(read):
            return [f"No field that this grade depends on can be influenced: {names}."]
        none = _NO_WAY[min(ways.searched for ways in self.axes.values())]
        them = "it" if len(fixed) == 1 else "them"
        why = f"{names[:1].upper()}{names[1:]} can't be influenced, so no change of {them} was tried."
        return [none, why] if fixed else [none]

    def output_columns(self) -> dict[str, OutputColumn]:
        """Return the ways up as columns: the value to reach, the change and the grade reached, by axis and field.

        With one axis the names are `<field>_to`, `<field>_change`, `<field>_grade`, and for pairs `first`, `first_to`,
        `second`, `second_to`, `pair_grade`. With several axes, `<axis>_` is put before each name. If a field isn't a
        way up, its numbers are NaN and its grade is empty. An axis with one field has no pairs.
        """
        return named_columns(self._columns())

    def _columns(self) -> Iterator[tuple[str, str, OutputColumn]]:
        """Yield the name of each column, what it belongs to, and its values."""
        names = self.graded.grade_names
        for name, ways in self.axes.items():
            before = f"{name}_" if len(self.axes) > 1 else ""
            for which, to in ways.to.items():
                owner = f"field {which!r} of axis {name!r}"
                yield f"{before}{which}_to", owner, to
                # the difference of two decimals is a decimal
                change = np.round(to - self.graded.base.columns[which], _PLACES)
                yield f"{before}{which}_change", owner, change
                yield f"{before}{which}_grade", owner, CodedTexts(names, ways.reached[which])
            if len(ways.fields) < 2:
                continue
            rows, owner = ways.pairs.rows, f"the pairs of axis {name!r}"
            for k, place in enumerate(("first", "second")):
                places, to = np.full(len(self), NO_FIELD, dtype=np.uint8), np.full(len(self), np.nan)
                places[rows], to[rows] = ways.pairs.places[:, k], ways.pairs.to[:, k]
                yield f"{before}{place}", owner, CodedTexts(ways.fields, places, NO_FIELD)
                yield f"{before}{place}_to", owner, to
            reached = np.full(len(self), len(names) - 1, dtype=np.int32)
            reached[rows] = ways.pairs.reached
            yield f"{before}pair_grade", owner, CodedTexts(names, reached)

    def answer_columns(self) -> dict[str, OutputColumn]:
        """Return the columns of a file without the id: grade, reason, ways up, and the dates of the quote."""
        every = np.zeros(len(self), dtype=np.uint8)
        dates = {"on": CodedTexts([str(self.on)], every), "expires": CodedTexts([str(self.expires)], every)}
        return self.graded.outcomes() | self.output_columns() | dates

    def to_dict(self) -> dict[str, Any]:
        """Return ids, names if the base has them, grades, reasons and ways up, as numpy arrays; see `columns`."""
        base = self.graded.base
        return identity_columns(base.ids, base.names) | plain_columns(self.graded.outcomes()) | self.columns()

    def __repr__(self) -> str:
        possible = ", ".join(f"{name} {int(ways.possible.sum()):,}" for name, ways in self.axes.items())
        return f"<WaysUp: {len(self):,} customers, possible on {possible}, until {self.expires}>"


class Quote:
    """A quote for a date, which finds the ways up of any customers by one model; threads may share it.

    on: the date of the quote, the as-of date of `base` by default. valid: the number of days for which it holds.

    Raises SourceError if no date is known, or a date is invalid.
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
        # a finder can't be used by two threads at once
        self._finders = local()

    def ways_up(self, graded: Graded) -> WaysUp:
        """Return the ways up of these customers, which don't depend on other customers."""
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
    """Return the ways up of each customer: the smallest change of each field that reaches a better grade.

    A grade is better if its codes are (see `GradeScale.better`) and it has another name; no grade is better than one
    with the name of the scale's best grade. A way up on an axis also improves the class on that axis, and on a nested
    axis keeps the class of its parent. Fields that an axis reads and that are `actionable` are moved one at a time, up
    or down, to multiples of their resolution within their bounds.

    For a customer without a way up in one field, two fields that the axis is declared to rise or fall with are moved:
    the two with which the score can gain most, or else the first two that suffice. The second field gets the smallest
    change that is enough if the first field is at its bound; then the first gets the smallest change that is enough.

    on: the date of the quote; the base's as-of date by default. valid: the number of days for which it holds.
    any_period: whether the base may cover a longer or shorter period than the model was fitted on.

    Raises SourceError if no date is known or a date is invalid, and what `GradingModel.check` raises.
    """
    base = base_or_hint(base, "way_up")
    model_or_hint(model, "way_up takes a fitted model")
    return Quote(model, base, on, valid).ways_up(model.grade(base, any_period=any_period))
