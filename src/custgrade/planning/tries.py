"""The tries that were made with customers, and the day on which an offer had as many of them as it needs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.planning.policy import Policy
from custgrade.planning.schedule import NEVER, Days
from custgrade.planning.standing import Standing

Whole = npt.NDArray[np.int64]


@frozen(eq=False)
class Tries:
    """The actions of kind `try` that were done, in any order, arrays of shape (m,).

    size: how many customers there are, n. who: the position of each try's customer, int64. days: datetime64[D].
    """

    size: int
    who: Whole
    days: Days

    def counts(self) -> Whole:
        """Return how many tries were made with each customer, int64 of shape (n,)."""
        return np.bincount(self.who, minlength=self.size)

    def days_of(self, number: npt.NDArray[np.int32]) -> Days:
        """Return the day of one try of each customer, datetime64[D] of shape (n,).

        number: which try by its day, from 1 on, of shape (n,); the last one counts for customers with fewer tries. NaT
        for number 0, and for customers without a try.
        """
        order, counts = np.lexsort((self.days, self.who)), self.counts()
        which = np.minimum(number, counts)
        found, some = np.full(self.size, NEVER), which > 0
        found[some] = self.days[order][(np.cumsum(counts) - counts + which - 1)[some]]
        return found


def tries_of(policy: Policy, standing: Standing, treated: npt.NDArray[np.uint8]) -> Tries:
    """Return the tries that were made by the actions of each customer's treatment.

    treated: the place of each customer's treatment today, of shape (n,).
    """
    who, days = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype="datetime64[D]")]
    for place, (_, treatment) in enumerate(policy.by_place):
        names = [action.name for action in treatment.actions if action.kind == "try"]
        rows = np.flatnonzero(treated == place) if names else who[0]
        for name in names if len(rows) else ():
            done = standing.done("act", name, rows)
            if done is not None:
                who.append(rows[done.who])
                days.append(done.days)
    return Tries(len(treated), np.concatenate(who), np.concatenate(days))
