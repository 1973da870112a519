"""Who the customers are: what lies behind all that they do, and that no scorer sees."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from custgrade.synth.draws import Draws, Floats, Truths, Whole

DAYS = 731
"""Days of the period: 2024-01-01 to 2025-12-31."""
_LARGEST = 2000.0
_MOST_ORDERS = 30


@frozen(eq=False)
class Habits:
    """The habits of some customers, each an array of shape (n,).

    number: counted from 1 over all parts. starter: bought one starter kit and nothing else, so they tie. size: at least
    1 and Pareto distributed with the exponent 4/3, so a few customers bring most of the revenue; up to 2,000.
    demanding: need so many hours that some cost more than they bring. first: the day of the first order. left: stopped
    ordering. terms: days until an invoice is due, 0 for those who pay at once. slow: up to so many days late.
    discount: per cent. favourites: how many categories they buy, from the one numbered `taste` on. liked: from 1 to 5.
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
    """Draw the habits of the customers numbered from `first` on."""
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
