"""Limits that events of a plan must keep, checked in the transaction that writes them."""

from __future__ import annotations

from attrs import field, frozen

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
    """The most for each customer, from the first day to the last one, both included, over all policies.

    kinds: of events. cents: money, whole hundredths; None for no limit. times: how many events; None for no limit.
    what: of what, for messages.
    """

    kinds: tuple[str, ...] = field(converter=tupled)
    first: str
    last: str
    what: str
    cents: int | None = None
    times: int | None = None


@frozen
class Limits:
    """The budgets and caps of a plan."""

    budgets: tuple[Budget, ...] = field(default=(), converter=tupled)
    caps: tuple[Cap, ...] = field(default=(), converter=tupled)
