"""What still fits: contacts of a customer within some days, and gifts to a customer within a year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.events.kinds import CONTACTS, GIFTS
from custgrade.planning.customer_columns import Rows
from custgrade.planning.money_amounts import cents_of
from custgrade.planning.standing import Standing

Truth = npt.NDArray[np.bool_]


class Room:
    """What still fits for each customer; what is planned takes its place, in the order in which it is asked for."""

    def __init__(self, standing: Standing) -> None:
        policy = standing.policy
        self._contacts = None if policy.contact_limit is None else policy.contact_limit - standing.contacts
        self._cents = cents_of(policy.gift_limit_year) - standing.given_this_year

    def copy(self) -> Room:
        """Return the same room, whose places can be taken without taking them here."""
        found = Room.__new__(Room)
        found._contacts = None if self._contacts is None else self._contacts.copy()
        found._cents = self._cents.copy()
        return found

    def take_contacts(self, rows: Rows) -> None:
        """Take the places of contacts that come in any case, as the steps of offers do; rows: positions, each once."""
        if self._contacts is not None:
            self._contacts[rows] -= 1

    def contact(self, kind: str, rows: Rows, wanted: Truth) -> Truth:
        """Return which of the contacts that are wanted with some customers fit, and take their places.

        rows: the customers' positions, each once.
        """
        if self._contacts is None or kind not in CONTACTS:
            return wanted
        fits = wanted & (self._contacts[rows] > 0)
        self._contacts[rows[fits]] -= 1
        return fits

    def gift(self, kind: str, rows: Rows, cents: npt.NDArray[np.int64], wanted: Truth) -> Truth:
        """Return which of the gifts that are wanted for some customers fit into the year, and take their places."""
        if kind not in GIFTS:
            return wanted
        fits = wanted & (cents <= self._cents[rows])
        self._cents[rows[fits]] -= cents[fits]
        return fits
