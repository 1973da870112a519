"""Limits that events of a plan must keep, checked in the transaction that writes them."""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict, field, frozen

from custgrade.data.converters import tupled


@frozen
class Budget:
    """The most money for rewards to the customers of a grade, from the first day to the last one, both included.

    cents: whole hundredths.
    """

    policy: str
    treatment: str
    first: str
    last: str
    cents: int


@frozen
class Cap:
    """The most money for each customer, from the first day to the last one, both included, over all policies.

    kinds: of events. cents: money, whole hundredths. what: of what, for messages.
    """

    kinds: tuple[str, ...] = field(converter=tupled)
    first: str
    last: str
    what: str
    cents: int


@frozen
class Limits:
    """The limits of a plan.

    budgets, caps: as stated. contacts: how often a customer is contacted within `contact_days` days, over all policies;
    None for no limit. gifts_wait: whether a gift is refused while an offer of the customer is under way.
    """

    budgets: tuple[Budget, ...] = field(default=(), converter=tupled)
    caps: tuple[Cap, ...] = field(default=(), converter=tupled)
    contacts: int | None = None
    contact_days: int = 30
    gifts_wait: bool = False


def limits_as_data(limits: Limits) -> dict[str, Any]:
    """Return limits as data for JSON."""
    return asdict(limits)


def limits_of_run(note: str) -> Limits:
    """Return the limits that the note of a recorded plan states; none if it states none that can be read."""
    try:
        said = json.loads(note)["limits"]
        budgets, caps = ([kind(**one) for one in said[name]] for kind, name in ((Budget, "budgets"), (Cap, "caps")))
        return Limits(**{**said, "budgets": budgets, "caps": caps})
    except (ValueError, KeyError, TypeError):
        return Limits()
