"""Learned columns: columns that are fitted before the axes, kept in the model, and read by scores by name."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

import attrs
from attrs import frozen

from custgrade.argument_checks import is_one_of
from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.cut import Cut
from custgrade.cuts.exact import exact_share
from custgrade.cuts.shares import Shares
from custgrade.data.field import Best, ColumnFunction
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import ScorerError
from custgrade.text import shown


class LearnedColumn(Protocol):
    """The interface of a learned column: it is fitted before the axes, and scores may read it by name.

    It is cut into classes like an axis; the column holds one number per class.
    """

    @property
    def score(self) -> ColumnFunction:
        """The function of columns that gives the ranked score."""
        ...

    @property
    def cut(self) -> Cut:
        """The cut that turns the score into a class."""
        ...

    @property
    def points(self) -> tuple[float, ...]:
        """The column's number for each class, best class first."""
        ...


@frozen
class RankedField:
    """A score: the value of one field, with its sign changed if the lowest value is best."""

    field: str
    best: Best

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the score, float64 of shape (n,)."""
        return columns[self.field] if self.best == "highest" else -columns[self.field]


def best_of(field: str, best: Best | None = None) -> Best:
    """Return `best` if it is given, or else the `better` of the standard field of this name, or else 'highest'.

    Raises ScorerError unless `best` is 'highest', 'lowest' or None.
    """
    if best is not None and not is_one_of(best, ("highest", "lowest")):
        raise ScorerError(f"best is 'highest' or 'lowest'; received {shown(best)}")
    known = STANDARD_FIELDS.get(field) if isinstance(field, str) else None
    return best or (known.better if known is not None else None) or "highest"


def rank_by(name: str, best: Best | None = None) -> RankedField:
    """Return the score that ranks customers by one field.

    best: `highest` or `lowest`; by default the `better` of the standard field, or else `highest`.

    Raises ScorerError for any other `best`.
    """
    return RankedField(name, best_of(name, best))


@cache
def _equal_shares(classes: int) -> Shares:
    return Shares((Fraction(1, classes),) * classes)


@frozen
class Percentile:
    """A learned column: the rank of a field's value in the base, from 0 (worst) to `steps` (best), NaN if unknown.

    The base is cut into steps + 1 equal shares. Equal values get equal numbers, and the fitted boundaries also place
    new customers.

    field: an input or derived field. steps: 1 to 253. best: `highest` or `lowest`; by default the `better` of the
    standard field, or else `highest`.
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
    """A learned column: the value of a field that a share of the base reaches, one number for all customers.

    With n customers with a known value, the quantile is the value at rank ceil(share × n), counted from the best: the
    value of a customer, which at least `share` of the n customers reach. NaN if n is 0.

    field: an input or derived field. share: above 0 and below 1. best: `highest` or `lowest`.
    """

    field: str
    share: Fraction = attrs.field(converter=exact_share)
    best: Best = "highest"

    def __attrs_post_init__(self) -> None:
        best_of(self.field, self.best)
        if self.share == 1:
            raise ScorerError(f"the share of a quantile is above 0 and below 1; received {self.share}")

    @property
    def score(self) -> ColumnFunction:
        """The field, its sign changed where the lowest value is best."""
        return rank_by(self.field, self.best)

    @property
    def cut(self) -> Shares:
        """The cut at the share; all customers with the value at the boundary reach it."""
        return Shares((self.share, 1 - self.share), ties="better")

    @property
    def points(self) -> tuple[float, ...]:
        """1 for customers who reach the quantile, 0 for the others; scores read the quantile itself."""
        return (1.0, 0.0)

    def value(self, boundaries: Boundaries | None) -> float:
        """Return the quantile, in the field's unit; boundaries: those fitted, or None if no value is known, for NaN."""
        if boundaries is None:
            return float("nan")
        return boundaries[0].value if self.best == "highest" else -boundaries[0].value + 0.0
