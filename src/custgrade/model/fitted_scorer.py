"""Fitted scorers: a scorer with every number that was learned."""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import field, frozen

from custgrade.cuts.boundary import Boundaries
from custgrade.data.converters import read_only
from custgrade.data.period import Period
from custgrade.data.scale import GradeScale
from custgrade.data.standard import known_fields
from custgrade.scoring.learned import Quantile
from custgrade.scoring.traced_scorer import TracedScorer
from custgrade.text import exactly


@frozen(slots=False, eq=False, repr=False)
class FittedScorer:
    """A scorer with every number that was learned; the attributes are described at `GradingModel`."""

    scorer: TracedScorer
    learned: Mapping[str, Boundaries | None] = field(converter=read_only)
    boundaries: Mapping[str, tuple[Boundaries | None, ...]] = field(converter=read_only)
    dropped: tuple[str, ...] = ()
    period: Period | None = None
    currency: str | None = None
    customers: int = 0
    graded: Mapping[str, int] = field(factory=dict, converter=read_only)
    notices: tuple[str, ...] = ()
    units: Mapping[str, str] = field(converter=read_only)

    @units.default
    def _units_of_the_scorer(self) -> Mapping[str, str]:
        fields = known_fields(self.scorer.fields)
        return {name: fields[name].unit for name in self.scorer.inputs if name in fields}

    @property
    def scale(self) -> GradeScale:
        """The grades that the scorer can give."""
        return self.scorer.scale

    @property
    def quantiles(self) -> dict[str, float]:
        """The learned numbers by name, such as proposed floors, in their field's unit; NaN where no value was known."""
        columns = self.scorer.learned.items()
        return {name: column.value(self.learned[name]) for name, column in columns if isinstance(column, Quantile)}

    @property
    def learned_notes(self) -> tuple[str, ...]:
        """One sentence per learned number: its value, and the share of customers who reach it."""
        notes = []
        for name, value in self.quantiles.items():
            column = self.scorer.learned[name]
            if isinstance(column, Quantile) and not math.isnan(value):
                share = f"at least {100 * float(column.share):.4g} % of the customers whose {column.field} is known"
                notes.append(f"{name} is {exactly(value)}: {share} reach it")
        return tuple(notes)
