"""Learned columns: fitted before the axes, frozen in the model, and read by scores by their names."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

import attrs
from attrs import frozen

from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.cut import Cut
from custgrade.cuts.exact import exact_share
from custgrade.cuts.shares import Shares
from custgrade.data.field import Best, ColumnFunction
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import ScorerError
from custgrade.text import shown


class LearnedColumn(Protocol):
    """A column that is fitted before the axes and that scores may use by its name.

    It is cut like an axis; each class then stands for a number.
    """

    @property
    def score(self) -> ColumnFunction:
        """What is ranked."""
        ...

    @property
    def cut(self) -> Cut:
        """How it is cut."""
        ...

    @property
    def points(self) -> tuple[float, ...]:
        """The number each class stands for, best class first."""
        ...


@frozen
class RankedField:
    """The score that ranks customers by one field, its sign changed where the lowest value is best."""

    field: str
    best: Best

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score of a table of columns."""
        return columns[self.field] if self.best == "highest" else -columns[self.field]


def best_of(field: str, best: Best | None = None) -> Best:
    """Return which values of a field are best: what is given, or else what the standard field of this name says.

    A field that isn't a standard one, or doesn't say, is best where it is highest.

    Raises ScorerError when `best` is neither 'highest' nor 'lowest' nor None.
    """
    if best not in ("highest", "lowest", None):
        raise ScorerError(f"best is 'highest' or 'lowest'; received {shown(best)}")
    known = STANDARD_FIELDS.get(field) if isinstance(field, str) else None
    return best or (known.better if known is not None else None) or "highest"


def rank_by(name: str, best: Best | None = None) -> RankedField:
    """Return the score that ranks customers by one field. best: as for `best_of`."""
    return RankedField(name, best_of(name, best))


@cache
def _equal_shares(classes: int) -> Shares:
    return Shares((Fraction(1, classes),) * classes)


@frozen
class Percentile:
    """A learned column: where a field's value stands in the base, 0 (worst) to `steps` (best), NaN where unknown.

    It is a cut into steps + 1 equal shares, so equal values get equal points and newcomers are placed by the frozen
    boundaries.

    field: an input or derived field. best: whether the highest or the lowest value is best; by default what the field
    says, as `best_of` has it.
    """

    field: str
    steps: int = 100
    best: Best | None = None

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "best", best_of(self.field, self.best))
        if isinstance(self.steps, bool) or not isinstance(self.steps, int) or not 1 <= self.steps <= 253:
            raise ScorerError(f"a percentile has 1 to 253 steps; received {shown(self.steps)}")

    @property
    def score(self) -> ColumnFunction:
        """The field, its sign changed where the lowest value is best."""
        return rank_by(self.field, self.best)

    @property
    def cut(self) -> Shares:
        """The cut into equal shares."""
        return _equal_shares(self.steps + 1)

    @property
    def points(self) -> tuple[float, ...]:
        """From `steps` down to 0."""
        return tuple(float(step) for step in range(self.steps, -1, -1))


@frozen
class Quantile:
    """A learned column: the value of a field that a share of the base reaches, the same number for every customer.

    With n customers whose value is known, it is the value at rank ceil(share × n), counted from the best: one that a
    customer has, and that at least `share` of them reach. NaN where nobody's value is known.

    field: an input or derived field. share: above 0 and below 1. best: whether the highest or the lowest value is best.
    """

    field: str
    share: Fraction = attrs.field(converter=exact_share)
    best: Best = "highest"

    def __attrs_post_init__(self) -> None:
        best_of(self.field, self.best)
        if self.share == 1:
            raise ScorerError("the share of a quantile is below 1")

    @property
    def score(self) -> ColumnFunction:
        """The field, its sign changed where the lowest value is best."""
        return rank_by(self.field, self.best)

    @property
    def cut(self) -> Shares:
        """The cut at the share; equal customers on it all reach it."""
        return Shares((self.share, 1 - self.share), ties="better")

    @property
    def points(self) -> tuple[float, ...]:
        """1 for those who reach it, 0 for the others; scores see the value itself instead."""
        return (1.0, 0.0)

    def value(self, boundaries: Boundaries | None) -> float:
        """The value that was learned, in the field's unit; NaN where nobody's value was known."""
        if boundaries is None:
            return float("nan")
        return boundaries[0].value if self.best == "highest" else -boundaries[0].value + 0.0
