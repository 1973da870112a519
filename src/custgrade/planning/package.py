"""Packages: what is sold together, from a minimum size on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.argument_checks import mapping_of
from custgrade.data.converters import read_only
from custgrade.errors import PolicyError
from custgrade.planning.amount import Amount, amounts_by_name, as_amount_or_none, is_no_debt
from custgrade.planning.effort import Terms
from custgrade.planning.part import Part, instance_of, one_line, sentence
from custgrade.planning.service_level import ServiceLevel


def _minimum(value: Any) -> Mapping[str, Amount]:
    return read_only(amounts_by_name(mapping_of(value, "minimum", PolicyError), "minimum"))


@frozen
class Package(Part):
    """What is sold together to customers of a minimum size.

    A customer's package is the first of the policy's whose every minimum is reached. A customer with a package is
    entitled to the better of its level and the grade's.

    name: unique in the policy. minimum: the least value of each field, closed. level: the service level; None for the
    base. terms: the terms of business for customers who accept an offer of the package; None for the grade's. price:
    money over the base's period that a new customer pays; None if it isn't stated. what: a sentence for the customer.
    """

    name: str = field(validator=sentence)
    minimum: Mapping[str, Amount] = field(factory=dict, converter=_minimum, hash=False)
    level: ServiceLevel | None = field(default=None, validator=instance_of(ServiceLevel, optional=True))
    terms: Terms | None = field(default=None, validator=instance_of(Terms, optional=True))
    price: Amount | None = field(default=None, converter=as_amount_or_none, validator=is_no_debt)
    what: str = field(default="", validator=one_line)
