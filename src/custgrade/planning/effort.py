"""Effort and terms: what we spend on the customers of a grade, and the standing terms of business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from custgrade.argument_checks import mapping_of
from custgrade.data.converters import read_only
from custgrade.errors import PolicyError
from custgrade.planning.amount import Amount, amounts_by_name, as_amount, is_amount, is_no_debt
from custgrade.planning.part import Part, whole


@frozen
class Effort(Part):
    """What we spend to sell to the customers of a grade and to stay in touch. It may differ freely between grades.

    sales_hours: hours a quarter. silence_days: the longest time without an order or a contact; None for no limit.
    """

    sales_hours: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_no_debt)
    silence_days: int | None = field(default=None, validator=whole(1, "days", optional=True))


def _extras(value: Any) -> Mapping[str, Amount]:
    return read_only(amounts_by_name(mapping_of(value, "extras", PolicyError), "extras"))


@frozen
class Terms(Part):
    """The standing terms of business with the customers of a grade; a worse grade never has better ones.

    discount, deposit: shares of an order. payment_days: days to pay. our_notice_days, their_notice_days: notice that
    each side gives. extras: prices of services beyond the entitlement, money an hour by name. surcharge: the guard
    refuses any surcharge, because prices change only by offers.
    """

    discount: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_amount)
    payment_days: Amount = field(default=Amount(30.0), converter=as_amount, validator=is_no_debt)
    deposit: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_no_debt)
    our_notice_days: int = field(default=30, validator=whole(0, "days"))
    their_notice_days: int = field(default=30, validator=whole(0, "days"))
    extras: Mapping[str, Amount] = field(factory=dict, converter=_extras, hash=False)
    surcharge: Amount = field(default=Amount(0.0), converter=as_amount, validator=is_amount)

    def __attrs_post_init__(self) -> None:
        for name, price in self.extras.items():
            if price.constant is not None and price.constant < 0.0:
                raise PolicyError(f"Terms: the price of the extra {name!r} must be 0 or more; received {price}")
        for name in ("discount", "deposit", "surcharge"):
            share = getattr(self, name).constant
            if share is not None and abs(share) > 1.0:
                raise PolicyError(
                    f"Terms: {name} is a share of an order, at most 1; received {share:g}. Is {share / 100:g} meant?"
                )
