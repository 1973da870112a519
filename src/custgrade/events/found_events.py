"""Which events are wanted, and those that were found, as columns in the order of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy.typing as npt
from attrs import field, frozen

from custgrade.argument_checks import is_one_line
from custgrade.data.converters import tupled
from custgrade.errors import LogError
from custgrade.events.event import check_kind, event_id, iso_day
from custgrade.events.event_columns import EventColumns
from custgrade.text import shown


def _several(given: Any, name: str, one: Callable[[Any], str]) -> tuple[str, ...] | None:
    if given is None:
        return None
    # the characters of a text aren't what is wanted
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise LogError(f"{name} must be a list of texts; received {shown(given)}")
    return tuple(map(one, given))


def _customers(given: Any) -> tuple[str, ...] | None:
    return _several(given, "customers", event_id)


def _kinds(given: Any) -> tuple[str, ...] | None:
    def kind(one: Any) -> str:
        check_kind(one)
        return str(one)

    return _several(given, "kinds", kind)


def _name(given: Any) -> str | None:
    if given is not None and not is_one_line(given):
        raise LogError(f"name must be a text of one line; received {shown(given)}")
    return None if given is None else str(given)


def _since(given: Any) -> str | None:
    return iso_day(given, "since")


def _until(given: Any) -> str | None:
    return iso_day(given, "until")


@frozen
class Wanted:
    """Which events are wanted; all that hold by default.

    customers: ids, present and former ones. kinds, name: of the events. since, until: the first and the last day, ISO.
    voided: those that were taken back, too.

    Raises LogError.
    """

    customers: tuple[str, ...] | None = field(default=None, converter=_customers)
    kinds: tuple[str, ...] | None = field(default=None, converter=_kinds)
    name: str | None = field(default=None, converter=_name)
    since: str | None = field(default=None, converter=_since)
    until: str | None = field(default=None, converter=_until)
    voided: bool = False


@frozen(eq=False)
class FoundEvents:
    """Events in the order of days, and of writing within a day.

    events: the events. voided: whether the events of each occasion were taken back. why: the reason and the author, for
    each occasion.
    """

    events: EventColumns
    voided: tuple[bool, ...] = field(converter=tupled)
    why: tuple[tuple[str, str], ...] = field(converter=tupled)

    def __len__(self) -> int:
        return len(self.events)

    def take(self, which: npt.NDArray[Any]) -> FoundEvents:
        """Return some events, by position or by truth value."""
        return FoundEvents(self.events.take(which), self.voided, self.why)
