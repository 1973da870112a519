"""Service levels: what every customer of a grade is entitled to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.argument_checks import mapping_of
from custgrade.data.converters import read_only
from custgrade.errors import PolicyError
from custgrade.planning.amount import Amount, as_amount, is_amount
from custgrade.planning.part import Part, one_line, one_of
from custgrade.text import listed, shown

DESKS = ("named person", "team", "shared desk")
"""Who serves a customer, best first."""

STANDARD_ENTITLEMENTS = {"response_hours": "working hours", "service_hours": "hours a quarter", "desk": ""}
"""The entitlements of every service level, with their units."""


@frozen
class Entitlement(Part):
    """What a customer is entitled to, and which values of it are better; the further ones are the author's own.

    amount: a number, or a function of columns. better: `more` or `less`, the values that are better for the customer.
    unit: the unit of the amount, as text.
    """

    amount: Amount = field(converter=as_amount, validator=is_amount)
    better: str = field(default="more", validator=one_of(["more", "less"]))
    unit: str = field(default="", validator=one_line)

    def better_of(self, one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the better of two values for each customer; a known value is better than an unknown one."""
        found: npt.NDArray[np.float64] = (np.fmin if self.better == "less" else np.fmax)(one, other)
        return found


def _further(value: Any) -> Mapping[str, Entitlement]:
    found = {**mapping_of(value, "further", PolicyError)}
    for name, one in found.items():
        if not isinstance(name, str) or not name.isidentifier() or type(one) is not Entitlement:
            raise PolicyError(f"further must have an Entitlement for each name; received {shown(name)}: {shown(one)}")
        if name in STANDARD_ENTITLEMENTS:
            raise PolicyError(f"{name!r} is an entitlement of every service level; give it as {name}=")
    return read_only(found)


@frozen
class ServiceLevel(Part):
    """What every customer of a grade is entitled to.

    A worse grade is never entitled to more than a better one, and no grade to less than the policy's base level.

    response_hours: working hours until the first answer; less is better. service_hours: hours of service a quarter;
    more is better. desk: who serves the customer: `named person`, `team` or `shared desk`. who: the name of this person
    or team, which isn't compared. further: further entitlements by name.

    Raises PolicyError, and TracingError for a function that isn't row-local.
    """

    response_hours: Amount = field(converter=as_amount, validator=is_amount)
    service_hours: Amount = field(converter=as_amount, validator=is_amount)
    desk: str = field(default="shared desk", validator=one_of(DESKS))
    who: str = field(default="", validator=one_line, eq=False)
    further: Mapping[str, Entitlement] = field(factory=dict, converter=_further, hash=False)

    def __attrs_post_init__(self) -> None:
        low = [
            name
            for name, one in self.entitlements().items()
            if one.amount.constant is not None and one.amount.constant < 0
        ]
        if low:
            raise PolicyError(f"ServiceLevel: {listed(low)} must be 0 or more")

    def entitlements(self) -> Mapping[str, Entitlement]:
        """Return all entitlements by name; a desk is its position in `DESKS`."""
        return {
            "response_hours": Entitlement(self.response_hours, "less", STANDARD_ENTITLEMENTS["response_hours"]),
            "service_hours": Entitlement(self.service_hours, "more", STANDARD_ENTITLEMENTS["service_hours"]),
            "desk": Entitlement(Amount(float(DESKS.index(self.desk))), "less"),
            **self.further,
        }
