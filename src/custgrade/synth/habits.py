"""The habits of made-up customers, from which all their data is drawn and which no scorer sees."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from custgrade.synth.draws import Draws, Floats, Truths, Whole

DAYS = 731
"""The number of days of the period, 2024-01-01 to 2025-12-31, both included."""
_LARGEST = 2000.0
_MOST_ORDERS = 30


@frozen(eq=False)
class Habits:
    """The habits of some customers, each an array of shape (n,).

    number: of the customer, from 1 over all parts. starter: whether the customer bought one starter kit and nothing
    else; these customers tie. size: relative size from 1 to 2,000, Pareto distributed with exponent 4/3, so a few
    customers bring most of the revenue. demanding: whether the customer takes many hours; some of these cost more than
    they bring. orders: the number of orders. first: the day of the first order, from 0. left: whether the customer
    stopped ordering. terms: days until an invoice is due, 0 for payment at once. slow: the most days that the customer
    pays late. discount: per cent. taste: the number of the first category that the customer buys. favourites: the
    number of categories. liked: how much the business likes the customer, 1 to 5.
    """

    number: Whole
    starter: Truths
    size: Floats
    demanding: Truths
    orders: Whole
    first: Whole
    left: Truths
    terms: Whole
    slow: Whole
    discount: Whole
    taste: Whole
    favourites: Whole
    liked: Whole

    def __len__(self) -> int:
        return len(self.number)


def habits(draws: Draws, first: int, count: int) -> Habits:
    """Draw the habits of `count` customers, numbered from `first`."""
    starter = draws.happens("starter", count, 0.12)
    root = np.sqrt(1.0 - draws.share("size", count))
    # u to the power of −3/4
    size = np.where(starter, 1.0, np.minimum(1.0 / (root * np.sqrt(root)), _LARGEST))
    orders = 1 + np.floor(np.minimum(size, 40.0) * 1.6 * (0.4 + draws.share("orders", count))).astype(np.int64)
    demanding = draws.happens("demanding", count, 0.15) & ~starter
    return Habits(
        number=first + np.arange(count, dtype=np.int64),
        starter=starter,
        size=size,
        demanding=demanding,
        orders=np.where(starter, 1, np.minimum(orders, _MOST_ORDERS)),
        first=draws.whole("first", count, 0, 560),
        left=draws.happens("left", count, 0.25),
        terms=np.where(starter, 0, draws.pick("terms", count, (0, 14, 30, 30, 30, 60))),
        slow=draws.pick("slow", count, (0, 0, 0, 0, 5, 10, 25, 60)),
        discount=np.where(starter, 0, draws.pick("discount", count, (0, 0, 0, 0, 5, 10, 15, 25))),
        taste=draws.whole("taste", count, 0, 5),
        favourites=draws.whole("favourites", count, 1, 4),
        liked=draws.whole("liked", count, 2, 5) - demanding,
    )
