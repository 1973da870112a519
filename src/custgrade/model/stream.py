"""Graded customers part by part, for bases of any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from attrs import evolve, field, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.output_columns import OutputColumns
from custgrade.export.sink import Sink
from custgrade.model.fitting import fit_codes
from custgrade.model.graded import Graded
from custgrade.model.grading_model import GradingModel
from custgrade.model.overrides import ActiveOverrides, Overrides, Positions, day_of
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.selection.chunks import over_pieces
from custgrade.selection.select import Codes

Made = TypeVar("Made")
Result = TypeVar("Result")


@frozen(eq=False)
class GradedStream:
    """The graded customers of a base, part by part; a part is graded when it is requested.

    codes: the codes of all customers by axis, if fitting has found them already. overrides: manual grades.
    """

    model: GradingModel
    base: CustomerBase
    codes: Mapping[str, Codes] | None = field(default=None, repr=False)
    overrides: ActiveOverrides | None = None

    @classmethod
    def of(cls, chosen: TracedScorer | GradingModel, base: CustomerBase, *, any_period: bool = False) -> GradedStream:
        """Return the stream of a base, graded by a model or by a scorer that is fitted on the base.

        Raises what `GradingModel.check` or `TracedScorer.fit` raises.
        """
        if isinstance(chosen, GradingModel):
            chosen.check(base, any_period=any_period)
            return cls(chosen, base)
        return cls(*fit_codes(chosen, base))

    def with_overrides(self, overrides: Overrides, on: str | dt.date | None, positions: Positions) -> GradedStream:
        """Return the stream with the overrides that hold on a day; see `Graded.with_overrides`.

        positions: returns the positions of customers by id, −1 for an id that no customer has.

        Raises OverrideError when an override gives a grade that the scale lacks, or neither `on` nor an as-of date is
        given.
        """
        overrides.check(self.model.scale)
        return evolve(self, overrides=ActiveOverrides.of(overrides, day_of(self.base, on), positions))

    def override_notes(self) -> list[str]:
        """Return a sentence for every override, whether it holds or not."""
        if self.overrides is None:
            return []
        rows = self.overrides.rows.tolist()
        computed = [self.part(slice(row, row + 1)).grade_at(0) for row in rows]
        return self.overrides.notes(
            dict(zip(self.overrides.places.tolist(), computed, strict=True)), self.base.names_of(self.overrides.ids)
        )

    def kept(self) -> GradedStream:
        """Return the stream with all codes in memory, one byte per customer and axis."""
        if self.codes is not None:
            return self
        return evolve(self, codes=self.model.graded_base(self.base).codes)

    def part(self, rows: slice) -> Graded:
        """Return the graded customers at consecutive positions."""
        base = self.base.part(rows)
        if self.codes is None:
            graded = self.model.graded_base(base)
        else:
            graded = self.model.with_codes(base, {name: column[rows] for name, column in self.codes.items()})
        return graded if self.overrides is None else evolve(graded, overrides=self.overrides.part(rows))

    def customer(self, row: int, identity: str) -> Graded:
        """Return the graded customer at a position. identity: the customer's id."""
        part = self.part(slice(row, row + 1))
        return evolve(part, base=evolve(part.base, ids=[identity]))

    def over(self, parts: Sequence[slice], work: Callable[[Graded], Result]) -> list[Result]:
        """Return the results of `work` for each part, in order."""
        return over_pieces(lambda rows: work(self.part(rows)), parts, self.model.scorer.portable)

    def into(
        self,
        sink: Sink,
        work: Callable[[Graded], Made],
        columns: Callable[[Made], OutputColumns],
        see: Callable[[Made], Result],
    ) -> list[Result]:
        """Send the columns of each part to a sink, and return the results of `see` for each part, in order.

        work: computes a result from the graded customers of a part. columns: returns that result's columns.
        see: is called with that result.
        """
        numbers = {rows.start: number for number, rows in enumerate(sink.parts)}

        def send(rows: slice) -> Result:
            made = work(self.part(rows))
            sink.take(numbers[rows.start], columns(made))
            return see(made)

        return over_pieces(send, sink.parts, self.model.scorer.portable and not sink.ordered)
