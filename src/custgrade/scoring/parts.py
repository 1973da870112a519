"""What a scorer is made of: axes, learned columns and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal, Protocol

from attrs import field, frozen

from custgrade.cuts.cut import Cut
from custgrade.cuts.shares import Shares
from custgrade.data.converters import texts, tupled
from custgrade.data.field import ColumnFunction
from custgrade.data.scale import ScaleAxis
from custgrade.errors import ScorerError


@frozen
class Axis:
    """One ordered dimension of a grade.

    name: what it is called; a one-axis scorer's is usually `grade`.
    labels: best first; a text such as `"ABCDE"` stands for its letters.
    score: a row-local function of named columns, higher is better; NaN means unknown. It is traced once.
    cut: how the score becomes one of the labels.
    rises, falls: the fields, input or derived, that the score never falls (never rises) with.
    within: the axis in whose classes this one is cut, or None.
    traceable: False for a score that can't be traced. It then runs on numpy batches only, and nothing is promised for
    other engines; `needs` must name the fields it reads.
    """

    name: str
    labels: tuple[str, ...] = field(converter=tupled)
    score: ColumnFunction = field(repr=False)
    cut: Cut
    rises: tuple[str, ...] = field(default=(), converter=texts)
    falls: tuple[str, ...] = field(default=(), converter=texts)
    within: str | None = None
    traceable: bool = True
    needs: tuple[str, ...] = field(default=(), converter=texts)

    def __attrs_post_init__(self) -> None:
        if not callable(self.score):
            raise ScorerError(f"axis {self.name!r}: score is a function of columns; received {self.score!r}")
        if not all(callable(getattr(self.cut, method, None)) for method in ("check", "fit")):
            raise ScorerError(
                f"axis {self.name!r}: cut is Thresholds, Shares, ValueShares or your own; received {self.cut!r}"
            )
        both = sorted(set(self.rises) & set(self.falls))
        if both:
            raise ScorerError(f"axis {self.name!r} both rises and falls with {both}")
        if self.traceable == bool(self.needs):
            raise ScorerError(
                f"axis {self.name!r}: `needs` is given exactly when traceable=False; tracing finds it otherwise"
            )
        self.cut.check(len(self.scale.labels))

    @property
    def scale(self) -> ScaleAxis:
        """The axis as a part of a grade scale."""
        return ScaleAxis(self.name, self.labels, self.within)


@frozen
class Evidence:
    """When a customer is known well enough to be graded.

    reason: why not, in words, for example `fewer than 2 orders`.
    enough: a row-local condition on columns; where it doesn't hold, the customer is ungraded on every axis.
    """

    reason: str
    enough: ColumnFunction = field(repr=False)

    def __attrs_post_init__(self) -> None:
        if not callable(self.enough) or not isinstance(self.reason, str) or not self.reason:
            raise ScorerError(f"evidence is a reason and a condition; received {self.reason!r}, {self.enough!r}")


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
class Percentile:
    """A learned column: where a field's value stands in the base, 0 (worst) to `steps` (best), NaN where unknown.

    It is a cut into steps + 1 equal shares, so equal values get equal points and newcomers are placed by the frozen
    boundaries.

    field: an input or derived field. best: whether the highest or the lowest value is best.
    """

    field: str
    steps: int = 100
    best: Literal["highest", "lowest"] = "highest"

    def __attrs_post_init__(self) -> None:
        if self.best not in ("highest", "lowest"):
            raise ScorerError(f"best is 'highest' or 'lowest'; received {self.best!r}")
        if isinstance(self.steps, bool) or not isinstance(self.steps, int) or not 1 <= self.steps <= 253:
            raise ScorerError(f"a percentile has 1 to 253 steps; received {self.steps!r}")

    @property
    def score(self) -> ColumnFunction:
        """The field, its sign changed where the lowest value is best."""
        return directed(self.field, self.best)

    @property
    def cut(self) -> Shares:
        """The cut into equal shares."""
        return Shares((Fraction(1, self.steps + 1),) * (self.steps + 1))

    @property
    def points(self) -> tuple[float, ...]:
        """From `steps` down to 0."""
        return tuple(float(step) for step in range(self.steps, -1, -1))


def directed(name: str, best: Literal["highest", "lowest"]) -> ColumnFunction:
    """Return the score that ranks customers by one field."""

    def highest(c: Mapping[str, Any]) -> Any:
        return c[name]

    def lowest(c: Mapping[str, Any]) -> Any:
        return -c[name]

    return highest if best == "highest" else lowest
