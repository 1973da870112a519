"""The packages of the policy `packages`: what is sold together, from a minimum size on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from custgrade.planning import Package, ServiceLevel, Terms


@frozen
class Sizes:
    """The minimum sizes of packages.

    trial, project: the least average sale, money. maintenance: the least revenue over the period, money. regular: the
    least orders over the period.
    """

    trial: float
    maintenance: float
    project: float
    regular: int


def packages_from(sizes: Sizes, price: Any, deposit: float, our_notice: int, their_notice: int) -> list[Package]:
    """Return the packages, in the order in which a customer's package is looked for.

    price: a function of columns, what a new customer pays for the same business over the period. deposit: a share of
    an order, due at the onset. our_notice, their_notice: days.
    """

    def terms(payment_days: int, share: float) -> Terms:
        return Terms(
            payment_days=payment_days, deposit=share, our_notice_days=our_notice, their_notice_days=their_notice
        )

    minimum: Mapping[str, Mapping[str, float]] = {
        "maintenance": {"revenue": sizes.maintenance, "orders": float(sizes.regular), "average_sale": sizes.trial},
        "project": {"average_sale": sizes.project},
        "trial": {"average_sale": sizes.trial},
    }
    return [
        Package(
            "maintenance",
            minimum["maintenance"],
            ServiceLevel(8, 3, "team", "the service team"),
            terms(30, 0.0),
            price,
            "regular deliveries, with a team that knows you and answers within one working day",
        ),
        Package(
            "project",
            minimum["project"],
            ServiceLevel(8, 2, "named person", "the project lead"),
            terms(14, deposit),
            price,
            "one larger order, with one contact person from the first inquiry to the delivery",
        ),
        Package(
            "trial",
            minimum["trial"],
            ServiceLevel(16, 1, "shared desk", "the desk"),
            terms(7, deposit),
            price,
            "single orders, paid by card, with our desk for questions: the way to try us out",
        ),
    ]
