"""Evidence: the conditions for grading a customer."""

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
    """A condition for grading a customer.

    reason: why a customer who doesn't meet the condition is ungraded, for example `fewer than 2 orders`.
    enough: a row-local function of columns that returns truth values; if False, the customer is ungraded on every axis.
    optional: whether the condition is dropped, with a notice, if the data lacks a field that it reads.
    """

    reason: str
    enough: ColumnFunction = field(repr=False)
    optional: bool = False

    def __attrs_post_init__(self) -> None:
        if not callable(self.enough) or not isinstance(self.reason, str) or not self.reason:
            raise ScorerError(
                "evidence is a reason (a text) and a condition (a function of columns); "
                f"received {shown(self.reason)}, {shown(self.enough)}"
            )


def minimum_evidence(orders: int = 0, tenure: int = 0, optional: bool = False) -> tuple[Evidence, ...]:
    """Return the conditions that a customer has a minimum number of orders and a minimum tenure.

    orders: the least number of orders; 0 for no condition. tenure: the least number of days since the first order; 0
    for no condition. optional: as for `Evidence`.

    Raises ParameterError unless both are numbers of at least 0.
    """
    for name, least in (("orders", orders), ("days of tenure", tenure)):
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
    """Return one `Evidence`, or an iterable of them, as a tuple.

    Raises ScorerError for any other type.
    """
    return parts_of(Evidence, value, "the evidence", ScorerError)
