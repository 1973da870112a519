"""What a scorer is made of: axes and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any, Protocol, runtime_checkable

from attrs import field, frozen

from custgrade.cuts.cut import Cut
from custgrade.data.converters import parts_of
from custgrade.data.field import ColumnFunction
from custgrade.data.scale import ScaleAxis, labels_of
from custgrade.errors import ParameterError, ScorerError, exactly, shown


@runtime_checkable
class AdaptableScore(Protocol):
    """A score that can do without some fields, as a scorecard can without some criteria."""

    @property
    def optional(self) -> frozenset[str]:
        """The fields it can do without, as long as one is left."""

    def without(self, fields: frozenset[str]) -> ColumnFunction:
        """The score that does without these fields.

        Raises ScorerError when none would be left.
        """

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score."""


def _field_names(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "the fields of an axis", ScorerError)


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
    labels: tuple[str, ...] = field(converter=labels_of)
    score: ColumnFunction = field(repr=False)
    cut: Cut
    rises: tuple[str, ...] = field(default=(), converter=_field_names)
    falls: tuple[str, ...] = field(default=(), converter=_field_names)
    within: str | None = None
    traceable: bool = True
    needs: tuple[str, ...] = field(default=(), converter=_field_names)

    def __attrs_post_init__(self) -> None:
        if not callable(self.score):
            raise ScorerError(f"axis {self.name!r}: score is a function of columns; received {shown(self.score)}")
        if not all(callable(getattr(self.cut, method, None)) for method in ("check", "fit")):
            raise ScorerError(
                f"axis {self.name!r}: cut is Thresholds, Shares, ValueShares or your own; received {shown(self.cut)}"
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


@runtime_checkable
class ContributingScore(Protocol):
    """A score that says what it is made of, so that each part of it can be explained."""

    def contributions(self, columns: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
        """Per field what it adds to the score, and the most that it could add, each of shape (n,).

        NaN where the field is unknown; what is added must add up to the score.
        """
        ...


@frozen
class Evidence:
    """When a customer is known well enough to be graded.

    reason: why not, in words, for example `fewer than 2 orders`.
    enough: a row-local condition on columns; where it doesn't hold, the customer is ungraded on every axis.
    optional: whether it is left out, with a notice, where the data lacks a field that the condition reads.
    """

    reason: str
    enough: ColumnFunction = field(repr=False)
    optional: bool = False

    def __attrs_post_init__(self) -> None:
        if not callable(self.enough) or not isinstance(self.reason, str) or not self.reason:
            raise ScorerError(f"evidence is a reason and a condition; received {shown(self.reason)}, {self.enough!r}")


def minimum_evidence(orders: int = 0, tenure: int = 0, optional: bool = False) -> tuple[Evidence, ...]:
    """Return the evidence that a customer has at least so many orders, and has been known for so many days.

    orders, tenure: 0 asks for none. optional: as for `Evidence`.

    Raises ParameterError when one isn't a number, or below 0.
    """
    for name, least in (("orders", orders), ("tenure", tenure)):
        if isinstance(least, bool) or not isinstance(least, Real) or not 0 <= least < 1e15:
            raise ParameterError(f"the least number of {name} is 0 or more; received {shown(least)}")
    evidence = []
    if orders:
        evidence.append(Evidence(f"fewer than {exactly(orders)} orders", lambda c: c["orders"] >= orders, optional))
    if tenure:
        evidence.append(
            Evidence(f"known for less than {exactly(tenure)} days", lambda c: c["tenure"] >= tenure, optional)
        )
    return tuple(evidence)


def evidence_of(value: Any) -> tuple[Evidence, ...]:
    """Return one `Evidence`, or several, as a tuple.

    Raises ScorerError for anything else.
    """
    return parts_of(Evidence, value, "the evidence", ScorerError)
