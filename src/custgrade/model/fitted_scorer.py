"""A fitted scorer as data: the scorer, and every number that was learned."""

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
    """A fitted scorer, as data.

    scorer: without the criteria whose fields the data lacked. dropped: those fields.
    learned: per learned column its boundaries, or None where nobody's value was known.
    boundaries: per axis and per class of its parent (one without a parent) the boundaries best first, or None where
    the class held nobody when the model was fitted; who falls there later is ungraded.
    period, currency, customers: of the base it was fitted on. graded: per axis, how many customers had a score.
    notices: what a reader of the grades must know.
    units: of the input fields that grading needs, where they are known; by default those that the scorer defines.
    """

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
        """The grades it can give."""
        return self.scorer.scale

    @property
    def quantiles(self) -> dict[str, float]:
        """The learned numbers by name, such as proposed floors, in their field's unit; NaN where nobody was known."""
        columns = self.scorer.learned.items()
        return {name: column.value(self.learned[name]) for name, column in columns if isinstance(column, Quantile)}

    @property
    def learned_notes(self) -> tuple[str, ...]:
        """What the learned numbers are and how many customers reach them, a sentence each."""
        notes = []
        for name, value in self.quantiles.items():
            column = self.scorer.learned[name]
            if isinstance(column, Quantile) and not math.isnan(value):
                share = f"at least {100 * float(column.share):.4g} % of the customers whose {column.field} is known"
                notes.append(f"{name} is {exactly(value)}: {share} reach it")
        return tuple(notes)
