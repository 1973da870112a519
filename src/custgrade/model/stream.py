"""Graded customers as a stream of parts: the one way from a base of any size to its grades."""

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
    """The graded customers of a base, part by part; nothing is graded before a part is asked for.

    codes: per axis those of all customers, where fitting has already found them. overrides: manual grades.
    """

    model: GradingModel
    base: CustomerBase
    codes: Mapping[str, Codes] | None = field(default=None, repr=False)
    overrides: ActiveOverrides | None = None

    @classmethod
    def of(cls, chosen: TracedScorer | GradingModel, base: CustomerBase, *, any_period: bool = False) -> GradedStream:
        """Return the stream of a base, graded by a model, or by a scorer that is fitted on it.

        Raises what `GradingModel.check` or `TracedScorer.fit` raises.
        """
        if isinstance(chosen, GradingModel):
            chosen.check(base, any_period=any_period)
            return cls(chosen, base)
        return cls(*fit_codes(chosen, base))

    def with_overrides(self, overrides: Overrides, on: str | dt.date | None, positions: Positions) -> GradedStream:
        """Return the stream with the manual grades that hold on a day; see `Graded.with_overrides`.

        positions: where customers with these ids stand, −1 for nowhere.

        Raises OverrideError when an override gives a grade that the scale lacks, or there is no day.
        """
        overrides.check(self.model.scale)
        return evolve(self, overrides=ActiveOverrides.of(overrides, day_of(self.base, on), positions))

    def override_notes(self) -> list[str]:
        """What there is to say of every override, also of those that don't hold, in words."""
        if self.overrides is None:
            return []
        rows = self.overrides.rows.tolist()
        computed = [self.part(slice(row, row + 1)).grade_at(0) for row in rows]
        return self.overrides.notes(
            dict(zip(self.overrides.places.tolist(), computed, strict=True)), self.base.names_of(self.overrides.ids)
        )

    def kept(self) -> GradedStream:
        """Return the stream with the codes of all customers, a byte each and axis, so that none is graded twice."""
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
        """Return the graded customer at a position, whose id is known."""
        part = self.part(slice(row, row + 1))
        return evolve(part, base=evolve(part.base, ids=[identity]))

    def over(self, parts: Sequence[slice], work: Callable[[Graded], Result]) -> list[Result]:
        """Return what `work` gives for each part, in their order."""
        return over_pieces(lambda rows: work(self.part(rows)), parts, self.model.scorer.portable)

    def into(
        self,
        sink: Sink,
        work: Callable[[Graded], Made],
        columns: Callable[[Made], OutputColumns],
        see: Callable[[Made], Result],
    ) -> list[Result]:
        """Hand the columns of what `work` makes of each part to a sink, and return what `see` gives for each part."""
        numbers = {rows.start: number for number, rows in enumerate(sink.parts)}

        def send(rows: slice) -> Result:
            made = work(self.part(rows))
            sink.take(numbers[rows.start], columns(made))
            return see(made)

        return over_pieces(send, sink.parts, self.model.scorer.portable and not sink.ordered)
