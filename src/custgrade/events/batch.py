"""Events of a plan, with what they must keep."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from custgrade.errors import LogError
from custgrade.events.event_columns import EventColumns, event_columns
from custgrade.events.limits import Limits
from custgrade.text import shown

_MOST_REVISION = 10**15


def _limits(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, Limits):
        raise LogError(f"limits of events must be Limits; received {shown(value)}")


def _revision(instance: Any, attribute: Any, value: Any) -> None:
    if value is not None and (type(value) is not int or not 0 <= value <= _MOST_REVISION):
        raise LogError(f"revision of a log must be a whole number from 0 on, or None; received {shown(value)}")


@frozen(eq=False)
class Batch:
    """Events of a plan, with what they must keep.

    events: the events. limits: the budgets and caps of the plan. currency: of their money; empty if unknown. revision:
    that of the log which the plan was made from; None if unknown.
    """

    events: EventColumns = field(converter=event_columns)
    limits: Limits = field(factory=Limits, validator=_limits)
    currency: str = ""
    revision: int | None = field(default=None, validator=_revision)

    def __len__(self) -> int:
        return len(self.events)
