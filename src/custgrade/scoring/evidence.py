"""Evidence: when a customer is known well enough to be graded."""

from __future__ import annotations

from numbers import Real
from typing import Any

from attrs import field, frozen

from custgrade.data.converters import parts_of
from custgrade.data.field import ColumnFunction
from custgrade.errors import ParameterError, ScorerError
from custgrade.text import exactly, shown


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
